import assert from 'node:assert/strict';
import type { KubeObject, ResourceType } from '../../../src/api/kube-object.ts';
import { resourcePath } from '../../../src/kube/path.ts';
import type { TestCluster } from '../../support/test-cluster.ts';

/** What the API server answers to an object that nobody keeps: its status code, and its message. */
interface Verdict {
  readonly code: number;
  readonly message: string;
}

/** Creates an object as `kubectl apply --dry-run=server` does: unknown fields are errors, and nothing is kept. */
async function verdictOn<T extends KubeObject>(
  { transport }: TestCluster,
  type: ResourceType<T>,
  object: object,
): Promise<Verdict> {
  const { namespace } = (object as KubeObject).metadata;
  const target = namespace === undefined ? {} : { namespace };
  const { status, body } = await transport.request({
    method: 'POST',
    path: `${resourcePath(type, target)}?dryRun=All&fieldValidation=Strict`,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(object),
  });
  const { message = '' } = JSON.parse(body) as { message?: string };
  return { code: status, message };
}

/** Fails unless the object is refused as invalid, with these words. */
export async function assertRefused<T extends KubeObject>(
  cluster: TestCluster,
  type: ResourceType<T>,
  object: object,
  says: RegExp,
): Promise<void> {
  const { code, message } = await verdictOn(cluster, type, object);
  assert.match(message, says);
  // 400 for what cannot be read as the kind, 422 for what breaks its rules.
  assert.ok(code === 400 || code === 422, `it was answered with ${code}`);
}

/** Fails unless the object would be created. */
export async function assertTaken<T extends KubeObject>(
  cluster: TestCluster,
  type: ResourceType<T>,
  object: object,
): Promise<void> {
  assert.deepEqual(await verdictOn(cluster, type, object), { code: 201, message: '' });
}
