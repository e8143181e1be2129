import type { FieldError } from '../field-error.ts';
import { invalidValue } from '../field-errors.ts';
import { textOf } from '../json-text.ts';
import type { ScalePaths } from '../resources/resource.ts';
import { isObject } from '../schema/json.ts';
import type { Json, JsonObject } from '../schema/schema.ts';

/** That what is scaled is a number of replicas, whatever the schema says. */
export function validateScale(
  object: JsonObject,
  { specReplicasPath, statusReplicasPath }: ScalePaths,
): FieldError[] {
  return [specReplicasPath, statusReplicasPath].flatMap((path) => validateReplicas(object, path));
}

function validateReplicas(object: JsonObject, path: string): FieldError[] {
  let value: Json | undefined = object;
  for (const part of path.replace(/^\./, '').split('.')) {
    if (value === undefined) {
      return [];
    }
    if (!isObject(value)) {
      return [wrongType(path, value, 'map[string]interface{}')];
    }
    value = value[part];
  }
  if (value === undefined) {
    return [];
  }
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    return [wrongType(path, value, 'int64')];
  }
  return value < 0 ? [invalidValue(path, value, 'should be a non-negative integer')] : [];
}

function wrongType(path: string, value: Json, wanted: string): FieldError {
  const detail = `${path} accessor error: ${goText(value)} is of the type ${goType(value)}, expected ${wanted}`;
  return invalidValue(path, 0, detail);
}

function goText(value: Json): string {
  return value === null ? '<nil>' : textOf(value);
}

function goType(value: Json): string {
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? 'int64' : 'float64';
  }
  if (typeof value === 'object') {
    return value === null ? '<nil>' : Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}';
  }
  return typeof value === 'boolean' ? 'bool' : 'string';
}
