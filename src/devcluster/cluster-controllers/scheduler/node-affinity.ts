import type { NodeSelectorTerm } from '../../../api/builtin.ts';
import type { Immutable } from '../../../api/kube-object.ts';
import { matchesRequirements } from '../../../compute/node-selector.ts';
import type { SchedulingSpec } from './scheduling-spec.ts';

/** What a node selector sees of a node. */
export interface SelectableNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Whether the node has the labels of `nodeSelector` and satisfies one term of the required node affinity. */
export function matchesNodeAffinity(spec: Immutable<SchedulingSpec>, node: SelectableNode): boolean {
  const selected = Object.entries(spec.nodeSelector ?? {}).every(
    ([key, value]) => node.labels[key] === value,
  );
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return (
    selected && (required === undefined || required.nodeSelectorTerms.some((term) => matchesTerm(term, node)))
  );
}

/** The sum of the weights of the preferred terms that the node satisfies. */
export function nodePreference(spec: Immutable<SchedulingSpec>, node: SelectableNode): number {
  const preferred = spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return preferred
    .filter(({ preference }) => matchesTerm(preference, node))
    .reduce((sum, { weight }) => sum + weight, 0);
}

/** A term without any requirement matches no node. */
function matchesTerm(term: Immutable<NodeSelectorTerm>, { name, labels }: SelectableNode): boolean {
  const { matchExpressions = [], matchFields = [] } = term;
  return (
    matchExpressions.length + matchFields.length > 0 &&
    matchesRequirements(labels, matchExpressions) &&
    matchesRequirements({ 'metadata.name': name }, matchFields)
  );
}
