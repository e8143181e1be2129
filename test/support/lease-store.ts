import type { Lease } from '../../src/api/builtin.ts';
import type { Manifest, ObjectKey, ResourceType } from '../../src/api/kube-object.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { ApiError } from '../../src/kube/errors.ts';

/** One Lease with optimistic concurrency, as an API server keeps it. */
export interface LeaseStore {
  /** The verbs that an elector uses; the others throw. */
  readonly client: KubeClient;
  lease: Lease | undefined;
  /** `GET`, `POST` and `PUT`, in order. */
  readonly calls: string[];
  /** Called before a verb takes effect: to wait, or to throw an error. */
  before: (verb: string) => Promise<void> | void;
  /** Called after a verb took effect, before the answer. */
  after: (verb: string) => Promise<void> | void;
  /** Writes as somebody else does. */
  write(spec: Lease['spec']): void;
}

export function createLeaseStore(): LeaseStore {
  let version = 0;

  function stored(manifest: Manifest<Lease>, uid: string): Lease {
    version++;
    return {
      ...manifest,
      metadata: {
        ...manifest.metadata,
        uid,
        resourceVersion: String(version),
        creationTimestamp: '2026-01-01T00:00:00Z',
      },
    };
  }

  async function serve(verb: string, change: () => void): Promise<Lease> {
    store.calls.push(verb);
    await store.before(verb);
    change();
    const answer = structuredClone(store.lease);
    await store.after(verb);
    if (answer === undefined) {
      throw new ApiError('not found', { code: 404, reason: 'NotFound' });
    }
    return answer;
  }

  function refuse(): never {
    throw new Error('an elector has no use for this verb');
  }

  const leases = {
    get: (_type: ResourceType<Lease>, _key: ObjectKey) => serve('GET', () => undefined),
    create: (_type: ResourceType<Lease>, manifest: Manifest<Lease>) =>
      serve('POST', () => {
        if (store.lease !== undefined) {
          throw new ApiError('already exists', { code: 409, reason: 'AlreadyExists' });
        }
        store.lease = stored(manifest, `uid-${version}`);
      }),
    replace: (_type: ResourceType<Lease>, manifest: Manifest<Lease>) =>
      serve('PUT', () => {
        if (store.lease === undefined) {
          throw new ApiError('not found', { code: 404, reason: 'NotFound' });
        }
        if (manifest.metadata.resourceVersion !== store.lease.metadata.resourceVersion) {
          throw new ApiError('modified', { code: 409, reason: 'Conflict' });
        }
        store.lease = stored(manifest, store.lease.metadata.uid);
      }),
  };

  const store: LeaseStore = {
    client: {
      ...(leases as unknown as Pick<KubeClient, 'get' | 'create' | 'replace'>),
      list: refuse,
      delete: refuse,
      apply: refuse,
      mergePatch: refuse,
      patchStatus: refuse,
      readPod: refuse,
    },
    lease: undefined,
    calls: [],
    before: () => undefined,
    after: () => undefined,
    write(spec) {
      const metadata = { name: 'headframe', namespace: 'headframe-system' };
      store.lease = stored(
        { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, ...(spec && { spec }) },
        'uid-other',
      );
    },
  };
  return store;
}
