import type { ComputeCluster } from '../../api/compute-cluster.ts';
import type { Immutable } from '../../api/kube-object.ts';
import {
  type XidError,
  refusalOf,
  reportedFailureOf,
  xidFailureOf,
} from '../../compute/quarantine/failures.ts';
import { type QuarantineFinding, quarantineOf } from '../../compute/quarantine/quarantine.ts';
import type { Reachable } from '../fleet/cluster-view.ts';
import { BY_ROLE, type PodRole } from '../pod-roles.ts';
import { keptOf } from './kept.ts';

const refused: PodRole = 'refused';

/**
 * Reads the caches of a cluster and decides which nodes are left out.
 * @param xidErrors of its GPUs, as far as somebody measures them
 * @param now milliseconds since 1970
 */
export function quarantineIn(
  { spec, status }: Immutable<ComputeCluster>,
  view: Reachable,
  xidErrors: readonly XidError[],
  now: number,
): QuarantineFinding {
  const { quarantine, nodeFailures } = keptOf(status);
  const failures = [
    ...view.pods.byIndex(BY_ROLE, refused).map(refusalOf),
    ...xidErrors.map(xidFailureOf),
    ...[...view.nodes()].map(reportedFailureOf),
  ].filter((failure) => failure !== undefined);
  return quarantineOf({ terms: spec.quarantine, quarantine, nodeFailures, failures }, now);
}
