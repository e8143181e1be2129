import type { Immutable } from '../../../api/kube-object.ts';
import type { LabelSelector } from './scheduling-spec.ts';

type Labels = Readonly<Record<string, string>>;

/** Whether the selector selects the labels. None selects nothing, an empty one everything; an unknown operator nothing. */
export function selects(selector: Immutable<LabelSelector> | undefined, labels: Labels): boolean {
  if (selector === undefined) {
    return false;
  }
  return (
    Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
    (selector.matchExpressions ?? []).every((expression) => matches(labels[expression.key], expression))
  );
}

function matches(
  value: string | undefined,
  { operator, values = [] }: { readonly operator: string; readonly values?: readonly string[] },
): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}
