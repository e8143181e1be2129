import type { NodeSelectorTerm, PodSpec } from '../api/builtin.ts';
import type { Immutable } from '../api/kube-object.ts';
import { matchesRequirements } from './node-selector.ts';

/** What a node selector sees of a node. */
export interface SelectableNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Whether the node has the labels of `nodeSelector` and satisfies one term of the required node affinity. */
export function matchesNodeAffinity(
  { nodeSelector, affinity }: Immutable<Pick<PodSpec, 'nodeSelector' | 'affinity'>>,
  node: SelectableNode,
): boolean {
  const selected = Object.entries(nodeSelector ?? {}).every(([key, value]) => node.labels[key] === value);
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return (
    selected && (required === undefined || required.nodeSelectorTerms.some((term) => matchesTerm(term, node)))
  );
}

/** A term without any requirement matches no node. */
export function matchesTerm(
  { matchExpressions = [], matchFields = [] }: Immutable<NodeSelectorTerm>,
  { name, labels }: SelectableNode,
): boolean {
  return (
    matchExpressions.length + matchFields.length > 0 &&
    matchesRequirements(labels, matchExpressions) &&
    matchesRequirements({ 'metadata.name': name }, matchFields)
  );
}
