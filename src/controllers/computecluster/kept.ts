import { ComputeClusterStatus } from '../../api/compute-cluster-status.ts';
import type { Immutable } from '../../api/kube-object.ts';

/** What a status remembers: it cannot be worked out anew from nodes and pods. */
export type Kept = Pick<ComputeClusterStatus, 'givingBack' | 'quarantine' | 'nodeFailures'>;

/** What stands in a status, or the defaults: one that was written before a field existed lacks it. */
export function keptOf(status: Immutable<ComputeClusterStatus> | undefined): Kept {
  const { givingBack, quarantine, nodeFailures } = ComputeClusterStatus.parse({});
  return structuredClone({
    givingBack: status?.givingBack ?? givingBack,
    quarantine: status?.quarantine ?? quarantine,
    nodeFailures: status?.nodeFailures ?? nodeFailures,
  }) as Kept;
}
