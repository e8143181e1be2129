import type { Json, JsonObject } from './schema.ts';

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether two JSON values say the same; the order of an object's fields says nothing, and an undefined field is none. */
export function jsonEquals(left: Json | undefined, right: Json | undefined): boolean {
  if (left === right) {
    return true;
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => jsonEquals(item, right[index]));
  }
  return isObject(left) && isObject(right) && objectsEqual(left, right);
}

function objectsEqual(left: JsonObject, right: JsonObject): boolean {
  const names = definedNames(left);
  return (
    names.length === definedNames(right).length &&
    names.every((name) => Object.hasOwn(right, name) && jsonEquals(left[name], right[name]))
  );
}

function definedNames(object: JsonObject): string[] {
  return Object.keys(object).filter((name) => object[name] !== undefined);
}

/** The same text for equal values: object fields in order of their names. */
export function canonicalText(value: Json): string {
  return JSON.stringify(value, (_, inner: Json) =>
    isObject(inner)
      ? Object.fromEntries(
          Object.entries(inner).sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)),
        )
      : inner,
  );
}
