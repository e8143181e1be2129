import type { Json, JsonObject } from '../schema/schema.ts';
import { goKind } from './go-text.ts';
import { fieldsOf, isObject, objectOf } from './json-record.ts';
import { malformedPatch } from './patch-error.ts';

/**
 * The object after a JSON merge patch (RFC 7396). The inputs stay as they are; what the patch does not touch is shared.
 * As in kube-apiserver (evanphx/json-patch), nulls inside a new list's objects are dropped, which the RFC would keep.
 * @throws PatchError 400 for a patch that is not an object
 */
export function applyMergePatch(target: JsonObject, patch: Json): JsonObject {
  if (!isObject(patch)) {
    throw malformedPatch(
      patch === null
        ? 'Invalid JSON Patch'
        : `error decoding patch: json: cannot unmarshal ${goKind(patch)} into Go value of type map[string]interface {}`,
    );
  }
  return mergeObjects(target, patch);
}

function mergeObjects(target: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map(fieldsOf(target));
  for (const [field, value] of fieldsOf(patch)) {
    if (value === null) {
      merged.delete(field);
    } else {
      merged.set(field, mergeValues(merged.get(field), value));
    }
  }
  return objectOf(merged);
}

function mergeValues(current: Json | undefined, patch: Json): Json {
  if (!isObject(current)) {
    return withoutNulls(patch);
  }
  return isObject(patch) ? mergeObjects(current, patch) : patch;
}

/** Without fields that are null, at any depth. A list keeps its null items. */
function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) {
    return value.map(withoutNulls);
  }
  if (!isObject(value)) {
    return value;
  }
  return objectOf(
    fieldsOf(value).flatMap(([field, child]) =>
      child === null ? [] : [[field, withoutNulls(child)] as const],
    ),
  );
}
