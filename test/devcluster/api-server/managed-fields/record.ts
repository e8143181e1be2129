import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { customResourceDefinitions } from '../../../../src/api/crds.ts';
import type { Json, JsonObject } from '../../../../src/devcluster/api-server/schema/schema.ts';
import { isObject } from '../../../../src/devcluster/api-server/patch/json-record.ts';
import { ensureAssets } from '../../../../src/devcluster/control-plane/assets.ts';
import { startControlPlane } from '../../../../src/devcluster/control-plane/control-plane.ts';
import { loadConnection } from '../../../../src/kube/kubeconfig.ts';
import { createTransport, type HttpResponse, type Transport } from '../../../../src/kube/transport.ts';
import { sleep, systemClock } from '../../../../src/time/clock.ts';
import { objectName, sentBody, served, stepTime, type Answer } from './sequence-objects.ts';
import { sequences, type Request, type Sequence } from './sequences.ts';
import { definitions } from './widget-definition.ts';

/*
 * Asks a real kube-apiserver what it makes of every sequence, and writes recorded/answers.jsonl and recorded/schemas.json. Run by
 * hand after a change of the sequences:  node --import tsx test/devcluster/api-server/managed-fields/record.ts
 * The k-th request of every sequence is sent in a second of its own, so that times in managedFields tell which request wrote them.
 */

const contentTypes: Readonly<Record<Request['verb'], string>> = {
  create: 'application/json',
  update: 'application/json',
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};

const folder = fileURLToPath(new URL('recorded/', import.meta.url));
const controlPlane = await startControlPlane({ assets: await ensureAssets() });
try {
  // Controllers and the scheduler would write to the objects, too.
  for (const name of ['kube-controller-manager', 'kube-scheduler']) {
    process.kill(controlPlane.pids[name]!, 'SIGKILL');
  }
  const connection = await loadConnection({ kubeconfig: controlPlane.kubeconfig });
  const transport = createTransport(connection, { clock: systemClock });
  await installDefinitions(transport);
  const answers = await recordAll(transport);
  await mkdir(folder, { recursive: true });
  await writeFile(
    `${folder}answers.jsonl`,
    Object.entries(answers)
      .map(([name, list]) => `${JSON.stringify({ name, answers: list })}\n`)
      .join(''),
  );
  await writeFile(`${folder}schemas.json`, await compact(await builtinSchemas(transport, answers)));
  transport.close();
} finally {
  await controlPlane.stop();
}

async function compact(value: object): Promise<string> {
  return format(JSON.stringify(value), { parser: 'json', printWidth: 140 });
}

async function installDefinitions(transport: Transport): Promise<void> {
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  for (const definition of [...definitions, ...customResourceDefinitions()]) {
    const headers = { 'Content-Type': 'application/json' };
    await transport.request({ method: 'POST', path, headers, body: JSON.stringify(definition) });
  }
  for (const { apiVersion, plural } of Object.values(served)) {
    for (let tries = 0; tries < 100; tries++) {
      const response = await transport.request({ method: 'GET', path: collection(apiVersion, plural) });
      if (response.status === 200) {
        break;
      }
      await sleep(systemClock, 200);
    }
  }
}

function collection(apiVersion: string, plural: string): string {
  return `/${apiVersion.includes('/') ? 'apis' : 'api'}/${apiVersion}/namespaces/default/${plural}`;
}

async function recordAll(transport: Transport): Promise<Record<string, Answer[]>> {
  const answers: Record<string, Answer[]> = Object.fromEntries(sequences.map(({ name }) => [name, []]));
  const starts: number[] = [];
  const longest = Math.max(...sequences.map(({ requests }) => requests.length));
  for (let index = 0; index < longest; index++) {
    await sleep(systemClock, 1100 - (Date.now() % 1000));
    starts.push(Math.floor(Date.now() / 1000));
    await Promise.all(
      sequences.map(async (sequence) => {
        const request = sequence.requests[index];
        if (request !== undefined) {
          answers[sequence.name]!.push(await record(transport, sequence, request));
        }
      }),
    );
  }
  for (const list of Object.values(answers)) {
    const versions = new Set(list.map(versionOf));
    for (const answer of list) {
      const metadata = answer.object?.['metadata'];
      if (isObject(metadata)) {
        metadata['resourceVersion'] = String([...versions].indexOf(versionOf(answer)));
      }
    }
  }
  return JSON.parse(JSON.stringify(answers), (key, value: Json) =>
    key === 'time' && typeof value === 'string' ? relativeTime(value, starts) : value,
  ) as Record<string, Answer[]>;
}

function versionOf({ object }: Answer): Json | undefined {
  const metadata = object?.['metadata'];
  return isObject(metadata) ? metadata['resourceVersion'] : undefined;
}

/** The second of the request in which that time lies; other times stay. */
function relativeTime(time: string, starts: readonly number[]): string {
  const index = starts.findLastIndex((start) => start <= Date.parse(time) / 1000);
  return index < 0 ? time : stepTime(index);
}

async function record(transport: Transport, sequence: Sequence, request: Request): Promise<Answer> {
  const response = await send(transport, sequence, request);
  const body = JSON.parse(response.body) as JsonObject;
  const current = await get(transport, sequence);
  const object = current === undefined ? {} : { object: normalised(current) };
  if (response.status < 300) {
    return { code: response.status, ...object };
  }
  const { reason, message, details } = body;
  const causes = isObject(details) ? details['causes'] : undefined;
  return {
    code: response.status,
    ...object,
    status: {
      ...(typeof reason === 'string' ? { reason } : {}),
      message: typeof message === 'string' ? message : '',
      ...(causes === undefined ? {} : { causes }),
    },
  };
}

async function get(transport: Transport, sequence: Sequence): Promise<JsonObject | undefined> {
  const { apiVersion, plural } = served[sequence.kind];
  const path = `${collection(apiVersion, plural)}/${objectName(sequence)}`;
  const response = await transport.request({ method: 'GET', path });
  return response.status === 200 ? (JSON.parse(response.body) as JsonObject) : undefined;
}

async function send(transport: Transport, sequence: Sequence, request: Request): Promise<HttpResponse> {
  const { apiVersion, plural } = served[sequence.kind];
  const { verb, manager, force, subresource } = request;
  let body = sentBody(sequence, request);
  if (verb === 'update' && isObject(body)) {
    const live = await get(transport, sequence);
    const { resourceVersion } = live?.['metadata'] as JsonObject;
    body = { ...body, metadata: { ...(body['metadata'] as JsonObject), resourceVersion } };
  }
  const query = new URLSearchParams({ fieldManager: manager, ...(force === true ? { force: 'true' } : {}) });
  const object =
    verb === 'create' ? '' : `/${objectName(sequence)}${subresource === undefined ? '' : `/${subresource}`}`;
  return transport.request({
    method: verb === 'create' ? 'POST' : verb === 'update' ? 'PUT' : 'PATCH',
    path: `${collection(apiVersion, plural)}${object}?${query.toString()}`,
    headers: { 'Content-Type': contentTypes[verb] },
    body: JSON.stringify(body),
  });
}

/** Without what differs from run to run. The resourceVersion becomes a count: it tells whether something was written. */
function normalised(object: JsonObject): JsonObject {
  const { uid: _, creationTimestamp: __, ...metadata } = object['metadata'] as JsonObject;
  return { ...object, metadata: { ...metadata, uid: 'uid', creationTimestamp: stepTime(0) } };
}

/** Of the kinds that the API server has built in: their schemas, as far as the recorded objects use them. */
async function builtinSchemas(
  transport: Transport,
  answers: Record<string, Answer[]>,
): Promise<Record<string, JsonObject>> {
  const schemas: Record<string, JsonObject> = {};
  for (const kind of ['ConfigMap', 'Pod', 'Service', 'ReplicaSet'] as const) {
    const group = kind === 'ReplicaSet' ? 'apis/apps/v1' : 'api/v1';
    const response = await transport.request({ method: 'GET', path: `/openapi/v3/${group}` });
    const document = JSON.parse(response.body) as { components: { schemas: Record<string, JsonObject> } };
    const name = `io.k8s.api.${kind === 'ReplicaSet' ? 'apps' : 'core'}.v1.${kind}`;
    const values = sequences
      .filter((sequence) => sequence.kind === kind)
      .flatMap((sequence) => [
        ...answers[sequence.name]!.flatMap(({ object }) => (object === undefined ? [] : [object])),
        ...sequence.requests.filter(({ verb }) => verb !== 'json').map(({ body }) => body),
      ]);
    schemas[kind] = used(document.components.schemas[name]!, values, document.components.schemas);
  }
  return schemas;
}

function used(schema: JsonObject, values: readonly Json[], all: Record<string, JsonObject>): JsonObject {
  const {
    description: _,
    $ref,
    allOf,
    properties,
    items,
    additionalProperties,
    default: fallback,
    ...rest
  } = schema;
  const [first] = (allOf ?? []) as JsonObject[];
  const reference = ($ref ?? first?.['$ref']) as string | undefined;
  if (reference !== undefined) {
    const target = all[reference.slice(reference.lastIndexOf('/') + 1)]!;
    return { ...used(target, values, all), ...rest };
  }
  const objects = values.filter(isObject);
  return {
    ...rest,
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(isObject(items)
      ? {
          items: used(
            items,
            values.flatMap((value) => (Array.isArray(value) ? value : [])),
            all,
          ),
        }
      : {}),
    ...(isObject(additionalProperties)
      ? {
          additionalProperties: used(
            additionalProperties,
            objects.flatMap((object) => Object.values(object) as Json[]),
            all,
          ),
        }
      : {}),
    ...(isObject(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(properties as Record<string, JsonObject>)
              .filter(([field]) => objects.some((object) => object[field] !== undefined))
              .map(([field, property]) => [
                field,
                used(
                  property,
                  objects.map((object) => object[field] ?? null),
                  all,
                ),
              ]),
          ),
        }
      : {}),
  };
}
