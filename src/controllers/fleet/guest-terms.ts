import type { NodeSelectorRequirement } from '../../api/builtin.ts';
import { LOCAL_CLUSTER } from '../../api/compute-cluster.ts';
import { type GpuCatalogue, builtInCatalogue, createCatalogue } from '../../compute/gpu-catalogue.ts';
import type { NodeUsage } from '../../compute/inventory.ts';
import { AKASH_LABEL } from '../../compute/akash/ownership.ts';
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
}

/** Those of the cluster in which Headframe runs as long as it has no ComputeCluster. */
export const freeTerms: GuestTerms = {
  cluster: LOCAL_CLUSTER,
  catalogue: builtInCatalogue,
  requirements: [],
  excludedNodes: [],
};

const last = new WeakMap<KnownCluster['cluster'], { usages: readonly NodeUsage[]; terms: GuestTerms }>();

/** The terms of a cluster for pods. The same as before when nothing has changed. */
export function guestTermsOf({ name, cluster, view }: KnownCluster): GuestTerms {
  const catalogue = createCatalogue(cluster.spec.gpuModels);
  const usages = view.kind === 'reachable' ? view.usages(catalogue) : [];
  const known = last.get(cluster);
  if (known?.usages === usages) {
    return known.terms;
  }
  const { nodeSelector, profile, excludedNodes } = cluster.spec;
  const withGpus = new Set(usages.map(({ gpus }) => gpus.node));
  const terms = {
    cluster: name,
    catalogue,
    requirements: [
      ...Object.entries(nodeSelector).map(([key, value]) => isExactly(key, value)),
      ...(profile === 'Akash' ? [isExactly(AKASH_LABEL, 'true')] : []),
    ],
    // A pod that asks for GPUs comes to no other node anyway.
    excludedNodes: excludedNodes.filter((node) => withGpus.has(node)).sort(),
  };
  last.set(cluster, { usages, terms });
  return terms;
}

function isExactly(key: string, value: string): NodeSelectorRequirement {
  return { key, operator: 'In', values: [value] };
}
