import { textOf } from '../json-text.ts';
import type { ScalePaths } from '../resources/resource.ts';
import type { Served } from '../resources/served.ts';
import { isObject } from '../schema/json.ts';
import type { Json, JsonObject } from '../schema/schema.ts';
import { invalidValue } from '../field-errors.ts';
import { badRequest, invalid, notFound } from '../status.ts';
import { metadataOf, type StoredRecord } from '../storage/record.ts';
import { keyOf, toServed, type ApiResult } from '../verbs/api-request.ts';
import { decodeBody } from '../verbs/decode.ts';
import { patchedObject } from '../verbs/patch.ts';
import { updateObject } from '../verbs/update-object.ts';
import { writeOptions } from '../verbs/write-options.ts';
import { pathParts, valueAt, withValueAt } from './field-path.ts';
import type { SubresourceContext, SubresourceRequest } from './subresources.ts';

/** GET, PUT and PATCH of NAME/scale: the number of replicas as an autoscaling/v1 Scale, whatever the kind. */
export function scale(context: SubresourceContext, request: SubresourceRequest): ApiResult {
  const { served, namespace, name = '', method, query, headers, body } = request;
  const { scale: paths } = served.resource.subresources;
  const live = served.collection.get(keyOf(namespace, name));
  if (live === undefined || paths === undefined) {
    throw notFound(served.resource, name);
  }
  const current = scaleOf(served, live, paths);
  if (method === 'GET') {
    return { kind: 'object', code: 200, object: current };
  }
  const wanted =
    method === 'PUT'
      ? decodeBody(body, headers['content-type'], { kind: 'Scale' })
      : patchedObject(request, current);
  checkScale(wanted, { name, namespace });
  const options = writeOptions(method === 'PUT' ? 'UpdateOptions' : 'PatchOptions', query, headers);
  const replicas = isObject(wanted['spec']) ? (wanted['spec']['replicas'] ?? 0) : 0;
  const before = toServed(served, live.object);
  const resourceVersion = metadataOf(wanted)['resourceVersion'] ?? '';
  const object = {
    ...withValueAt(before, pathParts(paths.specReplicasPath), replicas),
    metadata: { ...metadataOf(before), resourceVersion },
  };
  const record = updateObject(context, { served, live, object, subresource: 'scale', options });
  return { kind: 'object', code: 200, object: scaleOf(served, record, paths) };
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
  const replicas = isObject(wanted['spec']) ? wanted['spec']['replicas'] : undefined;
  if (typeof replicas === 'number' && replicas < 0) {
    throw invalid({ group: 'autoscaling', kind: 'Scale' }, name, [
      invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0'),
    ]);
  }
}
