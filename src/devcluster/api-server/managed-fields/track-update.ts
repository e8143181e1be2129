import type { Json, JsonObject, Schema } from '../schema/schema.ts';
import { fieldsOf, isObject } from '../patch/json-record.ts';
import { capUpdaters } from './cap-managers.ts';
import { checkShape } from './check-shape.ts';
import { compare } from './compare.ts';
import { difference, isEmpty, union } from './field-set.ts';
import { objectType } from './field-type.ts';
import { keepTimes } from './keep-times.ts';
import {
  entryOf,
  managedFieldsOf,
  managerId,
  readManagers,
  withManagedFields,
  withManagers,
  type FieldWriter,
  type Managers,
} from './managers.ts';
import { FieldsFormatError } from './path-element.ts';
import { ShapeError } from './shape-error.ts';
import { takeFields } from './take-fields.ts';
import { comparisonOf, isCustomVersion, unownedFields } from './writer-fields.ts';
import { zeroObject } from './zero-object.ts';

export type { FieldWriter } from './managers.ts';

/** A write that has been merged into an object already: create, update, or any patch but apply. */
export interface TrackedUpdate {
  /** The live object; absent for a create. */
  readonly before?: JsonObject | undefined;
  /** The object to be stored. */
  readonly after: JsonObject;
  readonly schema?: Schema | undefined;
  readonly writer: FieldWriter;
}

/**
 * The object to be stored, with metadata.managedFields: who changed a field owns it, whoever owned it before does not, and who owns
 * nothing any more has no entry. An empty list in the request (of a custom
 * resource: one empty entry) resets the list; without one, and through subresources, that of the
 * live object counts. Never throws: objects that do not fit their schema keep the list that they had.
 */
export function trackUpdate({ before, after, schema, writer }: TrackedUpdate): JsonObject {
  const stored = withManagedFields(after, undefined);
  try {
    const managers = managersToStart(before, after, writer);
    // An object that once lost its list is not tracked until somebody applies it.
    const tracked =
      managers.size === 0 && hasUid(before)
        ? managers
        : changed(managers, { before, after: stored, schema, writer });
    return keepTimes(before, withManagers(stored, tracked));
  } catch (error) {
    if (error instanceof ShapeError) {
      return withManagedFields(after, managedFieldsOf(before));
    }
    throw error;
  }
}

function hasUid(object: JsonObject | undefined): boolean {
  const metadata = object?.['metadata'];
  return isObject(metadata) && typeof metadata['uid'] === 'string' && metadata['uid'] !== '';
}

/** From the request if it has a list that can be read, else from the live object. */
function managersToStart(before: JsonObject | undefined, after: JsonObject, writer: FieldWriter): Managers {
  const sent = managedFieldsOf(after);
  if (writer.subresource === undefined || writer.subresource === '') {
    if (isReset(sent, writer.apiVersion)) {
      return new Map();
    }
    const managers = readable(after);
    if (managers.size > 0) {
      return managers;
    }
  }
  return readable(before);
}

/** An empty list, or one empty entry; the former gets lost when a custom resource is read. */
function isReset(managedFields: Json | undefined, apiVersion: string): boolean {
  if (!Array.isArray(managedFields)) {
    return false;
  }
  const [first] = managedFields;
  const isOneEmpty = managedFields.length === 1 && isObject(first) && fieldsOf(first).length === 0;
  return isOneEmpty || (managedFields.length === 0 && !isCustomVersion(apiVersion));
}

function readable(object: JsonObject | undefined): Managers {
  try {
    return readManagers(object);
  } catch (error) {
    if (error instanceof FieldsFormatError) {
      return new Map();
    }
    throw error;
  }
}

/** What the managers are after this write. The objects come without managedFields. */
export function changed(managers: Managers, { before, after, schema, writer }: TrackedUpdate): Managers {
  const type = objectType(schema);
  const live = withManagedFields(before ?? zeroObject(after), undefined);
  checkShape(type, after, { duplicates: true });
  checkShape(type, live, { duplicates: true });
  const comparison = comparisonOf(compare(type, live, after), writer);
  const result = takeFields(managers, '', comparison);
  const fields = difference(union(comparison.modified, comparison.added), unownedFields);
  if (!isEmpty(fields)) {
    const entry = entryOf(writer, fields);
    const id = managerId(entry);
    const previous = result.get(id);
    result.set(id, previous === undefined ? entry : { ...entry, fields: union(previous.fields, fields) });
  }
  return capUpdaters(result);
}
