import type { JsonObject } from '../schema/schema.ts';
import { metaString, type StoredRecord } from '../storage/record.ts';
import { keyOf } from './api-request.ts';

/** The answer to a dry run, which looks like a record but was never stored. */
export function unsaved(object: JsonObject): StoredRecord {
  const namespace = metaString(object, 'namespace');
  const name = metaString(object, 'name') ?? '';
  return { key: keyOf(namespace, name), namespace, name, revision: 0, object, text: undefined };
}
