import type { ComputeCluster } from '../../api/compute-cluster.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { refusalOf, reportedFailureOf } from '../../compute/quarantine/failures.ts';
import { podErrorOf } from '../../compute/quarantine/pod-errors.ts';
import { type XidError, xidFailures } from '../../compute/quarantine/xid-failures.ts';
import { type QuarantineFinding, quarantineOf } from '../../compute/quarantine/quarantine.ts';
import type { Reachable } from '../fleet/cluster-view.ts';
import { BY_ROLE, type PodRole } from '../pod-roles.ts';
import { keptOf } from './kept.ts';

const refused: PodRole = 'refused';
const erring: PodRole = 'erring';

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
  const podErrors = view.pods.byIndex(BY_ROLE, erring).flatMap((pod) => podErrorOf(pod) ?? []);
  const failures = [
    ...view.pods.byIndex(BY_ROLE, refused).map(refusalOf),
    ...xidFailures(xidErrors, podErrors),
    ...[...view.nodes()].map(reportedFailureOf),
  ].filter((failure) => failure !== undefined);
  return quarantineOf({ terms: spec.quarantine, quarantine, nodeFailures, failures }, now);
}
