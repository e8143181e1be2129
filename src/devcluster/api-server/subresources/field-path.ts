import { isObject } from '../schema/json.ts';
import type { Json, JsonObject } from '../schema/schema.ts';

/** The fields of a simple path such as `.spec.replicas`. */
export function pathParts(path: string): string[] {
  return path.split('.').filter((part) => part !== '');
}

/** What stands at a path; undefined when nothing does. */
export function valueAt(object: JsonObject, path: readonly string[]): Json | undefined {
  let value: Json | undefined = object;
  for (const part of path) {
    value = isObject(value) ? value[part] : undefined;
  }
  return value;
}

/** A copy with another value at the path. */
export function withValueAt(
  object: JsonObject,
  [first, ...rest]: readonly string[],
  value: Json,
): JsonObject {
  if (first === undefined) {
    return object;
  }
  const child = object[first];
  return {
    ...object,
    [first]: rest.length === 0 ? value : withValueAt(isObject(child) ? child : {}, rest, value),
  };
}
