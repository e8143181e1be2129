import type { KubeObject, ResourceType } from '../../src/api/kube-object.ts';
import type { Change, ChangeHandler, Informer } from '../../src/kube/informer.ts';

/** An informer whose changes and failures a test makes by hand. */
export interface HandInformer<T extends KubeObject> extends Informer<T> {
  /** Tells the handlers. */
  emit(change: Change<T>): void;
  /** The first list is complete. */
  sync(): void;
  lastError: Error | undefined;
  /** Started and not yet stopped. */
  readonly running: boolean;
}

export function handInformer<T extends KubeObject>(type: ResourceType<T>): HandInformer<T> {
  const handlers: ChangeHandler<T>[] = [];
  let synced = false;
  let running = false;
  let announce: () => void = () => undefined;
  const whenSynced = new Promise<void>((resolve) => (announce = resolve));
  return {
    type,
    store: { get: () => undefined, list: () => [], byIndex: () => [], size: 0 },
    lastError: undefined,
    onChange: (handler) => void handlers.push(handler),
    start(signal) {
      running = true;
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          running = false;
          resolve();
        });
      });
    },
    get synced() {
      return synced;
    },
    whenSynced: () => whenSynced,
    get running() {
      return running;
    },
    emit: (change) => handlers.forEach((handler) => handler(change)),
    sync() {
      synced = true;
      announce();
    },
  };
}
