import { textOf } from '../json-text.ts';
import type { Served } from '../resources/served.ts';
import { isObject } from '../schema/json.ts';
import { applyDefaults, fillDefaults } from '../schema/defaults.ts';
import type { JsonObject } from '../schema/schema.ts';
import { conflict, notFound, StatusError } from '../status.ts';
import { metaString, metadataOf, type StoredRecord } from '../storage/record.ts';
import { keyOf, type ApiRequest, type ApiResult, type VerbContext } from './api-request.ts';
import { createObject } from './create-object.ts';
import { checkMetadataTypes, checkTypes } from './check-types.ts';
import { plainFinalizers } from '../metadata/plain-finalizers.ts';
import { dropNulls } from './drop-nulls.ts';
import { checkKind, decodeBody, dropUnknownFields, warnOfOtherVersion } from './decode.ts';
import { deleteObject } from './delete-object.ts';
import { deleteOptions } from './delete-options.ts';
import { selectRecords } from './list.ts';
import { updateObject } from './update-object.ts';
import { writeOptions } from './write-options.ts';
import type { WriteOptions } from './write-options.ts';

/** POST to a collection. */
export function create(context: VerbContext, request: ApiRequest): ApiResult {
  const options = writeOptions('CreateOptions', request.query, request.headers);
  const object = decodeObject(request, options);
  const { served, namespace } = request;
  const warnings = [...(served.strategy.warnings?.(object) ?? []), ...plainFinalizers(served, object)];
  try {
    const record = createObject(context, { served, namespace, object, options });
    request.warnings.push(...warnings);
    return { kind: 'record', code: 201, record };
  } catch (error) {
    // Whoever passes validation is warned, even when the name is taken.
    if (error instanceof StatusError && error.reason === 'AlreadyExists') {
      request.warnings.push(...warnings);
    }
    throw error;
  }
}

/** PUT to an object or its status. */
export function update(context: VerbContext, request: ApiRequest): ApiResult {
  const options = writeOptions('UpdateOptions', request.query, request.headers);
  const { served, namespace, subresource } = request;
  const object = decodeObject(request, options);
  const live = served.collection.get(keyOf(namespace, request.name ?? ''));
  if (live === undefined) {
    return createByUpdate(context, request, { object, options });
  }
  checkUid(served, live, object);
  const record = updateObject(context, { served, live, object, subresource, options });
  request.warnings.push(...plainFinalizers(served, record.object, live.object));
  return { kind: 'record', code: 200, record };
}

function createByUpdate(
  context: VerbContext,
  { served, namespace, name = '', subresource }: ApiRequest,
  { object, options }: { object: JsonObject; options: WriteOptions },
): ApiResult {
  if (served.strategy.createsOnUpdate !== true || subresource !== undefined) {
    throw notFound(served.resource, name);
  }
  refuseOtherUid(served, { key: keyOf(namespace, name), name, uid: '' }, object);
  return { kind: 'record', code: 201, record: createObject(context, { served, namespace, object, options }) };
}

/** PUT says which object it means by its UID as well. */
function checkUid(served: Served, live: StoredRecord, object: JsonObject): void {
  refuseOtherUid(served, { key: live.key, name: live.name, uid: metadataOf(live.object)['uid'] }, object);
}

/** @throws StatusError 409 */
export function refuseOtherUid(
  { resource }: Served,
  { key: path, name, uid }: { key: string; name: string; uid: JsonObject[string] },
  object: JsonObject,
): void {
  const given = metaString(object, 'uid');
  if (given !== undefined && given !== uid) {
    const key = `/registry/${resource.custom ? `${resource.group}/` : ''}${resource.plural}/${path}`;
    throw conflict(
      resource,
      name,
      `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${given}, UID in object meta: ${textOf(uid)}`,
    );
  }
}

/** DELETE of one object. */
export function remove(context: VerbContext, request: ApiRequest): ApiResult {
  const options = deleteOptions(request);
  const { served, namespace, name = '' } = request;
  const live = served.collection.get(keyOf(namespace, name));
  if (live === undefined) {
    throw notFound(served.resource, name);
  }
  const { record, gone } = deleteObject(context, { served, live }, options);
  return gone && served.strategy.returnsDeleted !== true
    ? { kind: 'object', code: 200, object: deletedStatus(served, record) }
    : { kind: 'record', code: 200, record };
}

function deletedStatus({ resource }: Served, record: StoredRecord): JsonObject {
  const { group, plural } = resource;
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name: record.name,
      ...(group === '' ? {} : { group }),
      kind: plural,
      uid: metadataOf(record.object)['uid'],
    },
  };
}

/** DELETE of a collection: each object that the selectors choose, one after the other. Answers with them as they were. */
export function removeCollection(context: VerbContext, request: ApiRequest): ApiResult {
  const options = deleteOptions(request);
  const { served } = request;
  const targets = selectRecords(request);
  for (const live of targets) {
    deleteObject(context, { served, live }, options);
  }
  return {
    kind: 'list',
    metadata: {
      ...(served.resource.custom ? { continue: '' } : {}),
      resourceVersion: String(context.store.revision),
    },
    records: targets,
  };
}

/** The object in the body, of the right kind, without unknown fields, with defaults. */
function decodeObject(request: ApiRequest, options: WriteOptions): JsonObject {
  const { served, warnings } = request;
  const object = decodeBody(request.body, request.headers['content-type'], served.resource);
  return prepareObject(object, { served, options, warnings });
}

interface Preparation {
  readonly served: Served;
  readonly options: WriteOptions;
  readonly warnings: string[];
  /** True for the result of an apply, in which a null is a mistake. */
  readonly applied?: boolean;
}

/** {@link decodeObject} for what is an object already, such as the result of a patch. */
export function prepareObject(
  object: JsonObject,
  { served, options, warnings, applied = false }: Preparation,
): JsonObject {
  const { resource, strategy } = served;
  if (resource.custom) {
    checkMetadataTypes(object, resource);
    warnOfOtherVersion(object, resource, { options, warnings });
  }
  checkKind(object, resource);
  dropUnknownFields(object, resource, { options, warnings });
  if (!resource.custom && resource.schema !== undefined) {
    checkTypes(object, resource.schema, resource);
    dropNulls(object, resource.schema);
  }
  dropEmpty(object);
  if (resource.custom && resource.schema !== undefined) {
    (applied ? fillDefaults : applyDefaults)(object, resource.schema);
  }
  strategy.defaults?.(object);
  return object;
}

/** What Go leaves out when it is empty, so that nobody ever sees it. */
const LEFT_OUT = ['labels', 'annotations', 'ownerReferences', 'finalizers'] as const;

function dropEmpty(object: JsonObject): void {
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  object['metadata'] = metadata;
  for (const field of LEFT_OUT) {
    const value = metadata[field];
    if (value === null || (typeof value === 'object' && Object.keys(value).length === 0)) {
      Reflect.deleteProperty(metadata, field);
    }
  }
}
