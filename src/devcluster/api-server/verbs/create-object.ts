import { randomUUID } from 'node:crypto';
import { rfc3339 } from '../../../time/clock.ts';
import { admitToNamespace } from '../admission/namespace-lifecycle.ts';
import { generatedName } from '../metadata/generated-name.ts';
import type { Served } from '../resources/served.ts';
import type { JsonObject } from '../schema/schema.ts';
import { alreadyExists, badRequest, internalError } from '../status.ts';
import { metaString, metadataOf, type StoredRecord } from '../storage/record.ts';
import { keyOf, type VerbContext } from './api-request.ts';
import { ownedByUpdate } from './ownership.ts';
import { unsaved } from './unsaved.ts';
import { validateNew } from './validation.ts';
import type { WriteOptions } from './write-options.ts';

export interface Creation {
  readonly served: Served;
  readonly namespace: string | undefined;
  /** Decoded, of the right kind, with defaults; becomes the store's. */
  readonly object: JsonObject;
  readonly options: WriteOptions;
  /** True when field ownership has been settled already (apply). */
  readonly owned?: boolean;
}

/** Tries so often to find a generated name that is free (upstream's limit). */
const NAME_ATTEMPTS = 8;

/** @throws StatusError for whatever speaks against it */
export function createObject(context: VerbContext, creation: Creation): StoredRecord {
  const { served, namespace, options } = creation;
  const { resource, strategy, collection } = served;
  const { object } = creation;
  const metadata: JsonObject = { ...metadataOf(object) };
  object['metadata'] = metadata;
  checkNewMetadata(metadata, resource.namespaced, namespace);
  const name = claimName(creation, metadata);
  setSystemFields(metadata, { now: context.clock.now(), namespace, counted: strategy.counted });
  if (namespace !== undefined) {
    admitToNamespace(context.store, resource, { namespace, name: metaString(object, 'name') ?? '' });
  }
  const owned = creation.owned === true ? object : ownedByUpdate(context, creation);
  strategy.admit?.(owned, context);
  strategy.prepareForCreate?.(owned, context);
  if (resource.subresources.status === true && resource.custom) {
    delete owned['status'];
  }
  validateNew(served, owned);
  refusePresent(served, keyOf(namespace, name));
  return options.dryRun ? unsaved(owned) : collection.put(served.toStored?.(owned) ?? owned);
}

/** @throws StatusError 409 */
function refusePresent({ resource, collection }: Served, key: string): void {
  const present = collection.get(key);
  if (present !== undefined) {
    const isLeaving = metadataOf(present.object)['deletionTimestamp'] !== undefined;
    throw alreadyExists(resource, present.name, isLeaving ? 'object is being deleted: ' : '');
  }
}

function checkNewMetadata(metadata: JsonObject, namespaced: boolean, namespace: string | undefined): void {
  const given = metadata['namespace'];
  if (namespaced && given !== undefined && given !== '' && given !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if ((metadata['resourceVersion'] ?? '') !== '') {
    throw internalError('resourceVersion should not be set on objects to be created');
  }
}

function claimName({ served, namespace }: Creation, metadata: JsonObject): string {
  const { name, generateName } = metadata;
  if (typeof name === 'string' && name !== '') {
    return name;
  }
  if (typeof generateName !== 'string' || generateName === '') {
    return '';
  }
  let candidate = generatedName(generateName);
  for (let attempt = 1; attempt < NAME_ATTEMPTS && isTaken(candidate); attempt++) {
    candidate = generatedName(generateName);
  }
  metadata['name'] = candidate;
  return candidate;

  function isTaken(free: string): boolean {
    return served.collection.get(keyOf(namespace, free)) !== undefined;
  }
}

function setSystemFields(
  metadata: JsonObject,
  { now, namespace, counted }: { now: number; namespace: string | undefined; counted: boolean },
): void {
  for (const field of ['deletionTimestamp', 'deletionGracePeriodSeconds', 'selfLink', 'resourceVersion']) {
    metadata[field] = undefined;
  }
  metadata['namespace'] = namespace;
  metadata['uid'] = randomUUID();
  metadata['creationTimestamp'] = rfc3339(now);
  if (counted) {
    metadata['generation'] = 1;
  }
  for (const [field, value] of Object.entries(metadata)) {
    if (value === undefined) {
      // What is undefined must not be there: readers compare objects field by field.
      Reflect.deleteProperty(metadata, field);
    }
  }
}
