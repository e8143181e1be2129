import type { KubeObject, ResourceType } from '../api/kube-object.ts';
import type { Change, ChangeHandler } from './change.ts';
import { objectStore } from './object-store.ts';
import type { ObjectStoreOptions } from './object-store.ts';
import { reflect } from './reflector.ts';
import type { ReflectorOptions, ReflectorSink } from './reflector.ts';
import type { Store } from './store.ts';

export type { Change, ChangeHandler };

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

export interface InformerOptions<T extends KubeObject>
  extends
    Omit<ReflectorOptions<T>, 'random'>,
    Pick<ObjectStoreOptions<T>, 'indexes' | 'transform' | 'freeze'> {
  /** In [0, 1). Default Math.random. */
  readonly random?: () => number;
  /** Told whenever {@link Informer.lastError} comes, becomes another, or goes. */
  readonly onHealth?: () => void;
}

export function createInformer<T extends KubeObject>(options: InformerOptions<T>): Informer<T> {
  const { type, log, metrics, random = Math.random, onHealth = () => undefined } = options;
  const { kind } = type;
  const handlers: ChangeHandler<T>[] = [];
  let started = false;
  let synced = false;
  let lastError: Error | undefined;
  const { promise: whenSynced, resolve: resolveSynced } = deferred();

  function userCodeFailed(what: string, error: unknown): void {
    metrics?.handlerErrors.inc({ kind });
    log.error(what, { kind, error });
  }

  const store = objectStore<T>({
    ...options,
    onFailure: (error) => userCodeFailed('an index or transform function failed', error),
  });

  function tell(change: Change<T>): void {
    for (const handler of handlers) {
      try {
        handler(change);
      } catch (error) {
        userCodeFailed('a change handler failed', error);
      }
    }
  }

  /** The store is changed first, handlers run then. */
  function publish(update: () => readonly Change<T>[]): void {
    const before = store.size;
    const changes = update();
    metrics?.cacheObjects.inc({ kind }, store.size - before);
    changes.forEach(tell);
  }

  const sink: ReflectorSink<T> = {
    reduce: (object) => store.reduce(object),
    replace(objects) {
      publish(() => store.replace(objects, !synced));
      if (!synced) {
        synced = true;
        resolveSynced();
      }
    },
    set: (object) => publish(() => store.set(object)),
    remove: (object) => publish(() => store.remove(object)),
    failed: (error) => health(error),
    recovered: () => health(undefined),
  };

  function health(error: Error | undefined): void {
    const isNews = error?.message !== lastError?.message;
    lastError = error;
    if (isNews) {
      onHealth();
    }
  }

  return {
    type,
    store,
    onChange(handler) {
      if (started) {
        throw new Error(`the ${kind} informer has started: a handler would miss what came before`);
      }
      handlers.push(handler);
    },
    async start(signal) {
      if (started) {
        throw new Error(`the ${kind} informer was started twice`);
      }
      started = true;
      await reflect({ ...options, random }, sink, signal);
      // What nobody keeps up to date any more is no cache.
      metrics?.cacheObjects.dec({ kind }, store.size);
    },
    get synced() {
      return synced;
    },
    whenSynced: () => whenSynced,
    get lastError() {
      return lastError;
    },
  };
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((fulfil) => (resolve = fulfil));
  return { promise, resolve };
}
