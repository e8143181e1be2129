import { textOf } from '../../json-text.ts';
import { compareQuantities, parseQuantity, type Quantity } from '../../../../api/quantity.ts';
import type { FieldError } from '../../field-error.ts';
import { invalidValue, required } from '../../field-errors.ts';
import { qualifiedNameErrors } from '../../metadata/names.ts';
import { isObject } from '../../schema/json.ts';
import type { Json } from '../../schema/schema.ts';

const STANDARD = new Set(['cpu', 'memory', 'ephemeral-storage']);
const NANO = 10n ** 9n;

/** Requests and limits of a container, whose quantities have been parsed before. */
export function validateResources(resources: Json | undefined, path: string): FieldError[] {
  if (!isObject(resources)) {
    return [];
  }
  const limits = quantities(resources['limits']);
  const requests = quantities(resources['requests']);
  return [
    ...[...limits].flatMap(([name, amount]) => validateAmount(name, amount, `${path}.limits[${name}]`)),
    ...[...requests].flatMap(([name, amount]) => [
      ...validateAmount(name, amount, `${path}.requests[${name}]`),
      ...validateLimit({ name, amount, limit: limits.get(name) }, path),
    ]),
  ];
}

interface Amount {
  readonly text: string;
  readonly quantity: Quantity;
}

function quantities(list: Json | undefined): Map<string, Amount> {
  const entries = isObject(list) ? Object.entries(list).sort(([a], [b]) => (a < b ? -1 : 1)) : [];
  return new Map(
    entries.map(([name, value]) => [name, { text: textOf(value), quantity: parseQuantity(textOf(value)) }]),
  );
}

function validateAmount(name: string, { text, quantity }: Amount, field: string): FieldError[] {
  const isStandard = STANDARD.has(name) || name.startsWith('hugepages-');
  const isExtended = name.includes('/') && !name.split('/')[0]?.endsWith('kubernetes.io');
  return [
    ...qualifiedNameErrors(name).map((detail) => invalidValue(field, name, detail)),
    ...(name.includes('/') || isStandard
      ? []
      : [
          invalidValue(field, name, 'must be a standard resource type or fully qualified'),
          invalidValue(field, name, 'must be a standard resource for containers'),
        ]),
    ...(quantity.nanos < 0n ? [invalidValue(field, text, 'must be greater than or equal to 0')] : []),
    ...(isExtended && quantity.nanos % NANO !== 0n ? [invalidValue(field, text, 'must be an integer')] : []),
  ];
}

function validateLimit(
  { name, amount, limit }: { name: string; amount: Amount; limit: Amount | undefined },
  path: string,
): FieldError[] {
  const overcommits = STANDARD.has(name);
  if (limit === undefined) {
    const detail = 'Limit must be set for non overcommitable resources';
    return overcommits ? [] : [required(`${path}.limits`, detail)];
  }
  const order = compareQuantities(amount.quantity, limit.quantity);
  if (order === 0 || (overcommits && order < 0)) {
    return [];
  }
  const rule = overcommits ? 'must be less than or equal to' : 'must be equal to';
  return [invalidValue(`${path}.requests`, amount.text, `${rule} ${name} limit of ${limit.text}`)];
}
