import type { KubeObject, ResourceType } from '../../api/kube-object.ts';
import { sendPatiently } from '../../kube/patience.ts';
import type { Transport } from '../../kube/transport.ts';
import type { Clock } from '../../time/clock.ts';

/** A kind that the API server serves, in the version that it prefers. */
export interface ApiResource extends ResourceType<KubeObject> {
  readonly verbs: readonly string[];
}

/** What the API server serves. */
export interface ApiResources {
  /** One entry per kind, subresources left out. */
  readonly all: readonly ApiResource[];
  /** The resource of objects of this `apiVersion` and `kind`, whatever the version: an owner may be named by an older one. */
  find(apiVersion: string, kind: string): ApiResource | undefined;
}

interface ResourceListAnswer {
  readonly resources?: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
    readonly verbs?: readonly string[];
  }[];
}

interface GroupListAnswer {
  readonly groups?: readonly {
    readonly name: string;
    readonly preferredVersion: { readonly version: string };
    readonly versions: readonly { readonly version: string }[];
  }[];
}

/**
 * Asks the discovery endpoints. A group that does not answer is left out and named in `failed`: an aggregated API that is
 * down must not stop everything else.
 * @throws ApiError when the list of groups itself cannot be had
 */
export async function discover(
  transport: Transport,
  options: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<{ readonly resources: ApiResources; readonly failed: readonly string[] }> {
  const get = async <Answer>(path: string): Promise<Answer> => {
    const request = { method: 'GET', path, signal: options.signal } as const;
    const { body } = await sendPatiently(transport, request, { retries: 3, clock: options.clock });
    return JSON.parse(body) as Answer;
  };
  const { groups = [] } = await get<GroupListAnswer>('/apis');
  const named = groups.flatMap(({ name, preferredVersion, versions }) => {
    // The preferred version first: a kind that is in several is taken from there.
    const others = versions.filter(({ version }) => version !== preferredVersion.version);
    return [preferredVersion, ...others].map(({ version }) => ({ group: name, version }));
  });
  const failed: string[] = [];
  const lists = await Promise.all(
    [{ group: '', version: 'v1' }, ...named].map(async (groupVersion) => {
      const { group, version } = groupVersion;
      const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
      try {
        return resourcesOf(groupVersion, await get<ResourceListAnswer>(path));
      } catch (error) {
        if (group === '') {
          throw error;
        }
        failed.push(`${group}/${version}`);
        return [];
      }
    }),
  );
  return { resources: apiResources(lists.flat()), failed };
}

function resourcesOf(
  { group, version }: { group: string; version: string },
  { resources = [] }: ResourceListAnswer,
): ApiResource[] {
  return resources
    .filter(({ name }) => !name.includes('/'))
    .map(({ name, kind, namespaced, verbs = [] }) => ({
      group,
      version,
      kind,
      plural: name,
      namespaced,
      verbs,
    }));
}

/** Keeps of each group's kind the first, which is that of the preferred version. */
export function apiResources(found: readonly ApiResource[]): ApiResources {
  const byKind = new Map<string, ApiResource>();
  for (const resource of found) {
    const key = `${resource.group}/${resource.kind}`;
    if (!byKind.has(key)) {
      byKind.set(key, resource);
    }
  }
  return {
    all: [...byKind.values()],
    find: (apiVersion, kind) => byKind.get(`${groupOf(apiVersion)}/${kind}`),
  };
}

/** Two kinds of the same plural in the same group and version are the same resource. */
export function resourceKey({ group, version, plural }: ResourceType<KubeObject>): string {
  return `${group}/${version}/${plural}`;
}

function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}
