import type { ComputeClusterStatus } from '../../api/compute-cluster-status.ts';
import type { Immutable } from '../../api/kube-object.ts';

/** What a status need not have. */
const optional = ['clusterUID', 'performance'] as const;

/** The patch from one status to the next: a merge patch leaves alone what it does not name, so what is not known any more is named. */
export function cleared(
  status: ComputeClusterStatus,
  before: Immutable<ComputeClusterStatus> | undefined,
): object {
  const gone = optional.filter((field) => before?.[field] !== undefined && status[field] === undefined);
  const { delivered } = before?.performance ?? {};
  return {
    ...status,
    ...Object.fromEntries(gone.map((field) => [field, null])),
    ...(status.performance !== undefined && delivered !== undefined
      ? { performance: { delivered: null, ...status.performance } }
      : {}),
  };
}
