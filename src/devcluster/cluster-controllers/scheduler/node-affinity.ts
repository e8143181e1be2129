import type { Immutable } from '../../../api/kube-object.ts';
import { type SelectableNode, matchesTerm } from '../../../compute/node-affinity.ts';
import type { SchedulingSpec } from './scheduling-spec.ts';

/** The sum of the weights of the preferred terms that the node satisfies. */
export function nodePreference(spec: Immutable<SchedulingSpec>, node: SelectableNode): number {
  const preferred = spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return preferred
    .filter(({ preference }) => matchesTerm(preference, node))
    .reduce((sum, { weight }) => sum + weight, 0);
}
