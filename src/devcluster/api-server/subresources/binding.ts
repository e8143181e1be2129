import { textOf } from '../json-text.ts';
import { rfc3339 } from '../../../time/clock.ts';
import { isObject } from '../schema/json.ts';
import type { Json, JsonObject } from '../schema/schema.ts';
import { conflict, internalError, notFound } from '../status.ts';
import { metadataOf } from '../storage/record.ts';
import { keyOf, type ApiResult } from '../verbs/api-request.ts';
import { decodeBody } from '../verbs/decode.ts';
import { updateObject } from '../verbs/update-object.ts';
import { refuseOtherUid } from '../verbs/writes.ts';
import { writeOptions } from '../verbs/write-options.ts';
import { checkName } from './check-name.ts';
import type { SubresourceContext, SubresourceRequest } from './subresources.ts';

/** POST pods/NAME/binding: puts a pod on a node, once. @throws StatusError 409 when it is on one */
export function bindPod(context: SubresourceContext, request: SubresourceRequest): ApiResult {
  const { served, namespace, name = '', body, headers, query } = request;
  const options = writeOptions('CreateOptions', query, headers);
  const binding = decodeBody(body, headers['content-type'], { kind: 'Binding' });
  const node = targetOf(binding);
  const live = served.collection.get(keyOf(namespace, name));
  if (live === undefined) {
    throw notFound(served.resource, name);
  }
  checkName(binding, { name, kind: 'Binding' });
  refuseOtherUid(served, { key: live.key, name, uid: metadataOf(live.object)['uid'] }, binding);
  refuseBound(live.object, name);
  const spec = isObject(live.object['spec']) ? live.object['spec'] : {};
  const status = isObject(live.object['status']) ? live.object['status'] : {};
  const object: JsonObject = {
    ...live.object,
    metadata: { ...metadataOf(live.object), ...mergedMetadata(live.object, binding) },
    spec: { ...spec, nodeName: node },
    status: {
      ...status,
      conditions: withScheduled(status['conditions'], rfc3339(context.clock.now())),
    },
  };
  updateObject(context, { served, live, object, subresource: 'binding', options, forced: true, owned: true });
  return {
    kind: 'object',
    code: 201,
    object: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 },
  };
}

function targetOf({ target }: JsonObject): string {
  const { kind = '', name = '' } = isObject(target) ? target : {};
  const errors = [
    ...(kind === 'Node' || kind === ''
      ? []
      : [`target.kind: Unsupported value: ${JSON.stringify(kind)}: supported values: "Node", "<empty>"`]),
    ...(typeof name === 'string' && name !== '' ? [] : ['target.name: Required value']),
  ];
  if (errors.length > 0) {
    throw internalError(errors.length === 1 ? errors.join('') : `[${errors.join(', ')}]`);
  }
  return textOf(name);
}

function refuseBound(pod: JsonObject, name: string): void {
  const binding = { group: '', plural: 'pods/binding' };
  if (metadataOf(pod)['deletionTimestamp'] !== undefined) {
    throw conflict(binding, name, `pod ${name} is being deleted, cannot be assigned to a host`);
  }
  const node = isObject(pod['spec']) ? pod['spec']['nodeName'] : undefined;
  if (typeof node === 'string' && node !== '') {
    throw conflict(binding, name, `pod ${name} is already assigned to node ${JSON.stringify(node)}`);
  }
}

/** A binding may add labels and annotations. */
function mergedMetadata(pod: JsonObject, binding: JsonObject): JsonObject {
  const merged: JsonObject = {};
  for (const field of ['labels', 'annotations']) {
    const added = metadataOf(binding)[field];
    if (isObject(added)) {
      const present = metadataOf(pod)[field];
      merged[field] = { ...(isObject(present) ? present : {}), ...added };
    }
  }
  return merged;
}

function withScheduled(conditions: Json | undefined, now: string): Json[] {
  const others = (Array.isArray(conditions) ? conditions : []).filter(
    (condition) => !isObject(condition) || condition['type'] !== 'PodScheduled',
  );
  return [...others, { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: now }];
}
