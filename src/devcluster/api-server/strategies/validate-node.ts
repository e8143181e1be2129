import type { FieldError } from '../field-error.ts';
import { invalidValue, unsupported } from '../field-errors.ts';
import { textOf } from '../json-text.ts';
import { qualifiedNameErrors } from '../metadata/names.ts';
import { isObject } from '../schema/json.ts';
import type { JsonObject } from '../schema/schema.ts';
import { isCidr } from './cidr.ts';
import { EFFECTS } from './pod/validate.ts';
import { objectsIn } from './pod/defaults.ts';

/** Taints and address ranges (core validation, ValidateNode), under the fields that upstream names. */
export function validateNode({ spec }: JsonObject): FieldError[] {
  const { taints, podCIDRs } = isObject(spec) ? spec : {};
  const ranges = Array.isArray(podCIDRs) ? podCIDRs : [];
  return [
    ...validateTaints(objectsIn(taints)),
    ...ranges.flatMap((range, index) =>
      isCidr(textOf(range))
        ? []
        : [
            invalidValue(
              `spec.podCIDRs[${index}]`,
              range,
              'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
            ),
          ],
    ),
  ];
}

export function validateNodeUpdate(node: JsonObject, live: JsonObject): FieldError[] {
  const before = isObject(live['spec']) ? (live['spec']['providerID'] ?? '') : '';
  const after = isObject(node['spec']) ? (node['spec']['providerID'] ?? '') : '';
  return before !== '' && before !== after
    ? [invalidValue('spec.providerID', null, 'field cannot be modified once set')]
    : [];
}

function validateTaints(taints: readonly JsonObject[]): FieldError[] {
  const seen = new Set<string>();
  return taints.flatMap(({ key = '', value = '', effect = '', timeAdded = null }, index) => {
    const path = `metadata.taints[${index}]`;
    const pair = `${textOf(key)} ${textOf(effect)}`;
    const isRepeated = seen.has(pair);
    seen.add(pair);
    return [
      ...qualifiedNameErrors(textOf(key)).map((detail) => invalidValue(`${path}.key`, key, detail)),
      ...(EFFECTS.includes(textOf(effect)) ? [] : [unsupported(`${path}.effect`, effect, EFFECTS)]),
      ...(isRepeated
        ? [
            {
              reason: 'FieldValueDuplicate' as const,
              field: path,
              value: { Key: key, Value: value, Effect: effect, TimeAdded: timeAdded },
              detail: 'taints must be unique by key and effect pair',
            },
          ]
        : []),
    ];
  });
}
