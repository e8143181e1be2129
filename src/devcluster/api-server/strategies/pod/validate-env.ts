import type { FieldError } from '../../field-error.ts';
import { invalidValue, required } from '../../field-errors.ts';
import { textOf } from '../../json-text.ts';
import { isObject } from '../../schema/json.ts';
import type { Json, JsonObject } from '../../schema/schema.ts';
import { objectsIn } from './defaults.ts';

/** The environment of a container: names, and where values come from. */
export function validateEnv(env: Json | undefined, path: string): FieldError[] {
  return objectsIn(env).flatMap((variable, index) => [
    ...validateName(variable['name'], `${path}[${index}].name`),
    ...validateSource(variable, `${path}[${index}].valueFrom`),
  ]);
}

const NAME_RULE =
  "a valid environment variable name must consist only of printable ASCII characters other than '='";

function validateName(name: Json | undefined, field: string): FieldError[] {
  if (typeof name !== 'string' || name === '') {
    return [required(field)];
  }
  return /^[ -<>-~]+$/.test(name) ? [] : [invalidValue(field, name, NAME_RULE)];
}

const SOURCES = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef', 'fileKeyRef'] as const;
const NO_SOURCE =
  'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`';

function validateSource({ value = '', valueFrom }: JsonObject, field: string): FieldError[] {
  if (!isObject(valueFrom)) {
    return [];
  }
  const given = SOURCES.filter((source) => isObject(valueFrom[source]));
  return [
    ...validateFieldPath(valueFrom['fieldRef'], `${field}.fieldRef.fieldPath`),
    ...(given.length === 0 ? [invalidValue(field, '', NO_SOURCE)] : []),
    ...(given.length > 0 && value !== ''
      ? [invalidValue(field, '', 'may not be specified when `value` is not empty')]
      : []),
    ...(given.length > 1
      ? [invalidValue(field, '', 'may not have more than one field specified at a time')]
      : []),
  ];
}

const FIELD =
  /^(metadata\.(name|namespace|uid|labels\['.+'\]|annotations\['.+'\])|spec\.(nodeName|serviceAccountName)|status\.(hostIP|hostIPs|podIP|podIPs))$/;

function validateFieldPath(fieldRef: Json | undefined, field: string): FieldError[] {
  if (!isObject(fieldRef)) {
    return [];
  }
  const path = textOf(fieldRef['fieldPath']);
  if (path === '') {
    return [required(field)];
  }
  const detail = `error converting fieldPath: field label not supported: ${path}`;
  return FIELD.test(path) ? [] : [invalidValue(field, path, detail)];
}
