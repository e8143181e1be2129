import type { ConfigMap } from '../../src/api/builtin.ts';
import type { Manifest, ObjectKey } from '../../src/api/kube-object.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { ApiError } from '../../src/kube/errors.ts';

/** ConfigMaps as an API server keeps them: with resourceVersions that guard replacements. Any other kind or verb fails. */
export interface StoredConfigMaps {
  readonly client: KubeClient;
  readonly all: ReadonlyMap<string, ConfigMap>;
  /** Writes that were accepted, such as `create headframe-usage-local`. */
  readonly writes: readonly string[];
  /** Changes an object behind everybody's back; undefined deletes it. */
  meddle(name: string, change: ((object: ConfigMap) => void) | undefined): void;
  /** What every request fails with from now on; undefined: none does. */
  failWith(error: ApiError | undefined): void;
}

export function storedConfigMaps(): StoredConfigMaps {
  const all = new Map<string, ConfigMap>();
  const writes: string[] = [];
  let version = 0;
  let failure: ApiError | undefined;

  function refuse(code: number, reason: string): never {
    throw new ApiError(reason, { code, reason });
  }
  function put(verb: string, manifest: Manifest<ConfigMap>): ConfigMap {
    const { name } = manifest.metadata;
    const object: ConfigMap = {
      ...structuredClone(manifest),
      metadata: {
        creationTimestamp: '2026-01-01T00:00:00Z',
        uid: `uid-${name}`,
        ...structuredClone(manifest.metadata),
        resourceVersion: String(++version),
      },
    };
    all.set(name, object);
    writes.push(`${verb} ${name}`);
    return structuredClone(object);
  }
  const answer = <T>(work: () => T): Promise<T> => {
    if (failure !== undefined) {
      return Promise.reject(failure);
    }
    try {
      return Promise.resolve(work());
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  };
  const verbs = {
    get: (_type: unknown, { name }: ObjectKey) =>
      answer(() => structuredClone(all.get(name) ?? refuse(404, 'NotFound'))),
    create: (_type: unknown, manifest: Manifest<ConfigMap>) =>
      answer(() =>
        all.has(manifest.metadata.name) ? refuse(409, 'AlreadyExists') : put('create', manifest),
      ),
    replace: (_type: unknown, manifest: Manifest<ConfigMap>) =>
      answer(() => {
        const there = all.get(manifest.metadata.name) ?? refuse(404, 'NotFound');
        const { resourceVersion } = manifest.metadata;
        return resourceVersion !== undefined && resourceVersion !== there.metadata.resourceVersion
          ? refuse(409, 'Conflict')
          : put('replace', manifest);
      }),
  };
  return {
    client: verbs as unknown as KubeClient,
    all,
    writes,
    meddle(name, change) {
      const object = all.get(name);
      if (change === undefined || object === undefined) {
        all.delete(name);
      } else {
        change(object);
        object.metadata.resourceVersion = String(++version);
      }
    },
    failWith(error) {
      failure = error;
    },
  };
}
