import { textOf } from '../../json-text.ts';
import type { FieldError } from '../../field-error.ts';
import { isObject } from '../../schema/json.ts';
import type { Json, JsonObject } from '../../schema/schema.ts';
import { labelNameErrors } from '../../metadata/names.ts';
import { duplicate, invalidValue, oneOf, required, unsupported } from '../../field-errors.ts';
import { validateLabels } from '../../metadata/validate-metadata.ts';
import { validateAffinity } from './validate-affinity.ts';
import { validateContainers } from './validate-containers.ts';
import { objectsIn } from './defaults.ts';

/** The part of core validation (ValidatePod) that users meet; errors in upstream's order and words. */
export function validatePod(pod: JsonObject): FieldError[] {
  const spec = isObject(pod['spec']) ? pod['spec'] : {};
  const volumes = objectsIn(spec['volumes']);
  return [
    ...validateVolumes(volumes),
    ...validateContainers(spec, new Set(volumes.map(({ name }) => textOf(name)))),
    ...oneOf(spec, 'restartPolicy', ['Always', 'OnFailure', 'Never'], 'spec'),
    ...oneOf(spec, 'dnsPolicy', ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'], 'spec'),
    ...validateLabels(spec['nodeSelector'], 'spec.nodeSelector'),
    ...validateNumbers(spec),
    ...validateHostNames(spec),
    ...validateAffinity(spec['affinity']),
    ...validateTolerations(spec['tolerations']),
  ];
}

function validateVolumes(volumes: readonly JsonObject[]): FieldError[] {
  const seen = new Set<string>();
  return volumes.flatMap(({ name, ...sources }, index) => {
    const field = `spec.volumes[${index}].name`;
    const [, second] = Object.keys(sources);
    if (second !== undefined) {
      const detail = 'may not specify more than 1 volume type';
      return [{ reason: 'FieldValueForbidden' as const, field: `spec.volumes[${index}].${second}`, detail }];
    }
    if (typeof name !== 'string' || name === '') {
      return [required(field)];
    }
    if (seen.has(name)) {
      return [duplicate(field, name)];
    }
    seen.add(name);
    return labelNameErrors(name).map((detail) => invalidValue(field, name, detail));
  });
}

const MAX_INT32 = 2_147_483_647;

function validateNumbers(spec: JsonObject): FieldError[] {
  const deadline = spec['activeDeadlineSeconds'];
  return typeof deadline === 'number' && (deadline < 1 || deadline > MAX_INT32)
    ? [invalidValue('spec.activeDeadlineSeconds', deadline, `must be between 1 and ${MAX_INT32}, inclusive`)]
    : [];
}

function validateHostNames(spec: JsonObject): FieldError[] {
  return ['hostname', 'subdomain'].flatMap((field) => {
    const name = textOf(spec[field]);
    return name === ''
      ? []
      : labelNameErrors(name).map((detail) => invalidValue(`spec.${field}`, name, detail));
  });
}

function validateTolerations(tolerations: Json | undefined): FieldError[] {
  return objectsIn(tolerations).flatMap((toleration, index) => {
    const path = `spec.tolerations[${index}]`;
    return [
      ...validateOperator(toleration, `${path}.operator`),
      ...validateEffect(toleration, `${path}.effect`),
    ];
  });
}

function validateOperator({ key = '', operator = '', value = '' }: JsonObject, field: string): FieldError[] {
  const errors: FieldError[] = [];
  if (key === '' && operator !== 'Exists') {
    const detail = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    errors.push(invalidValue(field, operator, detail));
  }
  if (operator === 'Exists' && value !== '') {
    errors.push(invalidValue(field, value, "value must be empty when `operator` is 'Exists'"));
  }
  return isAmong(operator, ['Equal', 'Exists'])
    ? errors
    : [...errors, unsupported(field, operator, ['Equal', 'Exists'])];
}

export const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

function validateEffect({ effect = '', tolerationSeconds }: JsonObject, field: string): FieldError[] {
  const detail = "effect must be 'NoExecute' when `tolerationSeconds` is set";
  return [
    ...(tolerationSeconds !== undefined && effect !== 'NoExecute'
      ? [invalidValue(field, effect, detail)]
      : []),
    ...(isAmong(effect, EFFECTS) ? [] : [unsupported(field, effect, EFFECTS)]),
  ];
}

/** Nothing stands for a default. */
function isAmong(value: Json, known: readonly string[]): boolean {
  return value === '' || known.some((name) => name === value);
}
