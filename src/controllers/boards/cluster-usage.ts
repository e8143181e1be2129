import type { Statement } from '../../api/conditions.ts';
import type { XidError } from '../../compute/quarantine/xid-failures.ts';
import type { Performance } from '../../compute/usage/performance.ts';

/** What the status of a ComputeCluster says of its usage. */
export interface ClusterUsage {
  /** Of what pods of pools hold; undefined while the cluster cannot be looked at. */
  readonly busy: Performance | undefined;
  /** Undefined when nothing of that was measured. */
  readonly delivered: Performance | undefined;
  readonly statements: readonly Statement[];
  /** The last of each of its GPUs. */
  readonly xidErrors: readonly XidError[];
}

/** What is said of clusters: told by the controller of usage, written into statuses by that of clusters. */
export interface ClusterUsages {
  /** Undefined until something is known. */
  of(cluster: string): ClusterUsage | undefined;
  /** Hears of every cluster of which something else is said now. */
  listen(listener: (cluster: string) => void): void;
}
