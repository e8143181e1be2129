import assert from 'node:assert/strict';
import type { KubeObject, ResourceType } from '../../../src/api/kube-object.ts';
import { resourcePath } from '../../../src/kube/path.ts';
import { type TestCluster, startTestCluster } from '../../support/test-cluster.ts';

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

/** The API of our kinds, asked what it thinks of objects. */
export interface ApiOnTrial {
  /** Fails unless the object is refused as invalid, with these words. */
  refuses<T extends KubeObject>(type: ResourceType<T>, object: object, says: RegExp): Promise<void>;
  /** Fails unless the object would be created. */
  takes<T extends KubeObject>(type: ResourceType<T>, object: object): Promise<void>;
}

/** An API server for all tests of the suite around it, gone after them. To be called in `describe`. */
export function apiOnTrial(): ApiOnTrial {
  let cluster: TestCluster;
  before(async function () {
    // The first run on a machine builds the control plane.
    this.timeout(30 * 60_000);
    cluster = await startTestCluster({ nodes: [] });
  });
  after(() => cluster.stop());
  return {
    async refuses(type, object, says) {
      const { code, message } = await verdictOn(cluster, type, object);
      assert.match(message, says);
      // 400 for what cannot be read as the kind, 422 for what breaks its rules.
      assert.ok(code === 400 || code === 422, `it was answered with ${code}`);
    },
    async takes(type, object) {
      assert.deepEqual(await verdictOn(cluster, type, object), { code: 201, message: '' });
    },
  };
}
