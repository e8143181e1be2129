import type { Json, JsonObject } from '../schema/schema.ts';

/** An object, and not a list or null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object's own field; never one that it inherits, such as `constructor`. */
export function ownField<T>(record: Readonly<Record<string, T>> | undefined, field: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, field) ? record[field] : undefined;
}

/** Fields that have a value, in order. */
export function fieldsOf(object: JsonObject): [string, Json][] {
  return Object.entries(object).filter((entry): entry is [string, Json] => entry[1] !== undefined);
}

/** An object of these fields. A field named `__proto__` becomes a field like any other. */
export function objectOf(fields: Iterable<readonly [string, Json]>): JsonObject {
  return Object.fromEntries(fields);
}

/** Equal as JSON: the order of fields does not count, and a field without a value is an absent one. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) {
    return true;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  }
  if (isObject(a) && isObject(b)) {
    const fields = fieldsOf(a);
    return (
      fields.length === fieldsOf(b).length &&
      fields.every(([field, value]) => Object.hasOwn(b, field) && sameJson(value, b[field]))
    );
  }
  return false;
}

/** JSON without spaces and with fields in alphabetical order. */
export function sortedJson(value: Json): string {
  if (Array.isArray(value)) {
    return `[${value.map(sortedJson).join(',')}]`;
  }
  if (!isObject(value)) {
    return JSON.stringify(value);
  }
  const fields = fieldsOf(value).sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
  return `{${fields.map(([field, child]) => `${JSON.stringify(field)}:${sortedJson(child)}`).join(',')}}`;
}
