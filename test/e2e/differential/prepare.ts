import { setTimeout as sleep } from 'node:timers/promises';
import { customResourceDefinitions } from '../../../src/api/crds.ts';
import type { Json, JsonObject } from '../../../src/devcluster/api-server/schema/schema.ts';
import { gadgetDefinition } from './gadget.ts';
import { fullPath } from './paths.ts';
import { namespaceOf } from './run-case.ts';
import type { Connection } from './side.ts';
import type { Case } from './step.ts';

const LIMIT_MS = 60_000;

/** The definitions that the cases use. */
const definitions = [...customResourceDefinitions(), gadgetDefinition] as unknown as JsonObject[];

/** Makes the custom resources and all namespaces, and waits until each is usable. */
export async function prepare(connection: Connection, cases: readonly Case[]): Promise<void> {
  for (const definition of definitions) {
    await create(connection, fullPath('customresourcedefinitions'), definition);
  }
  const names = cases.map((each) => namespaceOf(connection.side.prefix, each));
  await Promise.all(
    names.map((name) =>
      create(connection, fullPath('namespaces'), { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }),
    ),
  );
  // Without its service account a namespace admits no pod.
  for (const name of names) {
    await served(connection, `/api/v1/namespaces/${name}/serviceaccounts/default`);
  }
  for (const path of [
    '/apis/headframe.dev/v1alpha1',
    '/apis/gadgets.example.com/v1',
    '/apis/gadgets.example.com/v2',
  ]) {
    await served(connection, path);
    await served(connection, `/openapi/v3${path}`);
  }
}

async function create(connection: Connection, path: string, object: Json): Promise<void> {
  const answer = await connection.send({
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(object),
  });
  if (answer.status !== 201 && answer.status !== 409) {
    throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
}

async function served(connection: Connection, path: string): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  for (;;) {
    const { status } = await connection.send({ method: 'GET', path, headers: {} });
    if (status === 200) {
      return;
    }
    if (performance.now() > deadline) {
      throw new Error(`${connection.side.url}${path} is not there: ${status}`);
    }
    await sleep(50);
  }
}
