import type { Immutable } from '../api/kube-object.ts';

/** One change of a store. Deletes carry the last known object, also for those that vanished while disconnected. */
export type Change<T> =
  | { type: 'added'; object: Immutable<T>; /** Part of the first list after a start. */ initial: boolean }
  | { type: 'updated'; object: Immutable<T>; previous: Immutable<T> }
  | { type: 'deleted'; object: Immutable<T> };

/** Must return at once; may throw (the error is logged and counted, nothing else stops). */
export type ChangeHandler<T> = (change: Change<T>) => void;
