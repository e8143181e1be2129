import type { Immutable, KubeObject } from '../api/kube-object.ts';
import type { IndexFunction } from './store.ts';

/** One secondary index of a store: value -> the objects that have it. Kept up to date, never computed when read. */
export interface ObjectIndex<T> {
  /** Moves a key from the values of one object to those of another; either may be absent. */
  move(key: string, previous: Immutable<T> | undefined, next: Immutable<T> | undefined): void;
  find(value: string): readonly Immutable<T>[];
}

/**
 * @param valuesOf must give the same answer for the same object. Where it throws, the object stays out of the index.
 * @param onFailure is told of what it threw, once per object taken in
 */
export function objectIndex<T extends KubeObject>(
  valuesOf: IndexFunction<T>,
  onFailure: (error: unknown) => void,
): ObjectIndex<T> {
  const byValue = new Map<string, Map<string, Immutable<T>>>();

  function values(object: Immutable<T> | undefined, report: (error: unknown) => void): readonly string[] {
    try {
      return object === undefined ? [] : valuesOf(object);
    } catch (error) {
      report(error);
      return [];
    }
  }

  function remove(key: string, value: string): void {
    const objects = byValue.get(value);
    objects?.delete(key);
    if (objects?.size === 0) {
      byValue.delete(value);
    }
  }

  function add(key: string, value: string, object: Immutable<T>): void {
    const objects = byValue.get(value);
    if (objects === undefined) {
      byValue.set(value, new Map([[key, object]]));
    } else {
      objects.set(key, object);
    }
  }

  return {
    move(key, previous, next) {
      for (const value of values(previous, () => undefined)) {
        remove(key, value);
      }
      if (next !== undefined) {
        for (const value of values(next, onFailure)) {
          add(key, value, next);
        }
      }
    },
    find: (value) => [...(byValue.get(value)?.values() ?? [])],
  };
}
