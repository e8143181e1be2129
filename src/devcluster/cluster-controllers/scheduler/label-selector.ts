import { matchesRequirements } from '../../../compute/node-selector.ts';
import type { Immutable } from '../../../api/kube-object.ts';
import type { LabelSelector } from './scheduling-spec.ts';

type Labels = Readonly<Record<string, string>>;

/** Whether the selector selects the labels. None selects nothing, an empty one everything. */
export function selects(selector: Immutable<LabelSelector> | undefined, labels: Labels): boolean {
  return (
    selector !== undefined &&
    Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
    matchesRequirements(labels, selector.matchExpressions ?? [])
  );
}
