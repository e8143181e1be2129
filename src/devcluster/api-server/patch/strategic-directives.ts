import type { Json, JsonObject } from '../schema/schema.ts';
import { goText } from './go-text.ts';
import { fieldsOf, isObject, objectOf } from './json-record.ts';
import { failedPatch, malformedPatch, type PatchError } from './patch-error.ts';

/** Followed by a slash and the name of a list of plain values. */
export const DELETE_FROM_LIST = '$deleteFromPrimitiveList';
/** Followed by a slash and the name of a list. */
export const SET_ORDER = '$setElementOrder';
export const RETAIN_KEYS = '$retainKeys';

/** What `$patch` says. */
export function directiveOf(patch: JsonObject): Json | undefined {
  return Object.hasOwn(patch, '$patch') ? patch['$patch'] : undefined;
}

/** A field that says how to patch, and is no content. */
export function isDirectiveField(field: string): boolean {
  return field === RETAIN_KEYS || field.startsWith(DELETE_FROM_LIST) || field.startsWith(SET_ORDER);
}

/** The field that `$setElementOrder/finalizers` or the like is about. */
export function fieldNamedBy(field: string, prefix: typeof DELETE_FROM_LIST | typeof SET_ORDER): string {
  if (field.charAt(prefix.length) !== '/') {
    const list = prefix === SET_ORDER ? 'setElementOrder' : 'primitive';
    throw malformedPatch(`invalid patch format of ${list} list`);
  }
  return field.slice(prefix.length + 1);
}

export function unknownDirective(directive: Json, patch: JsonObject): PatchError {
  return failedPatch(`unknown patch type: ${goText(directive)} in map: ${goText(patch)}`);
}

/** New content: without objects that are directives, and without nulls in objects. Undefined when it is a directive itself. */
export function withoutDirectives(value: Json): Json | undefined {
  if (Array.isArray(value)) {
    return value.map(withoutDirectives).filter((item) => item !== undefined);
  }
  if (!isObject(value)) {
    return value;
  }
  if (directiveOf(value) !== undefined) {
    return undefined;
  }
  return objectOf(
    fieldsOf(value).flatMap(([field, child]) => {
      const kept = child === null ? undefined : withoutDirectives(child);
      return kept === undefined ? [] : [[field, kept] as const];
    }),
  );
}
