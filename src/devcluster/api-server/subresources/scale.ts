import { textOf } from '../json-text.ts';
import {
  scaleManagedFields,
  withScaleManagers,
  type ScaledResource,
} from '../managed-fields/scale-fields.ts';
import { trackUpdate } from '../managed-fields/track-update.ts';
import { groupVersionOf, type ScalePaths } from '../resources/resource.ts';
import type { Served } from '../resources/served.ts';
import { isObject } from '../schema/json.ts';
import type { Json, JsonObject } from '../schema/schema.ts';
import { badRequest, notFound } from '../status.ts';
import { metadataOf, type StoredRecord } from '../storage/record.ts';
import { keyOf, toServed, type ApiResult } from '../verbs/api-request.ts';
import { decodeBody } from '../verbs/decode.ts';
import { writerOf } from '../verbs/ownership.ts';
import { applyTo, isApply, patchedObject } from '../verbs/patch.ts';
import { updateObject } from '../verbs/update-object.ts';
import { checkPatchOptions, writeOptions, type WriteOptions } from '../verbs/write-options.ts';
import { pathParts, valueAt, withValueAt } from './field-path.ts';
import type { SubresourceContext, SubresourceRequest } from './subresources.ts';

/** GET, PUT and PATCH of NAME/scale: the number of replicas as an autoscaling/v1 Scale, whatever the kind. */
export function scale(context: SubresourceContext, request: SubresourceRequest): ApiResult {
  const { served, namespace, name = '', method, query, headers } = request;
  const { scale: paths } = served.resource.subresources;
  const live = served.collection.get(keyOf(namespace, name));
  if (live === undefined || paths === undefined) {
    throw notFound(served.resource, name);
  }
  const current = scaleOf(served, live, paths);
  if (method === 'GET') {
    return { kind: 'object', code: 200, object: current };
  }
  const options = writeOptions(method === 'PUT' ? 'UpdateOptions' : 'PatchOptions', query, headers);
  const wanted = wantedScale({ context, request, options }, withOwners(current, live.object, request));
  checkScale(wanted, { name, namespace });
  const replicas = isObject(wanted['spec']) ? (wanted['spec']['replicas'] ?? 0) : 0;
  const before = toServed(served, live.object);
  // Unlike an update of the object, one of its scale may leave out the version.
  const resourceVersion = textOf(metadataOf(wanted)['resourceVersion']) || String(live.revision);
  const scaled = {
    ...withValueAt(before, pathParts(paths.specReplicasPath), replicas),
    metadata: { ...metadataOf(before), resourceVersion },
  };
  const object = withScaleManagers(scaled, wanted, scaledResource(served, paths));
  const record = updateObject(context, {
    served,
    live,
    object,
    subresource: 'scale',
    options,
    owned: true,
  });
  return { kind: 'object', code: 200, object: scaleOf(served, record, paths) };
}

interface ScaleWrite {
  readonly context: SubresourceContext;
  readonly request: SubresourceRequest;
  readonly options: WriteOptions;
}

/** The Scale as the request wants it, with its owners. */
function wantedScale({ context, request, options }: ScaleWrite, live: JsonObject): JsonObject {
  const { served, method, body, headers, query } = request;
  const written = { served, subresource: 'scale', options };
  if (method === 'PATCH' && isApply(request)) {
    checkPatchOptions(query, true);
    const writer = { ...writerOf(context, written, 'Apply'), apiVersion: SCALE_VERSION };
    return applyTo(request, { live, writer, force: options.force });
  }
  const after =
    method === 'PUT'
      ? decodedScale(decodeBody(body, headers['content-type'], { kind: 'Scale' }))
      : patchedObject(request, live);
  const writer = { ...writerOf(context, written, 'Update'), apiVersion: SCALE_VERSION };
  return trackUpdate({ before: live, after, writer });
}

/** @throws StatusError 400 for what is no Scale */
function decodedScale(scaleObject: JsonObject): JsonObject {
  const { kind = 'Scale', spec } = scaleObject;
  const replicas = isObject(spec) ? (spec['replicas'] ?? 0) : 0;
  if (kind !== 'Scale' || typeof replicas !== 'number') {
    throw badRequest('no kind is registered for the type v1.Scale in scheme "pkg/runtime/scheme.go:111"');
  }
  return scaleObject;
}

const SCALE_VERSION = 'autoscaling/v1';

function withOwners(scaleObject: JsonObject, parent: JsonObject, { served }: SubresourceRequest): JsonObject {
  const { scale: paths } = served.resource.subresources;
  const owners = paths === undefined ? undefined : scaleManagedFields(parent, scaledResource(served, paths));
  return owners === undefined
    ? scaleObject
    : { ...scaleObject, metadata: { ...metadataOf(scaleObject), managedFields: owners } };
}

function scaledResource({ resource }: Served, { specReplicasPath }: ScalePaths): ScaledResource {
  return { apiVersion: groupVersionOf(resource), specReplicasPath };
}

function scaleOf(served: Served, record: StoredRecord, paths: ScalePaths): JsonObject {
  const object = toServed(served, record.object);
  const metadata = metadataOf(object);
  const names = ['name', 'namespace', 'uid', 'resourceVersion', 'creationTimestamp'];
  const selector =
    paths.labelSelectorPath === undefined ? undefined : selectorText(object, paths.labelSelectorPath);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: Object.fromEntries(
      names.flatMap((name) => (metadata[name] === undefined ? [] : [[name, metadata[name]]])),
    ),
    spec: replicasOf(valueAt(object, pathParts(paths.specReplicasPath))),
    status: {
      replicas: numberOf(valueAt(object, pathParts(paths.statusReplicasPath))),
      ...(selector === undefined || selector === '' ? {} : { selector }),
    },
  };
}

/** Go leaves out a zero here, and not in the status. */
function replicasOf(value: Json | undefined): JsonObject {
  const replicas = numberOf(value);
  return replicas === 0 ? {} : { replicas };
}

function numberOf(value: Json | undefined): number {
  return typeof value === 'number' ? value : 0;
}

/** A custom resource keeps its selector as text, a workload as a LabelSelector. */
function selectorText(object: JsonObject, path: string): string | undefined {
  const value = valueAt(object, pathParts(path));
  if (!isObject(value)) {
    return typeof value === 'string' ? value : undefined;
  }
  const { matchLabels, matchExpressions } = value;
  const labels = Object.entries(isObject(matchLabels) ? matchLabels : {}).map(
    ([key, label]) => `${key}=${textOf(label)}`,
  );
  const expressions = (Array.isArray(matchExpressions) ? matchExpressions : [])
    .filter((expression) => isObject(expression))
    .map(expressionText);
  return [...labels, ...expressions].sort().join(',');
}

function expressionText({ key, operator, values }: JsonObject): string {
  const set = `(${(Array.isArray(values) ? values : []).map(String).sort().join(',')})`;
  const name = textOf(key);
  if (operator === 'Exists' || operator === 'DoesNotExist') {
    return operator === 'Exists' ? name : `!${name}`;
  }
  return operator === 'NotIn' ? `${name} notin ${set}` : `${name} in ${set}`;
}

function checkScale(
  wanted: JsonObject,
  { name, namespace }: { name: string; namespace: string | undefined },
): void {
  const metadata = metadataOf(wanted);
  const given = metadata['name'] ?? '';
  if (given !== '' && given !== name) {
    throw badRequest(
      `the name of the object (${textOf(given)}) does not match the name on the URL (${name})`,
    );
  }
  const givenNamespace = metadata['namespace'] ?? '';
  if (givenNamespace !== '' && givenNamespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
}
