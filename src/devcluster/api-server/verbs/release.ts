import type { Served } from '../resources/served.ts';
import type { JsonObject } from '../schema/schema.ts';
import { metadataOf, type StoredRecord } from '../storage/record.ts';
import { unsaved } from './unsaved.ts';

/** Whether something still holds an object that is to be deleted. */
export function isHeld({ strategy }: Served, object: JsonObject): boolean {
  const { finalizers } = metadataOf(object);
  return (Array.isArray(finalizers) && finalizers.length > 0) || strategy.isHeld?.(object) === true;
}

/**
 * Stores the object, or removes it when it is being deleted, without grace, and nothing holds it any more. As upstream,
 * watchers are then told of the last stored state, and the writer of what was written, which never got a version of its own.
 */
export function finishIfReleased(served: Served, object: JsonObject): StoredRecord {
  const { deletionTimestamp, deletionGracePeriodSeconds } = metadataOf(object);
  const isOver =
    deletionTimestamp !== undefined && (deletionGracePeriodSeconds ?? 0) === 0 && !isHeld(served, object);
  if (!isOver) {
    return served.collection.put(object);
  }
  const record = unsaved(object);
  served.collection.remove(record.key);
  return record;
}
