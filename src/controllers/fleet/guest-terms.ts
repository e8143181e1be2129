import type { NodeSelectorRequirement } from '../../api/builtin.ts';
import { LOCAL_CLUSTER } from '../../api/compute-cluster.ts';
import { AKASH_LABEL } from '../../compute/akash/ownership.ts';
import { type GpuCatalogue, builtInCatalogue, createCatalogue } from '../../compute/gpu-catalogue.ts';
import { nodesLeftOut } from '../../compute/quarantine/nodes-left-out.ts';
import type { ClusterView } from './cluster-view.ts';
import type { KnownCluster } from './known-clusters.ts';

/** What pods that are made in a cluster have to heed. */
export interface GuestTerms {
  readonly cluster: string;
  /** By which names of models become labels of nodes. */
  readonly catalogue: GpuCatalogue;
  /** On labels of nodes that take part. */
  readonly requirements: readonly NodeSelectorRequirement[];
  /** Names of nodes that take no part although their labels would do, sorted. */
  readonly excludedNodes: readonly string[];
  /** Whatever the template says. Absent: that of the template, or the cluster's default. */
  readonly priorityClassName?: string;
}

/** Those of the cluster in which Headframe runs as long as it has no ComputeCluster. */
export const freeTerms: GuestTerms = {
  cluster: LOCAL_CLUSTER,
  catalogue: builtInCatalogue,
  requirements: [],
  excludedNodes: [],
};

/**
 * The terms of a cluster for pods.
 * @param now milliseconds since 1970
 */
export function guestTermsOf({ name, cluster, view }: KnownCluster, now: number): GuestTerms {
  const { nodeSelector, profile, gpuModels, guestPriorityClassName } = cluster.spec;
  const catalogue = createCatalogue(gpuModels);
  return {
    cluster: name,
    catalogue,
    requirements: [
      ...Object.entries(nodeSelector).map(([key, value]) => isExactly(key, value)),
      ...(profile === 'Akash' ? [isExactly(AKASH_LABEL, 'true')] : []),
    ],
    excludedNodes: withGpus(nodesLeftOut(cluster, now), view, catalogue),
    ...(guestPriorityClassName === undefined ? {} : { priorityClassName: guestPriorityClassName }),
  };
}

/** A pod that asks for GPUs comes to no other node anyway. */
function withGpus(nodes: readonly string[], view: ClusterView, catalogue: GpuCatalogue): readonly string[] {
  if (nodes.length === 0 || view.kind !== 'reachable') {
    return [];
  }
  const known = new Set(view.usages(catalogue).map(({ gpus }) => gpus.node));
  return nodes.filter((node) => known.has(node));
}

function isExactly(key: string, value: string): NodeSelectorRequirement {
  return { key, operator: 'In', values: [value] };
}
