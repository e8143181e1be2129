import { keyOf } from '../api/kube-object.ts';
import type { Immutable, KubeObject } from '../api/kube-object.ts';
import type { Change } from './change.ts';
import { objectIndex } from './object-index.ts';
import type { ObjectIndex } from './object-index.ts';
import type { IndexFunction, Store } from './store.ts';
import { trim } from './trim.ts';

/** The writing side of a cache. Every method returns what has changed, in order; objects are taken over, not copied. */
export interface ObjectStore<T extends KubeObject> extends Store<T> {
  /** Takes in one object. Nothing changes when its resourceVersion is the one that is held already. */
  set(object: T): readonly Change<T>[];
  /** Removes the object of that name; the change carries the object given, which is newer than the one held. */
  remove(object: T): readonly Change<T>[];
  /** What the store keeps of an object: trimmed, transformed and, in tests, frozen. */
  reduce(object: T): Immutable<T>;
  /**
   * Makes the store hold exactly these objects, which have been reduced. What is no longer there is reported as deleted, with its last known state.
   * An unchanged object keeps its identity.
   * @param initial goes into the changes
   */
  replace(objects: readonly Immutable<T>[], initial: boolean): readonly Change<T>[];
}

export interface ObjectStoreOptions<T extends KubeObject> {
  readonly indexes?: Readonly<Record<string, IndexFunction<T>>>;
  /** Drops what nobody needs, before the object is stored. Where it throws, the object is stored whole. */
  readonly transform?: (object: T) => T;
  /** Freeze objects all the way down (19 us each): for tests, which then find whoever writes to a cache. Default false. */
  readonly freeze?: boolean;
  /** Told of what an index function or `transform` threw. */
  readonly onFailure?: (error: unknown) => void;
}

export function objectStore<T extends KubeObject>(options: ObjectStoreOptions<T> = {}): ObjectStore<T> {
  const { transform, freeze = false, onFailure = () => undefined } = options;
  const objects = new Map<string, Immutable<T>>();
  const indexes = new Map<string, ObjectIndex<T>>();
  for (const [name, valuesOf] of Object.entries(options.indexes ?? {})) {
    indexes.set(name, objectIndex(valuesOf, onFailure));
  }

  function reduce(object: T): Immutable<T> {
    trim(object);
    let prepared = object;
    try {
      prepared = transform?.(object) ?? object;
    } catch (error) {
      onFailure(error);
    }
    return (freeze ? deepFreeze(prepared) : prepared) as Immutable<T>;
  }

  function put(key: string, object: Immutable<T> | undefined): void {
    const previous = objects.get(key);
    if (object === undefined) {
      objects.delete(key);
    } else {
      objects.set(key, object);
    }
    for (const index of indexes.values()) {
      index.move(key, previous, object);
    }
  }

  function isHeld(incoming: Immutable<T>): boolean {
    const held = objects.get(keyOf(incoming));
    return held !== undefined && sameVersion(held, incoming);
  }

  function takeIn(object: Immutable<T>, initial: boolean): readonly Change<T>[] {
    const key = keyOf(object);
    const previous = objects.get(key);
    put(key, object);
    if (previous === undefined) {
      return [{ type: 'added', object, initial }];
    }
    // Deleted and made again under the same name while nobody looked: two objects, two changes.
    return previous.metadata.uid === object.metadata.uid
      ? [{ type: 'updated', object, previous }]
      : [
          { type: 'deleted', object: previous },
          { type: 'added', object, initial },
        ];
  }

  return {
    get: (key) => objects.get(key),
    list: () => objects.values(),
    get size() {
      return objects.size;
    },
    byIndex(name, value) {
      const index = indexes.get(name);
      if (index === undefined) {
        throw new Error(
          `there is no index ${JSON.stringify(name)}; declared: ${[...indexes.keys()].join(', ')}`,
        );
      }
      return index.find(value);
    },
    reduce,
    set: (object) => (isHeld(object as Immutable<T>) ? [] : takeIn(reduce(object), false)),
    remove(incoming) {
      const key = keyOf(incoming);
      if (!objects.has(key)) {
        return [];
      }
      put(key, undefined);
      return [{ type: 'deleted', object: reduce(incoming) }];
    },
    replace(incoming, initial) {
      const changes: Change<T>[] = [];
      const kept = new Set(incoming.map(keyOf));
      for (const [key, object] of objects) {
        if (!kept.has(key)) {
          put(key, undefined);
          changes.push({ type: 'deleted', object });
        }
      }
      for (const object of incoming.filter((candidate) => !isHeld(candidate))) {
        for (const change of takeIn(object, initial)) {
          changes.push(change);
        }
      }
      return changes;
    },
  };
}

function sameVersion(held: Immutable<KubeObject>, incoming: Immutable<KubeObject>): boolean {
  return (
    held.metadata.resourceVersion === incoming.metadata.resourceVersion &&
    held.metadata.uid === incoming.metadata.uid
  );
}

function deepFreeze<V>(value: V): V {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) {
      deepFreeze(inner);
    }
  }
  return value;
}
