import { textOf } from '../json-text.ts';
import { parse as parseYaml } from 'yaml';
import { ApplyConflict } from '../managed-fields/apply-conflict.ts';
import { applyConfiguration } from '../managed-fields/apply.ts';
import type { FieldWriter } from '../managed-fields/track-update.ts';
import { plainFinalizers } from '../metadata/plain-finalizers.ts';
import { goKind } from '../patch/go-text.ts';
import { PatchError } from '../patch/patch-error.ts';
import { applyJsonPatch } from '../patch/json-patch.ts';
import { applyMergePatch } from '../patch/merge-patch.ts';
import { applyStrategicMergePatch } from '../patch/strategic-merge.ts';
import { groupVersionOf, type Resource } from '../resources/resource.ts';
import { canonicalText, isObject } from '../schema/json.ts';
import { invalidValue } from '../field-errors.ts';
import type { Json, JsonObject } from '../schema/schema.ts';
import { badRequest, conflict, invalid, notFound, StatusError, unsupportedMediaType } from '../status.ts';
import { metadataOf, type StoredRecord } from '../storage/record.ts';
import { keyOf, toServed, type ApiRequest, type ApiResult, type VerbContext } from './api-request.ts';
import { createObject } from './create-object.ts';
import { goJsonError, mediaTypeOf } from './decode.ts';
import { goText } from './go-text.ts';
import { writerOf } from './ownership.ts';
import { updateObject } from './update-object.ts';
import { checkPatchOptions, writeOptions, type WriteOptions } from './write-options.ts';
import { prepareObject } from './writes.ts';

type PatchKind = 'json' | 'merge' | 'strategic' | 'apply';

const kinds: Readonly<Record<string, PatchKind>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

/** PATCH of an object or its status. */
export function patch(context: VerbContext, request: ApiRequest): ApiResult {
  const { served, namespace, name = '', query, headers } = request;
  const kind = patchKind(headers['content-type'], served.resource);
  checkPatchOptions(query, kind === 'apply');
  const options = writeOptions('PatchOptions', query, headers);
  const live = served.collection.get(keyOf(namespace, name));
  const step: PatchStep = { context, request, options };
  if (kind === 'apply') {
    return apply(step, live);
  }
  if (live === undefined) {
    throw notFound(served.resource, name);
  }
  const before = toServed(served, live.object);
  const object = prepared(step, patched({ kind, before, request }));
  const record = updateObject(context, { served, live, object, subresource: request.subresource, options });
  request.warnings.push(...plainFinalizers(served, record.object, live.object));
  return { kind: 'record', code: 200, record };
}

interface PatchStep {
  readonly context: VerbContext;
  readonly request: ApiRequest;
  readonly options: WriteOptions;
}

/** What a patch of one kind makes of an object. @throws StatusError */
export function patchedObject(request: ApiRequest, before: JsonObject): JsonObject {
  const kind = patchKind(request.headers['content-type'], request.served.resource);
  return patched({ kind, before, request });
}

export function isApply({ headers }: Pick<ApiRequest, 'headers'>): boolean {
  return kinds[mediaTypeOf(headers['content-type'])] === 'apply';
}

/** What applying the request's body makes of an object. @throws StatusError */
export function applyTo(
  request: ApiRequest,
  { live, writer, force }: { live: JsonObject; writer: FieldWriter; force: boolean },
): JsonObject {
  const applied = readPatch(request.body, 'apply') as JsonObject;
  return asStatusErrors(() => applyConfiguration({ live, applied, writer, force }));
}

function patchKind(contentType: string | undefined, { custom }: Resource): PatchKind {
  const mediaType = mediaTypeOf(contentType);
  const kind = kinds[mediaType];
  if (kind === undefined || (kind === 'strategic' && custom)) {
    const known = Object.keys(kinds).filter((type) => !custom || kinds[type] !== 'strategic');
    throw custom
      ? unsupportedMediaType(
          `the body of the request was in an unknown format - accepted media types include: ${known.join(', ')}`,
        )
      : new StatusError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', { details: {} });
  }
  return kind;
}

function patched({
  kind,
  before,
  request,
}: {
  kind: PatchKind;
  before: JsonObject;
  request: ApiRequest;
}): JsonObject {
  const { schema } = request.served.resource;
  const body = readPatch(request.body, kind);
  return asStatusErrors(() => {
    switch (kind) {
      case 'json':
        return applyJsonPatch(before, body);
      case 'strategic':
        return schema === undefined
          ? applyMergePatch(before, body)
          : applyStrategicMergePatch(before, body, schema);
      case 'merge':
      case 'apply':
        return applyMergePatch(before, body);
    }
  });
}

function readPatch(body: Buffer, kind: PatchKind): Json {
  const text = body.toString('utf8');
  let value: Json;
  try {
    value = (
      kind === 'apply' && !text.trimStart().startsWith('{') ? parseYaml(text) : JSON.parse(text)
    ) as Json;
  } catch (error) {
    throw badRequest(
      kind === 'apply'
        ? `error decoding patch: ${goJsonError(text, (error as Error).message)}`
        : 'invalid JSON patch',
    );
  }
  if (kind !== 'json' && !isObject(value)) {
    throw badRequest(
      `error decoding patch: ${kind === 'apply' ? 'error unmarshaling JSON: while decoding JSON: ' : ''}json: cannot unmarshal ${goKind(value)} into Go value of type map[string]interface {}`,
    );
  }
  return value;
}

/** A patched object is refused as a patch, not as an object. */
function prepared({ request, options }: PatchStep, object: JsonObject): JsonObject {
  const { served, warnings } = request;
  // A patch shares what it left alone with the stored object, which nobody may change.
  const fresh = structuredClone(object);
  try {
    return prepareObject(fresh, { served, options, warnings });
  } catch (error) {
    if (!(error instanceof StatusError) || error.code !== 400) {
      throw error;
    }
    const { resource } = served;
    const groupVersion = groupVersionOf(resource);
    if (
      resource.custom &&
      isObject(object) &&
      (object['kind'] ?? '') !== '' &&
      object['apiVersion'] !== groupVersion
    ) {
      throw invalid(resource, textOf(metadataOf(object)['name']), [
        invalidValue('apiVersion', object['apiVersion'] ?? '', `must be ${groupVersion}`),
      ]);
    }
    const why = error.message
      .replace(/^.* cannot be handled as an? \S+: /, '')
      .replace(/^the object provided is unrecognized .*?(Object 'Kind' is missing in '.*') \(.*$/s, '$1');
    throw invalid({ group: '', kind: '' }, '', [
      {
        reason: 'FieldValueInvalid',
        field: 'patch',
        value: isObject(object['metadata']) ? goText(object) : canonicalText(object),
        detail: why,
      },
    ]);
  }
}

function apply(step: PatchStep, live: StoredRecord | undefined): ApiResult {
  const { context, request, options } = step;
  const { served, namespace, name = '', subresource, warnings } = request;
  const applied = readPatch(request.body, 'apply') as JsonObject;
  checkApplied(applied, request);
  if (live === undefined && subresource !== undefined) {
    throw notFound(served.resource, name);
  }
  const configuration = prepareApplied(applied, request);
  const { schema } = served.resource;
  const merged = asStatusErrors(() =>
    applyConfiguration({
      ...(live === undefined ? {} : { live: toServed(served, live.object) }),
      applied: configuration,
      ...(schema === undefined ? {} : { schema }),
      writer: writerOf(context, { served, subresource, options }, 'Apply'),
      force: options.force,
    }),
  );
  const object = prepareObject(structuredClone(merged), {
    served,
    options: quiet(options),
    warnings,
    applied: true,
  });
  if (live === undefined) {
    refuseUid(request, applied);
    Reflect.deleteProperty(metadataOf(object), 'resourceVersion');
    const record = createObject(context, { served, namespace, object, options, owned: true });
    return { kind: 'record', code: 201, record };
  }
  const record = updateObject(context, { served, live, object, subresource, options, owned: true });
  return { kind: 'record', code: 200, record };
}

/** What was unknown has been spoken of when the configuration was read. */
function quiet(options: WriteOptions): WriteOptions {
  return { ...options, fieldValidation: 'Ignore' };
}

function checkApplied(applied: JsonObject, { served: { resource }, name = '', namespace }: ApiRequest): void {
  const { apiVersion, kind } = applied;
  if (apiVersion !== groupVersionOf(resource) || kind !== resource.kind) {
    throw badRequest(`invalid object type: ${describeKind(apiVersion, kind)}`);
  }
  const metadata = metadataOf(applied);
  const given = metadata['name'] ?? '';
  if (given === '') {
    throw badRequest(
      `the name of the object (${name} based on URL) was undeterminable: name must be provided`,
    );
  }
  if (given !== name) {
    throw badRequest(
      `the name of the object (${textOf(given)}) does not match the name on the URL (${name})`,
    );
  }
  const givenNamespace = metadata['namespace'] ?? '';
  if (givenNamespace !== '' && givenNamespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
}

function describeKind(apiVersion: Json | undefined, kind: Json | undefined): string {
  const [group, version] = textOf(apiVersion ?? '').includes('/')
    ? textOf(apiVersion).split('/', 2)
    : ['', textOf(apiVersion ?? '')];
  return `${group ?? ''}/${version ?? ''}, Kind=${textOf(kind ?? '')}`;
}

/** Fields that this door does not write leave the configuration before it is owned. */
function prepareApplied(applied: JsonObject, { served, subresource }: ApiRequest): JsonObject {
  const fresh = structuredClone(applied);
  const { resource } = served;
  if (resource.subresources.status === true && subresource === undefined) {
    delete fresh['status'];
  }
  return fresh;
}

function refuseUid({ served, name = '' }: ApiRequest, applied: JsonObject): void {
  const { uid } = metadataOf(applied);
  if (typeof uid === 'string' && uid !== '') {
    throw conflict(
      served.resource,
      name,
      `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
    );
  }
}

/** What the patch libraries object to, as a Status. */
function asStatusErrors<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ApplyConflict) {
      throw new StatusError(409, 'Conflict', error.message, { details: { causes: error.causes } });
    }
    if (error instanceof PatchError) {
      throw new StatusError(error.code, error.reason, error.message, {
        ...(error.code === 422 ? { details: {} } : {}),
      });
    }
    throw error;
  }
}
