import { type NodeUsage } from '../inventory.ts';
import { akashGpus } from './capabilities.ts';
import { isInAkashInventory } from './ownership.ts';

/**
 * What a node adds to a cluster of profile Akash: the GPUs that Akash's inventory lists of it, with all that pods hold of them, leases
 * and others. Undefined for a node that is not in the inventory: the inventory operator takes its labels away from nodes that are
 * cordoned, not ready or excluded, and then they leave the pool too.
 */
export function akashUsage(usage: NodeUsage): NodeUsage | undefined {
  const { gpus } = usage;
  const listed = akashGpus(gpus.vendor, gpus.labels);
  if (!isInAkashInventory(gpus.labels) || listed.length === 0) {
    return undefined;
  }
  // A label set by hand does not count: then there are as many as the node offers.
  const counted = listed.reduce((sum, { count = Infinity }) => sum + count, 0);
  if (counted >= gpus.allocatable) {
    return usage;
  }
  return {
    ...usage,
    gpus: { ...gpus, allocatable: counted, groups: [{ unit: gpus.unit, allocatable: counted }] },
  };
}
