import { isObject } from '../schema/json.ts';
import type { Json, JsonObject } from '../schema/schema.ts';

/** What stands at a path of fields; undefined where it ends early. */
export function at(object: Json | undefined, ...path: readonly string[]): Json | undefined {
  let value = object;
  for (const name of path) {
    value = isObject(value) ? value[name] : undefined;
  }
  return value;
}

/** The text there, or the empty one. */
export function textAt(object: Json | undefined, ...path: readonly string[]): string {
  const value = at(object, ...path);
  return typeof value === 'string' ? value : '';
}

/** The number there, or 0. */
export function numberAt(object: Json | undefined, ...path: readonly string[]): number {
  const value = at(object, ...path);
  return typeof value === 'number' ? value : 0;
}

/** The objects in the list there. */
export function objectsAt(object: Json | undefined, ...path: readonly string[]): JsonObject[] {
  const value = at(object, ...path);
  return Array.isArray(value) ? value.filter((item) => isObject(item)) : [];
}

/** The texts in the list there. */
export function textsAt(object: Json | undefined, ...path: readonly string[]): string[] {
  const value = at(object, ...path);
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** The names of the fields of the object there. */
export function namesAt(object: Json | undefined, ...path: readonly string[]): string[] {
  const value = at(object, ...path);
  return isObject(value) ? Object.keys(value) : [];
}

/** The text, or a stand-in for the empty one. */
export function textOr(text: string, standIn: string): string {
  return text === '' ? standIn : text;
}
