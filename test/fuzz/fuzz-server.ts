import {
  apiVersionOf,
  joinKey,
  keyOf,
  type KubeObject,
  type ResourceType,
} from '../../src/api/kube-object.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { ApiError } from '../../src/kube/errors.ts';
import type { ObjectStore } from '../../src/kube/object-store.ts';
import { sleep, type Clock } from '../../src/time/clock.ts';
import type { HandInformer } from '../support/fake-informer.ts';

/** What becomes of one request. `lost`: it is served, but its answer does not arrive. */
export type Fate = 'served' | 'lost' | 'conflict' | 'forbidden' | 'unavailable';

/** A cache that a server may write to. */
export type FedInformer<T extends KubeObject> = HandInformer<T> & { readonly store: ObjectStore<T> };

export interface FuzzServerOptions {
  readonly clock: Clock;
  /** What there is at first, and what is told of every write, a moment after its answer. */
  readonly informers: readonly FedInformer<KubeObject>[];
  /** What there is besides. */
  readonly others: readonly (readonly [ResourceType<KubeObject>, KubeObject])[];
  /** Of one request after the other; once they are used up, all are served. */
  readonly fates: readonly Fate[];
  /** How long requests take, in turn. */
  readonly tookMs: readonly number[];
}

/** An API server as far as a controller can tell: unique names, preconditions, time that passes, and caches that hear of writes. */
export interface FuzzServer {
  readonly client: KubeClient;
  /** Writes that were asked for. */
  readonly writes: number;
}

const ECHO_MS = 10;

export function fuzzServer({ clock, informers, others, fates, tookMs }: FuzzServerOptions): FuzzServer {
  const objects = new Map<string, KubeObject>();
  const idOf = (type: ResourceType<KubeObject>, key: string): string => `${type.plural} ${key}`;
  for (const { type, store } of informers) {
    for (const object of store.list()) {
      objects.set(idOf(type, keyOf(object)), structuredClone(object) as KubeObject);
    }
  }
  for (const [type, object] of others) {
    objects.set(idOf(type, keyOf(object)), object);
  }
  let requests = 0;
  let writes = 0;
  let versions = 100;

  /** Serves a request after its time, or fails as it is fated to. */
  async function ask<T>(serve: () => T): Promise<T> {
    const fate = fates[requests] ?? 'served';
    const ms = tookMs[requests % tookMs.length] ?? 0;
    requests++;
    await sleep(clock, ms);
    switch (fate) {
      case 'served':
        return serve();
      case 'lost':
        serve();
        throw failure(0, 'ConnectionFailed');
      case 'conflict':
        throw failure(409, 'Conflict');
      case 'forbidden':
        throw failure(403, 'Forbidden');
      case 'unavailable':
        throw failure(503, 'ServiceUnavailable');
    }
  }

  function change<T>(serve: () => T): Promise<T> {
    writes++;
    return ask(serve);
  }

  function find(type: ResourceType<KubeObject>, key: string): KubeObject {
    const object = objects.get(idOf(type, key));
    if (object === undefined) {
      throw failure(404, 'NotFound');
    }
    return object;
  }

  /** @returns the answer, which nobody else holds */
  function store<T extends KubeObject>(type: ResourceType<T>, object: object): T {
    const { metadata } = object as KubeObject;
    const stored: KubeObject = {
      ...object,
      apiVersion: apiVersionOf(type),
      kind: type.kind,
      metadata: { ...metadata, resourceVersion: String(++versions) },
    };
    objects.set(idOf(type, keyOf(stored)), stored);
    tell(type, (informer) => informer.store.set(structuredClone(stored)));
    return structuredClone(stored) as unknown as T;
  }

  function tell(
    { plural }: ResourceType<KubeObject>,
    update: (informer: FedInformer<KubeObject>) => ReturnType<ObjectStore<KubeObject>['set']>,
  ): void {
    clock.after(ECHO_MS, () => {
      for (const informer of informers.filter(({ type }) => type.plural === plural)) {
        update(informer).forEach((told) => informer.emit(told));
      }
    });
  }

  const merge = <T extends KubeObject>(type: ResourceType<T>, key: string, patch: object): T =>
    store(type, { ...find(type, key), ...patch, metadata: find(type, key).metadata });

  const client: KubeClient = {
    get: (type, key) => ask(() => structuredClone(find(type, joinKey(key))) as never),
    list: (type) =>
      ask(() => {
        const items = [...objects].filter(([id]) => id.startsWith(`${type.plural} `)).map(([, item]) => item);
        return { items: structuredClone(items) as never[], resourceVersion: String(versions) };
      }),
    readPod: () => ask(() => ''),
    create: (type, manifest) =>
      change(() => {
        if (objects.has(idOf(type, keyOf(manifest)))) {
          throw failure(409, 'AlreadyExists');
        }
        const metadata = {
          ...manifest.metadata,
          uid: `new-${versions}`,
          creationTimestamp: rfc(clock.now()),
        };
        return store(type, { ...manifest, metadata });
      }),
    replace: (type, manifest) =>
      change(() => {
        const { metadata } = find(type, keyOf(manifest));
        return store(type, { ...manifest, metadata: { ...metadata, ...manifest.metadata } });
      }),
    delete: (type, key, { uid } = {}) =>
      change(() => {
        const object = find(type, joinKey(key));
        if (uid !== undefined && uid !== object.metadata.uid) {
          throw failure(409, 'Conflict');
        }
        objects.delete(idOf(type, joinKey(key)));
        tell(type, (informer) => informer.store.remove(structuredClone(object)));
      }),
    apply: (type, manifest) =>
      change(() => merge(type, keyOf(manifest as unknown as KubeObject), structuredClone(manifest))),
    mergePatch: (type, key, patch) => change(() => merge(type, joinKey(key), structuredClone(patch))),
    patchStatus: (type, { metadata }, status) =>
      change(() => {
        if (find(type, joinKey(metadata)).metadata.resourceVersion !== metadata.resourceVersion) {
          throw failure(409, 'Conflict');
        }
        return merge(type, joinKey(metadata), { status: structuredClone(status) });
      }),
  };
  return {
    client,
    get writes() {
      return writes;
    },
  };
}

function failure(code: number, reason: string): ApiError {
  return new ApiError(reason, { code, reason });
}

const rfc = (milliseconds: number): string => new Date(milliseconds).toISOString();
