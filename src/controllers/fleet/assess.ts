import type { Node } from '../../api/builtin.ts';
import type { ComputeCluster } from '../../api/compute-cluster.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { nodeFilter } from '../../compute/cluster-scope.ts';
import type { NodeUsage } from '../../compute/inventory.ts';
import { isReady } from '../../compute/node-gpus.ts';
import { type ClusterTerms, termsOf } from './terms.ts';

/** What is known of a cluster. */
export interface ObservedCluster {
  readonly cluster: Immutable<ComputeCluster>;
  /** All nodes, in whatever order. */
  readonly nodes: readonly Immutable<Node>[];
  /** What all of them have of GPUs, read with the cluster's own catalogue. */
  readonly usages: readonly NodeUsage[];
  /** Names of nodes in quarantine. Default: those of the status. */
  readonly inQuarantine?: readonly string[] | undefined;
}

/** What a cluster comes to, by its spec and by what is in it. */
export interface Assessment extends Omit<ClusterTerms, 'usages'> {
  /** How many nodes the cluster has, whether they take part or not. */
  readonly allNodes: number;
  /** Nodes that take part. */
  readonly nodes: { readonly total: number; readonly ready: number };
}

/**
 * Works a cluster out. Pure.
 * @param now milliseconds since 1970
 */
export function assess({ cluster, nodes, usages, inQuarantine }: ObservedCluster, now: number): Assessment {
  const takesPart = nodeFilter(cluster.spec);
  const taking = nodes.filter(({ metadata: { name, labels = {} } }) => takesPart({ name, labels }));
  const { lines, owed, opening, problems } = termsOf(cluster, { usages, inQuarantine }, now);
  return {
    allNodes: nodes.length,
    nodes: { total: taking.length, ready: taking.filter(isReady).length },
    lines,
    owed,
    opening,
    problems,
  };
}
