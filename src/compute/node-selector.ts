import type { NodeSelectorRequirement } from '../api/builtin.ts';
import type { Immutable } from '../api/kube-object.ts';

/** Whether node labels satisfy every requirement, as kube-scheduler decides it. */
export function matchesRequirements(
  labels: Readonly<Record<string, string>>,
  requirements: Immutable<readonly NodeSelectorRequirement[]>,
): boolean {
  return requirements.every((requirement) => matches(labels[requirement.key], requirement));
}

function matches(
  value: string | undefined,
  { operator, values = [] }: Immutable<NodeSelectorRequirement>,
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
    case 'Gt':
      return compareIntegers(value, values[0]) > 0;
    case 'Lt':
      return compareIntegers(value, values[0]) < 0;
  }
}

/** NaN, which is neither above nor below, unless both are integers: Gt and Lt of anything else never match. */
function compareIntegers(value: string | undefined, bound: string | undefined): number {
  const integer = /^-?\d+$/;
  if (value === undefined || bound === undefined || !integer.test(value) || !integer.test(bound)) {
    return NaN;
  }
  return Number(value) - Number(bound);
}
