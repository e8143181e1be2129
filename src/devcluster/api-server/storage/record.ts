import type { JsonObject } from '../schema/schema.ts';

/** One version of an object. Never changed once stored: whoever writes stores another record. */
export interface StoredRecord {
  /** `namespace/name`, or `name` for cluster-scoped objects. */
  readonly key: string;
  readonly namespace: string | undefined;
  readonly name: string;
  /** The resourceVersion. */
  readonly revision: number;
  readonly object: JsonObject;
  /** The object as JSON without `kind`, `apiVersion` and the opening brace; made at the first use, for all readers. */
  text: string | undefined;
}

/** The metadata of an object; an empty one when it has none. */
export function metadataOf(object: JsonObject): JsonObject {
  const { metadata } = object;
  return typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata) ? metadata : {};
}

/** A field of the metadata that is a non-empty string. */
export function metaString(object: JsonObject, field: string): string | undefined {
  const value = metadataOf(object)[field];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** `{"metadata":...}` without its opening brace. Several versions of a kind and list items share it. */
export function bodyText(object: JsonObject): string {
  const { kind: _kind, apiVersion: _apiVersion, ...rest } = object;
  return JSON.stringify(rest).slice(1);
}

/** {@link bodyText}, remembered. */
export function recordText(record: StoredRecord): string {
  return (record.text ??= bodyText(record.object));
}
