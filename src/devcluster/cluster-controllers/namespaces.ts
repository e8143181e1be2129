import type { Immutable, KubeObject } from '../../api/kube-object.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isNotFound } from '../../kube/errors.ts';
import type { Informer } from '../../kube/informer.ts';
import { resourcePath } from '../../kube/path.ts';
import { sendPatiently } from '../../kube/patience.ts';
import type { HttpRequest, Transport } from '../../kube/transport.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { Clock } from '../../time/clock.ts';
import type { ApiResource, ApiResources } from './api-resources.ts';
import { keyQueue } from './key-queue.ts';
import { contentConditions, mergeConditions, type Remaining } from './namespace-conditions.ts';
import { Namespaces, type Namespace } from '../../api/namespace.ts';

export interface NamespaceControllerOptions {
  readonly namespaces: Informer<Namespace>;
  readonly transport: Transport;
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** Empties namespaces that are being deleted, then lets them go. */
export interface NamespaceController {
  /** The kinds that there are from now on. */
  follow(resources: ApiResources): void;
  /** An object of that namespace is gone. */
  removed(namespace: string): void;
  stop(): Promise<void>;
}

/** The finalizer of this controller. */
const FINALIZER = 'kubernetes';
const RETRIES = 10;
/** Objects go in bursts; one look after a burst is enough. */
const SETTLE_MS = 100;

/** Registers its handler at once: call before the informer starts. */
export function createNamespaceController(options: NamespaceControllerOptions): NamespaceController {
  const { namespaces, transport, client, clock, log, signal } = options;
  const queue = keyQueue({ run, clock, log });
  let resources: ApiResources | undefined;

  async function send(request: HttpRequest): Promise<void> {
    const body = request.body === undefined ? {} : { headers: { 'Content-Type': 'application/json' } };
    await sendPatiently(transport, { ...request, ...body, signal }, { retries: RETRIES, clock });
  }

  async function run(name: string): Promise<void> {
    if (!isTerminating(namespaces.store.get(name)) || resources === undefined) {
      return;
    }
    const namespace = await live(name);
    if (namespace === undefined || !isTerminating(namespace) || !isOurs(namespace)) {
      return;
    }
    const remaining = await empty(name, resources);
    await report(namespace, remaining);
    if (remaining.length > 0) {
      throw new Error(
        `namespace ${name} still has ${remaining.map(({ resource }) => resource.plural).join(', ')}`,
      );
    }
    await finalize(namespace);
  }

  async function live(name: string): Promise<Namespace | undefined> {
    try {
      return await client.get(Namespaces, { name });
    } catch (error) {
      if (isNotFound(error)) {
        return undefined;
      }
      throw error;
    }
  }

  /** Pods first: what they need goes after them. */
  async function empty(namespace: string, { all }: ApiResources): Promise<Remaining[]> {
    const deletable = all.filter(
      ({ namespaced, verbs }) => namespaced && verbs.includes('delete') && verbs.includes('list'),
    );
    const isPod = ({ group, plural }: ApiResource): boolean => group === '' && plural === 'pods';
    const pods = await emptyOf(namespace, deletable.filter(isPod));
    return pods.length > 0
      ? pods
      : emptyOf(
          namespace,
          deletable.filter((one) => !isPod(one)),
        );
  }

  async function emptyOf(namespace: string, kinds: readonly ApiResource[]): Promise<Remaining[]> {
    const left = await Promise.all(
      kinds.map(async (resource) => {
        const before = await objectsOf(resource, namespace);
        await Promise.all(before.filter(isAlive).map((object) => remove(resource, object)));
        return { resource, objects: before.length === 0 ? before : await objectsOf(resource, namespace) };
      }),
    );
    return left.filter(({ objects }) => objects.length > 0);
  }

  async function objectsOf(resource: ApiResource, namespace: string): Promise<KubeObject[]> {
    try {
      return (await client.list(resource, { namespace })).items;
    } catch (error) {
      // A kind that went away meanwhile.
      if (isNotFound(error)) {
        return [];
      }
      throw error;
    }
  }

  async function remove(resource: ApiResource, { metadata }: KubeObject): Promise<void> {
    try {
      await client.delete(resource, metadata, { uid: metadata.uid, propagationPolicy: 'Background' });
    } catch (error) {
      if (!isNotFound(error)) {
        throw error;
      }
    }
  }

  async function report(namespace: Namespace, remaining: readonly Remaining[]): Promise<void> {
    const stated = contentConditions(remaining);
    const conditions = mergeConditions(namespace.status?.conditions ?? [], stated, clock.now());
    if (conditions !== undefined) {
      const updated = await client.patchStatus(Namespaces, namespace, { conditions });
      namespace.metadata.resourceVersion = updated.metadata.resourceVersion;
    }
  }

  async function finalize({ metadata, spec }: Namespace): Promise<void> {
    const { name, uid, resourceVersion } = metadata;
    const finalizers = (spec?.finalizers ?? []).filter((finalizer) => finalizer !== FINALIZER);
    const body = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, uid, resourceVersion },
      spec: { finalizers },
    };
    const path = resourcePath(Namespaces, { name, subresource: 'finalize' });
    try {
      await send({ method: 'PUT', path, body: JSON.stringify(body) });
    } catch (error) {
      if (!isNotFound(error)) {
        throw error;
      }
    }
  }

  namespaces.onChange(({ type, object }) => {
    if (type !== 'deleted' && isTerminating(object)) {
      queue.add(object.metadata.name);
    }
  });

  return {
    follow(next) {
      resources = next;
      for (const namespace of namespaces.store.list()) {
        if (isTerminating(namespace)) {
          queue.add(namespace.metadata.name);
        }
      }
    },
    removed(name) {
      if (isTerminating(namespaces.store.get(name))) {
        queue.addAfter(name, SETTLE_MS);
      }
    },
    stop: () => queue.stop(),
  };
}

function isTerminating(namespace: Immutable<Namespace> | undefined): boolean {
  return namespace?.metadata.deletionTimestamp !== undefined;
}

function isOurs({ spec }: Namespace): boolean {
  return spec?.finalizers?.includes(FINALIZER) === true;
}

function isAlive({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp === undefined;
}
