import type { Immutable, KubeObject, ResourceType } from '../api/kube-object.ts';
import type { Store } from './store.ts';

/** One change of a store. Deletes carry the last known object, also for those that vanished while disconnected. */
export type Change<T> =
  | { type: 'added'; object: Immutable<T>; /** Part of the first list after a start. */ initial: boolean }
  | { type: 'updated'; object: Immutable<T>; previous: Immutable<T> }
  | { type: 'deleted'; object: Immutable<T> };

/** Must return at once; may throw (the error is logged and counted, nothing else stops). */
export type ChangeHandler<T> = (change: Change<T>) => void;

/** A store that a reflector keeps equal to the API server, and whoever wants to hear of its changes. */
export interface Informer<T extends KubeObject> {
  readonly type: ResourceType<T>;
  readonly store: Store<T>;
  /** Call before {@link start}. Handlers run after the store has changed. */
  onChange(handler: ChangeHandler<T>): void;
  /** Starts the list-and-watch loop; it ends only when `signal` is aborted. Resolves then. */
  start(signal: AbortSignal): Promise<void>;
  /** True once the first complete list is in the store. Stays true. */
  readonly synced: boolean;
  /** Resolves when {@link synced} turns true; rejects never. */
  whenSynced(): Promise<void>;
  /** The last failure of list or watch, until the next success: why readiness is false. */
  readonly lastError: Error | undefined;
}
