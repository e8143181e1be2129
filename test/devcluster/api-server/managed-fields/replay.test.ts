import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { customResourceDefinitions } from '../../../../src/api/crds.ts';
import { applyConfiguration } from '../../../../src/devcluster/api-server/managed-fields/apply.ts';
import { ApplyConflict } from '../../../../src/devcluster/api-server/managed-fields/apply-conflict.ts';
import {
  managedFieldsOf,
  withManagedFields,
  type FieldWriter,
} from '../../../../src/devcluster/api-server/managed-fields/managers.ts';
import {
  scaleManagedFields,
  withScaleManagers,
} from '../../../../src/devcluster/api-server/managed-fields/scale-fields.ts';
import { trackUpdate } from '../../../../src/devcluster/api-server/managed-fields/track-update.ts';
import { applyJsonPatch } from '../../../../src/devcluster/api-server/patch/json-patch.ts';
import { isObject } from '../../../../src/devcluster/api-server/patch/json-record.ts';
import { applyMergePatch } from '../../../../src/devcluster/api-server/patch/merge-patch.ts';
import { PatchError } from '../../../../src/devcluster/api-server/patch/patch-error.ts';
import { applyStrategicMergePatch } from '../../../../src/devcluster/api-server/patch/strategic-merge.ts';
import type { Json, JsonObject, Schema } from '../../../../src/devcluster/api-server/schema/schema.ts';
import { sentBody, served, stepTime, type Answer } from './sequence-objects.ts';
import { sequences, type Request, type Sequence } from './sequences.ts';
import { gadgetSchema, widgetSchema } from './widget-definition.ts';

/* What a real kube-apiserver answered (recorded by record.ts) against what we make of the same requests. */

const recordedFolder = new URL('recorded/', import.meta.url);
const builtin = JSON.parse(readFileSync(new URL('schemas.json', recordedFolder), 'utf8')) as Record<
  string,
  Schema
>;
const recorded = new Map(
  readFileSync(new URL('answers.jsonl', recordedFolder), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { name: string; answers: Answer[] })
    .map(({ name, answers }) => [name, answers] as const),
);

const minerPool = customResourceDefinitions().find(({ spec }) => spec.names.kind === 'MinerPool');
const schemas: Readonly<Record<string, Schema>> = {
  ...builtin,
  Widget: widgetSchema,
  Gadget: gadgetSchema,
  MinerPool: minerPool?.spec.versions[0]?.schema.openAPIV3Schema as unknown as Schema,
};

/**
 * Set after ownership was noted: by admission plugins and allocators. Nobody owns them.
 */
const setLate: Readonly<Record<string, readonly string[]>> = {
  Pod: ['serviceAccount', 'serviceAccountName', 'tolerations', 'priority', 'preemptionPolicy', 'volumes'],
  Service: ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy'],
};

function writerOf(sequence: Sequence, { manager, verb, subresource }: Request, index: number): FieldWriter {
  return {
    manager,
    operation: verb === 'apply' ? 'Apply' : 'Update',
    apiVersion: served[sequence.kind].apiVersion,
    time: stepTime(index),
    ...(subresource === undefined ? {} : { subresource }),
    ...(sequence.kind === 'Gadget' ? { resetFields: [] } : {}),
  };
}

/** The object that a request other than apply asks for. */
function asked(sequence: Sequence, request: Request, live: JsonObject): JsonObject {
  const body = sentBody(sequence, request);
  switch (request.verb) {
    case 'merge':
      return applyMergePatch(live, body);
    case 'json':
      return applyJsonPatch(live, body);
    case 'strategic':
      return applyStrategicMergePatch(live, body, schemas[sequence.kind]!);
    case 'create':
    case 'update':
    case 'apply':
      return body as JsonObject;
  }
}

/** The object as stored, but with the managedFields of the request and without what is set late. */
function storedAs(
  sequence: Sequence,
  object: JsonObject,
  { live, sent }: { live?: JsonObject; sent: JsonObject },
): JsonObject {
  const late = setLate[sequence.kind] ?? [];
  const spec = object['spec'];
  const liveSpec = live?.['spec'];
  const early = isObject(spec)
    ? Object.fromEntries(
        Object.entries(spec).filter(
          ([field]) => !late.includes(field) || (isObject(liveSpec) && field in liveSpec),
        ),
      )
    : spec;
  return withManagedFields(
    { ...object, ...(early === undefined ? {} : { spec: early }) },
    managedFieldsOf(sent),
  );
}

/** Everything in `part` is in `whole`, and lists are as long; `whole` may have defaults besides. */
function assertCovers(whole: Json | undefined, part: Json, path = ''): void {
  if (isObject(part)) {
    assert.ok(isObject(whole), path);
    for (const [field, value] of Object.entries(part)) {
      if (value !== undefined && value !== null && !(isObject(value) && Object.keys(value).length === 0)) {
        assertCovers(whole[field], value, `${path}.${field}`);
      }
    }
  } else if (Array.isArray(part)) {
    assert.ok(Array.isArray(whole) && whole.length === part.length, `${path}: ${JSON.stringify(part)}`);
    part.forEach((item, index) => assertCovers(whole[index], item, `${path}[${index}]`));
  } else {
    assert.deepEqual(whole, part, path);
  }
}

function content(object: JsonObject): JsonObject {
  const { metadata, status: _, ...others } = withManagedFields(object, undefined);
  const {
    resourceVersion: __,
    generation: ___,
    uid: ____,
    creationTimestamp: _____,
    ...rest
  } = metadata as JsonObject;
  return { ...others, metadata: rest };
}

/** The object after its Scale was patched. */
function scaled(sequence: Sequence, request: Request, at: At & { readonly live: JsonObject }): JsonObject {
  const { live, index, answer } = at;
  const resource = { apiVersion: served[sequence.kind].apiVersion, specReplicasPath: '.spec.replicas' };
  const { replicas } = live['spec'] as JsonObject;
  const scale = withManagedFields(
    { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { uid: 'uid' }, spec: { replicas }, status: {} },
    scaleManagedFields(live, resource),
  );
  const writer = { ...writerOf(sequence, request, index), apiVersion: 'autoscaling/v1' };
  const after = applyMergePatch(scale, request.body);
  const written = trackUpdate({ before: scale, after, schema: undefined, writer });
  return withScaleManagers({ ...live, spec: answer.object?.['spec'] }, written, resource);
}

interface At {
  readonly index: number;
  readonly live?: JsonObject;
  readonly answer: Answer;
}

function replay(sequence: Sequence, request: Request, at: At): void {
  const { index, answer } = at;
  const { live } = at;
  if (request.subresource === 'scale' && live !== undefined) {
    const result = scaled(sequence, request, { ...at, live });
    assert.deepEqual(managedFieldsOf(result), managedFieldsOf(answer.object));
    return;
  }
  const schema = schemas[sequence.kind];
  const writer = writerOf(sequence, request, index);
  if (request.verb === 'apply') {
    const applied = sentBody(sequence, request) as JsonObject;
    const result = applyConfiguration({ live, applied, schema, writer, force: request.force ?? false });
    assertCovers(content(answer.object!), content(result));
    assert.deepEqual(managedFieldsOf(result), managedFieldsOf(answer.object));
    if (isExact(sequence)) {
      assert.deepEqual(content(result), content(answer.object!));
    }
    return;
  }
  const sent =
    live === undefined ? (sentBody(sequence, request) as JsonObject) : asked(sequence, request, live);
  if (live !== undefined && request.subresource === undefined && request.verb !== 'update') {
    assertCovers(content(answer.object!), content(sent));
    if (isExact(sequence)) {
      assert.deepEqual(content(sent), content(answer.object!));
    }
  }
  const after = storedAs(sequence, answer.object!, { ...(live === undefined ? {} : { live }), sent });
  const result = trackUpdate({ before: live, after, schema, writer });
  assert.deepEqual(managedFieldsOf(result), managedFieldsOf(answer.object));
}

/** A kind without defaults: the answer must be the very object. */
function isExact({ kind, name }: Sequence): boolean {
  return (kind === 'Widget' && !name.includes('defaults')) || kind === 'Gadget';
}

describe('field ownership as kube-apiserver recorded it', () => {
  it('covers at least sixty sequences', () => {
    assert.ok(sequences.length >= 60, String(sequences.length));
    assert.deepEqual(
      [...recorded.keys()],
      sequences.map(({ name }) => name),
    );
  });

  for (const sequence of sequences) {
    it(sequence.name, () => {
      let live: JsonObject | undefined;
      for (const [index, request] of sequence.requests.entries()) {
        const answer = recorded.get(sequence.name)![index]!;
        const at = { index, answer, ...(live === undefined ? {} : { live }) };
        if (answer.code < 300) {
          replay(sequence, request, at);
        } else if (!isLaterRefusal(answer)) {
          assertRefused(answer, () => replay(sequence, request, at));
        }
        live = answer.object;
      }
    });
  }
});

/** Refused by validation, after the patch. */
function isLaterRefusal({ status }: Answer): boolean {
  return status?.message.includes(' is invalid: ') ?? false;
}

function assertRefused({ code, status }: Answer, work: () => void): void {
  assert.throws(work, (error: unknown) => {
    if (error instanceof ApplyConflict) {
      assert.deepEqual(
        { code: 409, message: error.message, causes: error.causes },
        { code, message: status?.message, causes: status?.causes },
      );
      return true;
    }
    assert.ok(error instanceof PatchError, String(error));
    assert.deepEqual(
      { code: error.code, reason: error.reason, message: lines(error.message) },
      { code, reason: status?.reason ?? '', message: lines(status?.message ?? '') },
    );
    return true;
  });
}

/** Upstream walks maps in no order. */
function lines(message: string): string[] {
  return message.split('\n').sort();
}
