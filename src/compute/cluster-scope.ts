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

/** Whether a node takes part. */
export function inScope(scope: ClusterScope, { name, labels }: NodeIdentity): boolean {
  return (
    !scope.excludedNodes.includes(name) &&
    Object.entries(scope.nodeSelector).every(([key, value]) => labels[key] === value) &&
    (scope.profile === 'OnPrem' || isInAkashInventory(labels))
  );
}

/** What the nodes that take part add to the cluster. */
export function usagesInScope(scope: ClusterScope, usages: Iterable<NodeUsage>): readonly NodeUsage[] {
  const found: NodeUsage[] = [];
  for (const usage of usages) {
    const { node: name, labels } = usage.gpus;
    const taking = inScope(scope, { name, labels }) ? usage : undefined;
    const offered = taking !== undefined && scope.profile === 'Akash' ? akashUsage(taking) : taking;
    if (offered !== undefined) {
      found.push(offered);
    }
  }
  return found;
}
