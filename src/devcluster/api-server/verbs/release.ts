import type { Served } from '../resources/served.ts';
import type { JsonObject } from '../schema/schema.ts';
import { metadataOf, type StoredRecord } from '../storage/record.ts';

/** Whether something still holds an object that is to be deleted. */
export function isHeld({ strategy }: Served, object: JsonObject): boolean {
  const { finalizers } = metadataOf(object);
  return (Array.isArray(finalizers) && finalizers.length > 0) || strategy.isHeld?.(object) === true;
}

/** Stores the object, or removes it when it is being deleted, without grace, and nothing holds it any more. */
export function finishIfReleased(served: Served, object: JsonObject): StoredRecord {
  const { deletionTimestamp, deletionGracePeriodSeconds } = metadataOf(object);
  const { collection } = served;
  const stored = collection.put(object);
  const isOver =
    deletionTimestamp !== undefined && (deletionGracePeriodSeconds ?? 0) === 0 && !isHeld(served, object);
  return isOver ? (collection.remove(stored.key) ?? stored) : stored;
}
