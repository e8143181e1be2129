import type { Immutable } from '../api/kube-object.ts';

/** Reading side of a cache: what the API server last said, never to be changed. Nothing here waits or asks the server. */
export interface Store<T> {
  /** By `namespace/name`, or `name` for cluster-scoped objects. */
  get(key: string): Immutable<T> | undefined;
  /** In no particular order. */
  list(): Iterable<Immutable<T>>;
  /** The objects whose index function named `index` yields `value`. Throws for an index that was not declared. */
  byIndex(index: string, value: string): readonly Immutable<T>[];
  readonly size: number;
}

/** Values under which an object is found again; none keeps it out of the index. */
export type IndexFunction<T> = (object: Immutable<T>) => readonly string[];
