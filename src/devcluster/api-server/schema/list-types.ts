import type { FieldError } from '../field-error.ts';
import { canonicalText, isObject } from './json.ts';
import { additionalSchema, propertySchema } from './schema-at.ts';
import type { Json, JsonObject, Schema } from './schema.ts';

/** What is twice in lists of list-type set, or has the same keys twice in lists of list-type map. */
export function duplicateItems(object: JsonObject, schema: Schema): FieldError[] {
  return inFields(object, schema, '');
}

function inFields(object: JsonObject, schema: Schema, path: string): FieldError[] {
  const map = additionalSchema(schema);
  return Object.entries(object).flatMap(([name, value]) => {
    if (value === undefined) {
      return [];
    }
    const property = propertySchema(schema, name);
    if (property !== undefined) {
      return inValue(value, property, path === '' ? name : `${path}.${name}`);
    }
    return map === undefined ? [] : inValue(value, map, `${path}[${name}]`);
  });
}

function inValue(value: Json, schema: Schema, path: string): FieldError[] {
  if (Array.isArray(value)) {
    return inList(value, schema, path);
  }
  return isObject(value) ? inFields(value, schema, path) : [];
}

function inList(list: readonly Json[], schema: Schema, path: string): FieldError[] {
  const { items } = schema;
  const nested =
    items === undefined ? [] : list.flatMap((item, index) => inValue(item, items, `${path}[${index}]`));
  const listType = schema['x-kubernetes-list-type'];
  if (listType === 'set') {
    return [...repeated(list, path), ...nested];
  }
  return listType === 'map'
    ? [...repeatedKeys(list, schema['x-kubernetes-list-map-keys'] ?? [], path), ...nested]
    : nested;
}

function repeatedKeys(list: readonly Json[], names: readonly string[], path: string): FieldError[] {
  const stray = list.findIndex((item) => item !== null && !isObject(item));
  if (stray >= 0) {
    const detail = 'must be an object for an array of list-type map';
    return [{ reason: 'FieldValueInvalid', field: `${path}[${stray}]`, value: list[stray] ?? null, detail }];
  }
  return repeated(
    list.map((item) => keysOf(isObject(item) ? item : {}, names)),
    path,
  );
}

function keysOf(item: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.filter((name) => item[name] !== undefined).map((name) => [name, item[name]]),
  );
}

/** One objection for every value that is there more than once, at its second place. */
function repeated(values: readonly Json[], path: string): FieldError[] {
  const seen = new Map<string, number>();
  return values.flatMap((value, index) => {
    const text = canonicalText(value);
    const times = (seen.get(text) ?? 0) + 1;
    seen.set(text, times);
    return times === 2
      ? [{ reason: 'FieldValueDuplicate' as const, field: `${path}[${index}]`, value, detail: '' }]
      : [];
  });
}
