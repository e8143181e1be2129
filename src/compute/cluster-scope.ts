import { akashUsage } from './akash/akash-usage.ts';
import { isInAkashInventory } from './akash/ownership.ts';
import type { NodeUsage } from './inventory.ts';

/** Which nodes of a cluster take part, as `spec` of a ComputeCluster says it. */
export interface ClusterScope {
  readonly profile: 'OnPrem' | 'Akash';
  /** Labels that a node must have, with their values. */
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** Names of nodes that are left out. */
  readonly excludedNodes: readonly string[];
}

/** A node, as far as it matters here. */
interface NodeIdentity {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Tells of nodes whether they take part. */
export function nodeFilter({
  profile,
  nodeSelector,
  excludedNodes,
}: ClusterScope): (node: NodeIdentity) => boolean {
  const excluded = new Set(excludedNodes);
  const wanted = Object.entries(nodeSelector);
  return ({ name, labels }) =>
    !excluded.has(name) &&
    wanted.every(([key, value]) => labels[key] === value) &&
    (profile === 'OnPrem' || isInAkashInventory(labels));
}

/**
 * What the nodes that take part add to the cluster.
 * @param inQuarantine names of nodes that are there, but of which nothing is free
 */
export function usagesInScope(
  scope: ClusterScope,
  usages: readonly NodeUsage[],
  inQuarantine: readonly string[] = [],
): readonly NodeUsage[] {
  const takesPart = nodeFilter(scope);
  const withheld = new Set(inQuarantine);
  const taking = usages
    .filter(({ gpus }) => takesPart({ name: gpus.node, labels: gpus.labels }))
    .map((usage) =>
      withheld.has(usage.gpus.node) ? { ...usage, gpus: { ...usage.gpus, schedulable: false } } : usage,
    );
  return scope.profile === 'OnPrem' ? taking : taking.flatMap((usage) => akashUsage(usage) ?? []);
}
