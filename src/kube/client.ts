import { MANAGER } from '../api/group.ts';
import { apiVersionOf } from '../api/kube-object.ts';
import type { KubeObject, Manifest, ObjectKey, ResourceType } from '../api/kube-object.ts';
import { systemClock } from '../time/clock.ts';
import type { Clock } from '../time/clock.ts';
import { ApiError } from './errors.ts';
import { resourcePath, withQuery } from './path.ts';
import { type PodPort, type ProxyLimits, readPod } from './pod-proxy.ts';
import { sendPatiently } from './patience.ts';
import type { HttpRequest, Lane, Transport } from './transport.ts';

/** The answer to one page of a LIST. */
export interface ObjectList<T> {
  items: T[];
  resourceVersion: string;
  /** Present when there are more pages. */
  continueToken?: string;
}

export interface ListOptions {
  /** All namespaces when absent. */
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
  /** Page size. */
  limit?: number;
  continueToken?: string;
  resourceVersion?: string;
}

export interface DeleteOptions {
  /** Refuse (409) unless the object still has this UID. */
  uid?: string;
  /** 0 deletes at once, without waiting for the node: only for pods whose node is gone. */
  gracePeriodSeconds?: number;
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
}

export interface ApplyOptions {
  /** Take fields over from other managers. */
  force?: boolean;
  /** `status` applies to that subresource. */
  subresource?: 'status';
  dryRun?: boolean;
}

/** The verbs of an API server. Every method throws {@link ApiError}, and nothing else but TypeError for an impossible name. */
export interface KubeClient {
  get<T extends KubeObject>(type: ResourceType<T>, key: ObjectKey): Promise<T>;
  list<T extends KubeObject>(type: ResourceType<T>, options?: ListOptions): Promise<ObjectList<T>>;
  /** POST. `AlreadyExists` when the name is taken. */
  create<T extends KubeObject>(type: ResourceType<T>, manifest: Manifest<T>): Promise<T>;
  /** PUT; the manifest's `resourceVersion`, if present, must match, else `Conflict`. */
  replace<T extends KubeObject>(type: ResourceType<T>, manifest: Manifest<T>): Promise<T>;
  /** DELETE. `NotFound` when it is gone already, `Conflict` when `uid` does not match. */
  delete<T extends KubeObject>(type: ResourceType<T>, key: ObjectKey, options?: DeleteOptions): Promise<void>;
  /** Server-side apply with field manager `headframe`. */
  apply<T extends KubeObject>(
    type: ResourceType<T>,
    manifest: Manifest<T>,
    options?: ApplyOptions,
  ): Promise<T>;
  /** JSON merge patch of the object. A `metadata.resourceVersion` in the patch is a precondition. */
  mergePatch<T extends KubeObject>(type: ResourceType<T>, key: ObjectKey, patch: object): Promise<T>;
  /** JSON merge patch of `/status`, with the resourceVersion that the status was computed from as its precondition. */
  patchStatus<T extends KubeObject>(
    type: ResourceType<T>,
    object: { readonly metadata: ObjectKey & { readonly resourceVersion: string } },
    status: object,
  ): Promise<T>;
  /** GETs a text from a port of a pod, through the API server. */
  readPod(pod: ObjectKey, port: PodPort, limits: ProxyLimits): Promise<string>;
}

export interface KubeClientOptions {
  /** Default `requests`. */
  readonly lane?: Lane;
  /** Whose writes these are. Default `headframe`. */
  readonly fieldManager?: string;
  /**
   * How often a request is sent again after a 429, or a 503 and the like, that says when (client-go: 10, the default). The
   * default on the lane `leases` is 0: an elector has deadlines of its own.
   */
  readonly retries?: number;
  /** Ends every request of this client, with an ApiError of reason `Aborted`. */
  readonly signal?: AbortSignal;
  /** For the waits that a server asks for. */
  readonly clock?: Clock;
}

/** What a LIST answers; its items come without `apiVersion` and `kind`. */
interface ListAnswer<T> {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: T[] | null;
}

export function kubeClient(transport: Transport, options: KubeClientOptions = {}): KubeClient {
  const { lane = 'requests', fieldManager = MANAGER, clock = systemClock, signal } = options;
  const retries = options.retries ?? (lane === 'leases' ? 0 : 10);

  async function send<Answer>(request: HttpRequest): Promise<Answer> {
    const answer = await sendPatiently(transport, { ...request, lane, signal }, { retries, clock });
    try {
      return JSON.parse(answer.body) as Answer;
    } catch {
      const path = request.path.split('?', 1)[0] ?? '';
      throw new ApiError(`the answer is not JSON (${request.method} ${path}: ${answer.status})`, {
        code: answer.status,
        reason: 'BadAnswer',
      });
    }
  }

  function write<T>(method: HttpRequest['method'], path: string, content: Content): Promise<T> {
    return send<T>({
      method,
      path: withQuery(path, { fieldManager, ...content.query }),
      headers: { 'Content-Type': content.type ?? 'application/json' },
      body: JSON.stringify(content.body),
    });
  }

  return {
    get: async (type, key) => send({ method: 'GET', path: resourcePath(type, key) }),

    async list<T extends KubeObject>(type: ResourceType<T>, listOptions: ListOptions = {}) {
      const { namespace, continueToken, ...query } = listOptions;
      const path = resourcePath(type, namespace === undefined ? {} : { namespace });
      const answer = await send<ListAnswer<T>>({
        method: 'GET',
        path: withQuery(path, { ...query, continue: continueToken }),
      });
      return objectList(type, answer);
    },

    create: async (type, manifest) =>
      write('POST', resourcePath(type, collectionOf(type, manifest)), { body: manifest }),

    replace: async (type, manifest) => write('PUT', resourcePath(type, nameOf(manifest)), { body: manifest }),

    async delete(type, key, deleteOptions = {}) {
      const { uid, gracePeriodSeconds, propagationPolicy } = deleteOptions;
      await write<unknown>('DELETE', resourcePath(type, key), {
        body: {
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          gracePeriodSeconds,
          propagationPolicy,
          preconditions: uid === undefined ? undefined : { uid },
        },
        query: { fieldManager: undefined },
      });
    },

    apply: async (type, manifest, { force, subresource, dryRun } = {}) =>
      write('PATCH', resourcePath(type, { ...nameOf(manifest), ...(subresource && { subresource }) }), {
        body: manifest,
        type: 'application/apply-patch+yaml',
        query: { force, dryRun: dryRun === true ? 'All' : undefined },
      }),

    mergePatch: async (type, key, patch) =>
      write('PATCH', resourcePath(type, key), { body: patch, type: MERGE_PATCH }),

    patchStatus: async (type, object, status) =>
      write('PATCH', resourcePath(type, { ...nameOf(object), subresource: 'status' }), {
        body: { metadata: { resourceVersion: object.metadata.resourceVersion }, status },
        type: MERGE_PATCH,
      }),

    readPod: async (pod, port, limits) => readPod(transport, pod, port, limits),
  };
}

const MERGE_PATCH = 'application/merge-patch+json';

interface Content {
  readonly body: object;
  /** Default `application/json`. */
  readonly type?: string;
  readonly query?: Readonly<Record<string, string | boolean | undefined>>;
}

function objectList<T extends KubeObject>(type: ResourceType<T>, answer: ListAnswer<T>): ObjectList<T> {
  const items = answer.items ?? [];
  for (const item of items) {
    item.apiVersion = apiVersionOf(type);
    item.kind = type.kind;
  }
  const list: ObjectList<T> = { items, resourceVersion: answer.metadata?.resourceVersion ?? '' };
  const continueToken = answer.metadata?.continue;
  return continueToken === undefined || continueToken === '' ? list : { ...list, continueToken };
}

/** Names alone: other metadata must not reach the path. */
function nameOf({ metadata }: { readonly metadata: ObjectKey }): ObjectKey {
  return { namespace: metadata.namespace, name: metadata.name };
}

/** POST goes to the collection; a namespaced one needs its namespace. */
function collectionOf(
  type: ResourceType<KubeObject>,
  manifest: { readonly metadata: ObjectKey },
): { namespace?: string } {
  const { namespace, name } = manifest.metadata;
  if (type.namespaced && namespace === undefined) {
    throw new TypeError(`${type.kind} ${name} needs a namespace`);
  }
  return namespace === undefined ? {} : { namespace };
}
