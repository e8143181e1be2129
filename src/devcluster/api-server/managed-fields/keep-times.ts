import type { Json, JsonObject } from '../schema/schema.ts';
import { isObject, sameJson } from '../patch/json-record.ts';
import { managedFieldsOf, withManagedFields } from './managers.ts';

/**
 * The object with the times of the live one when nothing but times would change: a write that changes nothing must not be stored
 * (apiserver, handlers/fieldmanager/equality.go).
 */
export function keepTimes(live: JsonObject | undefined, object: JsonObject): JsonObject {
  const before = managedFieldsOf(live);
  const after = managedFieldsOf(object);
  if (live === undefined || before === undefined || !sameJson(withoutTimes(before), withoutTimes(after))) {
    return object;
  }
  const kept = withManagedFields(object, before);
  return sameJson(withoutVersion(live), withoutVersion(kept)) ? kept : object;
}

function withoutTimes(managedFields: Json | undefined): Json {
  if (!Array.isArray(managedFields)) {
    return managedFields ?? null;
  }
  return managedFields.map((entry) => {
    if (!isObject(entry)) {
      return entry;
    }
    const { time: _, ...others } = entry;
    return others;
  });
}

/** A resourceVersion that the request left out, or sent as a precondition, is no change. */
function withoutVersion(object: JsonObject): JsonObject {
  const { resourceVersion: _, ...metadata } = isObject(object['metadata']) ? object['metadata'] : {};
  return { ...object, metadata };
}
