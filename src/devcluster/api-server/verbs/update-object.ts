import { textOf } from '../json-text.ts';
import type { Served } from '../resources/served.ts';
import { invalidValue } from '../field-errors.ts';
import { jsonEquals } from '../schema/json.ts';
import type { JsonObject } from '../schema/schema.ts';
import { badRequest, conflict, internalError, invalid } from '../status.ts';
import { metadataOf, type StoredRecord } from '../storage/record.ts';
import { toServed, type VerbContext } from './api-request.ts';
import { ownedByUpdate } from './ownership.ts';
import { finishIfReleased } from './release.ts';
import { unsaved } from './unsaved.ts';
import { validateChange } from './validation.ts';
import type { WriteOptions } from './write-options.ts';

export interface Update {
  readonly served: Served;
  readonly live: StoredRecord;
  /** The wanted state: decoded, of the right kind, with defaults; becomes the store's. */
  readonly object: JsonObject;
  /** `status` leaves everything else as it is; undefined leaves the status as it is. */
  readonly subresource: string | undefined;
  readonly options: WriteOptions;
  /** True when field ownership has been settled already (apply). */
  readonly owned?: boolean;
  /** The server's own change, to which the rules for users do not apply (a pod's node, a namespace's finalizers). */
  readonly forced?: boolean;
}

/**
 * Replaces an object. Writes nothing when that changes nothing. The last finalizer of an object that is being deleted goes
 * together with the object.
 * @throws StatusError for whatever speaks against it
 */
export function updateObject(context: VerbContext, update: Update): StoredRecord {
  const { served, live, options } = update;
  const before = toServed(served, live.object);
  const object = { ...update.object };
  const metadata: JsonObject = { ...metadataOf(object) };
  object['metadata'] = metadata;
  checkNames(update, metadata);
  checkVersion(update, metadata);
  keepSystemFields(metadata, metadataOf(before));
  keepOtherPart(update, object, before);
  if (update.forced !== true) {
    served.strategy.prepareForUpdate?.(object, before);
    countGeneration(served, object, before);
  }
  const after = update.owned === true ? object : ownedByUpdate(context, { ...update, object, before });
  if (update.forced !== true) {
    validateChange(served, after, { live: before, subresource: update.subresource });
  }
  if (jsonEquals(after, before)) {
    return live;
  }
  if (options.dryRun) {
    return unsaved(after);
  }
  return finishIfReleased(served, served.toStored?.(after) ?? after);
}

function checkNames({ served, live }: Update, metadata: JsonObject): void {
  const { name } = metadata;
  if (name === undefined || name === '') {
    throw badRequest(
      `the name of the object (${live.name} based on URL) was undeterminable: name must be provided`,
    );
  }
  if (name !== live.name) {
    throw badRequest(
      `the name of the object (${textOf(name)}) does not match the name on the URL (${live.name})`,
    );
  }
  const { namespace } = metadata;
  const misplaced = namespace !== undefined && namespace !== '' && namespace !== live.namespace;
  if (served.resource.namespaced && misplaced) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
}

function checkVersion({ served, live }: Update, metadata: JsonObject): void {
  const given = metadata['resourceVersion'] ?? '';
  if (typeof given !== 'string' || !/^\d*$/.test(given)) {
    throw internalError(`strconv.ParseUint: parsing ${JSON.stringify(given)}: invalid syntax`);
  }
  if (isUnset(given) && served.strategy.unconditionalUpdate === false) {
    throw invalid({ group: served.resource.group, kind: served.resource.plural }, live.name, [
      invalidValue('metadata.resourceVersion', 0, 'must be specified for an update'),
    ]);
  }
  if (!isUnset(given) && given !== String(live.revision)) {
    throw conflict(
      served.resource,
      live.name,
      'the object has been modified; please apply your changes to the latest version and try again',
    );
  }
}

function isUnset(version: string): boolean {
  return version === '' || version === '0';
}

const SYSTEM_FIELDS = ['uid', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const;

function keepSystemFields(metadata: JsonObject, before: JsonObject): void {
  metadata['resourceVersion'] = before['resourceVersion'];
  assign(metadata, 'namespace', before['namespace']);
  for (const field of ['creationTimestamp', 'generation']) {
    assign(metadata, field, before[field]);
  }
  for (const field of SYSTEM_FIELDS) {
    if (metadata[field] === undefined || metadata[field] === '' || metadata[field] === null) {
      assign(metadata, field, before[field]);
    }
  }
  delete metadata['selfLink'];
}

function assign(target: JsonObject, field: string, value: JsonObject[string]): void {
  if (value === undefined) {
    Reflect.deleteProperty(target, field);
  } else {
    target[field] = value;
  }
}

/** With a status subresource, the object and its status are written at different doors. */
function keepOtherPart({ served, subresource }: Update, object: JsonObject, before: JsonObject): void {
  if (subresource === 'status') {
    for (const field of new Set([...Object.keys(object), ...Object.keys(before)])) {
      if (field !== 'status' && field !== 'metadata') {
        assign(object, field, before[field]);
      }
    }
    if (served.resource.custom) {
      const managedFields = metadataOf(object)['managedFields'];
      object['metadata'] = {
        ...metadataOf(before),
        ...(managedFields === undefined ? {} : { managedFields }),
      };
    }
  } else if (served.resource.subresources.status === true && subresource === undefined) {
    assign(object, 'status', before['status']);
  }
}

/** metadata.generation moves when anything but metadata and status has changed. */
function countGeneration({ strategy }: Served, object: JsonObject, before: JsonObject): void {
  if (!strategy.counted) {
    return;
  }
  const { metadata: _new, status: _newStatus, ...now } = object;
  const { metadata: _old, status: _oldStatus, ...then } = before;
  if (!jsonEquals(now, then)) {
    const generation = metadataOf(before)['generation'];
    metadataOf(object)['generation'] = (typeof generation === 'number' ? generation : 0) + 1;
  }
}
