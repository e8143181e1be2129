import { textOf } from './json-text.ts';
import type { FieldError } from './field-error.ts';
import type { Json, JsonObject } from './schema/schema.ts';

/* The objections that validation raises most. */

export function invalidValue(field: string, value: Json, detail: string): FieldError {
  return { reason: 'FieldValueInvalid', field, value, detail };
}

export function required(field: string, detail = ''): FieldError {
  return { reason: 'FieldValueRequired', field, detail };
}

export function duplicate(field: string, value: Json): FieldError {
  return { reason: 'FieldValueDuplicate', field, value, detail: '' };
}

export function unsupported(field: string, value: Json, values: readonly string[]): FieldError {
  const detail = `supported values: ${values.map((known) => JSON.stringify(known)).join(', ')}`;
  return { reason: 'FieldValueNotSupported', field, value, detail };
}

/** An enumeration whose default has been set before. */
export function oneOf(
  object: JsonObject,
  name: string,
  values: readonly string[],
  path: string,
): FieldError[] {
  const value: Json = object[name] ?? '';
  const field = `${path}.${name}`;
  if (value === '') {
    return [required(field)];
  }
  return values.includes(textOf(value)) ? [] : [unsupported(field, value, values)];
}
