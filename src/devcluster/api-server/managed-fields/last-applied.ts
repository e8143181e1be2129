import type { Json, JsonObject } from '../schema/schema.ts';
import { isObject, sortedJson } from '../patch/json-record.ts';
import { checkShape } from './check-shape.ts';
import { compare } from './compare.ts';
import { difference, EMPTY_SET, union, type FieldSet } from './field-set.ts';
import type { FieldType } from './field-type.ts';
import { fieldsIn } from './owned-fields.ts';
import { FieldsFormatError } from './path-element.ts';
import { ShapeError } from './shape-error.ts';

/** Where `kubectl apply` without `--server-side` keeps what it applied. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * What the client-side apply of kubectl set and what still is as it set it: kubectl may take that over without a conflict
 * (apimachinery, managedfields/internal/lastappliedmanager.go).
 */
export function allowedByLastApplied(type: FieldType, live: JsonObject): FieldSet {
  const lastApplied = lastAppliedOf(live);
  if (lastApplied === undefined || lastApplied['apiVersion'] !== live['apiVersion']) {
    return EMPTY_SET;
  }
  try {
    checkShape(type, live, { duplicates: false });
    checkShape(type, lastApplied, { duplicates: false });
    const { added, removed, modified } = compare(type, lastApplied, live);
    return difference(fieldsIn(type, lastApplied), union(union(added, removed), modified));
  } catch (error) {
    if (error instanceof ShapeError || error instanceof FieldsFormatError) {
      return EMPTY_SET;
    }
    throw error;
  }
}

/** The object, whose annotation, if it has one, says what was applied now. */
export function withLastApplied(object: JsonObject, applied: JsonObject): JsonObject {
  const annotations = annotationsOf(object);
  if (typeof annotations[LAST_APPLIED] !== 'string' || annotations[LAST_APPLIED] === '') {
    return object;
  }
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  const written = { ...annotations, [LAST_APPLIED]: `${goJson(withoutAnnotation(applied))}\n` };
  return { ...object, metadata: { ...metadata, annotations: written } };
}

/** As Go encodes it: fields sorted, and what could end a script in HTML escaped. */
function goJson(value: JsonObject): string {
  return sortedJson(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function withoutAnnotation(applied: JsonObject): JsonObject {
  const metadata = isObject(applied['metadata']) ? applied['metadata'] : {};
  if (!isObject(metadata['annotations'])) {
    return applied;
  }
  const { [LAST_APPLIED]: _, ...annotations } = metadata['annotations'];
  return { ...applied, metadata: { ...metadata, annotations } };
}

function lastAppliedOf(object: JsonObject): JsonObject | undefined {
  const text = annotationsOf(object)[LAST_APPLIED];
  try {
    const value: Json = typeof text === 'string' ? (JSON.parse(text) as Json) : null;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function annotationsOf(object: JsonObject): JsonObject {
  const metadata = object['metadata'];
  return isObject(metadata) && isObject(metadata['annotations']) ? metadata['annotations'] : {};
}
