import fc from 'fast-check';
import type { KubeObject, ResourceType } from '../../src/api/kube-object.ts';
import { objectStore, type ObjectStoreOptions } from '../../src/kube/object-store.ts';
import { handInformer } from '../support/fake-informer.ts';
import type { FedInformer } from './fuzz-server.ts';

/** JSON that is small enough not to ask for more pods than a test lets a controller write. */
const anything = fc.oneof(
  fc.integer({ min: -5, max: 100 }),
  fc.constantFrom<unknown>(
    null,
    '',
    'x',
    '50%',
    '2026-01-01T00:00:00Z',
    true,
    [],
    {},
    [null],
    [{}],
    0.5,
    undefined,
  ),
  fc.jsonValue({ maxDepth: 2 }).filter(isSmall),
);

function isSmall(value: unknown): boolean {
  return typeof value !== 'number' || Math.abs(value) <= 100;
}

/** Where in an object, as fractions that find their way in any object, and what to put there. */
export const mutation = fc.record({
  path: fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
    minLength: 1,
    maxLength: 6,
  }),
  value: anything,
});

/** A copy of the object with the values put somewhere; name and namespace stay, as the API server sees to. */
export function mutated<T extends KubeObject>(
  object: T,
  mutations: readonly { path: readonly number[]; value: unknown }[],
): T {
  const copy = structuredClone(object) as unknown as Record<string, unknown>;
  for (const { path, value } of mutations) {
    let at: Record<string, unknown> = copy;
    for (const [depth, fraction] of path.entries()) {
      const keys = Object.keys(at);
      const key = keys[Math.floor(fraction * keys.length)];
      const below = key === undefined ? undefined : at[key];
      if (key === undefined) {
        break;
      }
      if (depth === path.length - 1 || typeof below !== 'object' || below === null) {
        at[key] = structuredClone(value);
        break;
      }
      at = below as Record<string, unknown>;
    }
  }
  const metadata = { ...object.metadata, ...(copy['metadata'] as object | null) };
  const { name, namespace, uid, resourceVersion } = object.metadata;
  return { ...copy, metadata: { ...metadata, name, namespace, uid, resourceVersion } } as unknown as T;
}

export function cache<T extends KubeObject>(
  type: ResourceType<T>,
  objects: readonly T[],
  options: ObjectStoreOptions<T> = {},
): FedInformer<T> {
  const store = objectStore<T>({ ...options, freeze: true });
  objects.forEach((object) => store.set(object));
  return { ...handInformer(type), store };
}
