import type { Json, JsonObject } from '../schema/schema.ts';
import { isObject } from '../patch/json-record.ts';
import { fromFieldsV1, toFieldsV1 } from './fields-v1.ts';
import type { FieldSet } from './field-set.ts';
import { FieldsFormatError } from './path-element.ts';

/** Who writes, by which operation, through which version and subresource, and when. */
export interface FieldWriter {
  /** Name of the field manager. */
  readonly manager: string;
  readonly operation: 'Update' | 'Apply';
  /** Of the object as written, such as `headframe.dev/v1alpha1`. */
  readonly apiVersion: string;
  /** Such as `status`. */
  readonly subresource?: string;
  /** RFC 3339, whole seconds. */
  readonly time: string;
  /**
   * Fields that the API server takes from the live object whatever is written, and which the writer therefore cannot own, such as
   * `[['status']]`. Default: `status`; through /status `spec`, and `metadata` of a custom resource. A custom resource without a status
   * subresource resets nothing.
   */
  readonly resetFields?: readonly (readonly string[])[];
}

/** One entry of metadata.managedFields. */
export interface ManagedEntry {
  readonly manager: string;
  readonly operation: 'Update' | 'Apply';
  readonly apiVersion: string;
  readonly subresource?: string;
  /** Absent for a manager that applied what was there already. */
  readonly time?: string;
  readonly fields: FieldSet;
}

/** Entries by what tells them apart: see {@link managerId}. */
export type Managers = Map<string, ManagedEntry>;

/** Whoever applies is the same in all versions. In the form of upstream, whose order of entries depends on it. */
export function managerId(entry: Omit<ManagedEntry, 'fields' | 'time'>): string {
  const { manager, operation, apiVersion, subresource } = entry;
  return JSON.stringify({
    ...(manager === '' ? {} : { manager }),
    operation,
    ...(operation === 'Apply' ? {} : { apiVersion }),
    ...(subresource === undefined || subresource === '' ? {} : { subresource }),
  });
}

/** The writer as an entry that owns `fields`. */
export function entryOf(writer: FieldWriter, fields: FieldSet): ManagedEntry {
  const { operation, apiVersion, subresource, time } = writer;
  return {
    // What upstream calls a client that does not name itself.
    manager: writer.manager === '' ? 'unknown' : writer.manager,
    operation,
    apiVersion,
    ...(subresource === undefined || subresource === '' ? {} : { subresource }),
    time,
    fields,
  };
}

/** @throws FieldsFormatError when one entry cannot be read */
export function readManagers(object: JsonObject | undefined): Managers {
  const entries = managedFieldsOf(object);
  return new Map(
    (Array.isArray(entries) ? entries : []).map((entry) => {
      const read = readEntry(entry);
      return [managerId(read), read];
    }),
  );
}

/** metadata.managedFields as it stands. */
export function managedFieldsOf(object: JsonObject | undefined): Json | undefined {
  const metadata = object?.['metadata'];
  return isObject(metadata) ? metadata['managedFields'] : undefined;
}

function readEntry(entry: Json): ManagedEntry {
  if (!isObject(entry)) {
    throw new FieldsFormatError('an entry of managedFields must be an object');
  }
  const { operation, fieldsType, fieldsV1, time } = entry;
  const apiVersion = textOf(entry['apiVersion']);
  const subresource = textOf(entry['subresource']);
  if (operation !== 'Apply' && operation !== 'Update') {
    throw new FieldsFormatError('operation must be `Apply` or `Update`');
  }
  if (apiVersion === '') {
    throw new FieldsFormatError('apiVersion must not be empty');
  }
  if (fieldsType !== 'FieldsV1') {
    throw new FieldsFormatError('fieldsType must be `FieldsV1`');
  }
  return {
    manager: textOf(entry['manager']),
    operation,
    apiVersion,
    ...(subresource === '' ? {} : { subresource }),
    ...(typeof time === 'string' ? { time } : {}),
    fields: fromFieldsV1(fieldsV1 ?? {}),
  };
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** The object with these entries, in upstream's order; the given one stays as it is. */
export function withManagers(object: JsonObject, managers: Managers): JsonObject {
  const entries = [...managers.values()].sort(compareEntries).map(writtenEntry);
  return withManagedFields(object, entries.length > 0 ? entries : undefined);
}

/** The object with that list, or without one; the given one stays as it is. */
export function withManagedFields(object: JsonObject, managedFields: Json | undefined): JsonObject {
  const { managedFields: _, ...metadata } = isObject(object['metadata']) ? object['metadata'] : {};
  if (managedFields === undefined && object['metadata'] === undefined) {
    return object;
  }
  return { ...object, metadata: managedFields === undefined ? metadata : { ...metadata, managedFields } };
}

function writtenEntry({
  manager,
  operation,
  apiVersion,
  subresource,
  time,
  fields,
}: ManagedEntry): JsonObject {
  return {
    ...(manager === '' ? {} : { manager }),
    operation,
    apiVersion,
    ...(time === undefined ? {} : { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: toFieldsV1(fields),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

/** Appliers first, then the oldest. */
function compareEntries(a: ManagedEntry, b: ManagedEntry): number {
  return (
    compareText(a.operation, b.operation) ||
    secondsOf(a) - secondsOf(b) ||
    compareText(a.manager, b.manager) ||
    compareText(a.apiVersion, b.apiVersion) ||
    compareText(a.subresource ?? '', b.subresource ?? '')
  );
}

/** When the entry was written, in whole seconds since 1970; 0 when it does not say. */
export function secondsOf({ time }: ManagedEntry): number {
  const milliseconds = time === undefined ? 0 : Date.parse(time);
  return Number.isNaN(milliseconds) ? 0 : Math.floor(milliseconds / 1000);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
