import type { NodeSelectorRequirement } from '../api/builtin.ts';
import type { GpuDemand } from './gpu-demand.ts';
import { type NodeUsage, freeOn } from './inventory.ts';
import { nodeRequirements } from './gpu-demand.ts';
import { vendorNames } from './gpu-catalogue.ts';
import { matchesRequirements } from './node-selector.ts';

/** What a cluster has for one demand. */
export interface GpuSupply {
  /** GPUs on matching nodes, held or not. */
  readonly total: number;
  /** Free GPUs on matching nodes that take pods. */
  readonly free: number;
  /** Matching nodes with at least one free GPU. */
  readonly nodesWithFree: number;
  /** Replicas that still fit: a replica's GPUs are all on one node. */
  readonly replicasFitting: number;
}

/**
 * Counts the GPUs a demand can be met from.
 * @param extra further requirements on node labels, such as the pod template's own node selector
 */
export function gpuSupply(
  demand: GpuDemand,
  nodes: Iterable<NodeUsage>,
  extra: readonly NodeSelectorRequirement[] = [],
): GpuSupply {
  const requirements = [...nodeRequirements(demand), ...extra];
  const { resource } = vendorNames[demand.vendor];
  const supply = { total: 0, free: 0, nodesWithFree: 0, replicasFitting: 0 };
  for (const usage of nodes) {
    if (usage.gpus.resource !== resource || !matchesRequirements(usage.gpus.labels, requirements)) {
      continue;
    }
    const free = freeOn(usage);
    supply.total += usage.gpus.allocatable;
    supply.free += free;
    supply.nodesWithFree += free > 0 ? 1 : 0;
    supply.replicasFitting += Math.floor(free / demand.countPerReplica);
  }
  return supply;
}
