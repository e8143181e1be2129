import { Counter, Gauge, type Registry } from 'prom-client';

/** What is told of clusters besides their status. */
export interface ClusterMetrics {
  /** How many nodes of the cluster are in quarantine now. */
  quarantined(cluster: string, nodes: number): void;
  /** So many nodes were left out. */
  entered(cluster: string, nodes: number): void;
  /** So many guests were deleted to give GPUs back. */
  guestsLeft(cluster: string, guests: number): void;
  /** The ComputeCluster is gone. */
  forget(cluster: string): void;
}

export function clusterMetrics(registry: Registry): ClusterMetrics {
  const common = { labelNames: ['cluster'] as const, registers: [registry] };
  const nodes = new Gauge({
    name: 'headframe_cluster_nodes_quarantined',
    help: 'Nodes of a cluster that are left out now because GPU pods failed on them.',
    ...common,
  });
  const quarantines = new Counter({
    name: 'headframe_cluster_quarantines_total',
    help: 'How many times a node of a cluster was left out because GPU pods failed on it.',
    ...common,
  });
  const guests = new Counter({
    name: 'headframe_cluster_guests_left_total',
    help: 'Guests that were deleted to give their GPUs back to the owner of a cluster.',
    ...common,
  });
  return {
    quarantined: (cluster, count) => nodes.set({ cluster }, count),
    entered: (cluster, count) => quarantines.inc({ cluster }, count),
    guestsLeft: (cluster, count) => guests.inc({ cluster }, count),
    forget: (cluster) => [nodes, quarantines, guests].forEach((metric) => metric.remove({ cluster })),
  };
}

/** For an operator that nobody measures. */
export const noMetrics: ClusterMetrics = {
  quarantined: () => undefined,
  entered: () => undefined,
  guestsLeft: () => undefined,
  forget: () => undefined,
};
