import { Pods, type Pod } from '../../src/api/builtin.ts';
import { createInformer } from '../../src/kube/informer.ts';
import type { Transport } from '../../src/kube/transport.ts';
import type { Logger } from '../../src/telemetry/logger.ts';
import { systemClock } from '../../src/time/clock.ts';

/** When which pod of a namespace was seen, on the monotonic clock. The server's own creation times are whole seconds. */
export interface PodWatch {
  /** By pod name. */
  readonly createdAt: ReadonlyMap<string, number>;
  readonly runningAt: ReadonlyMap<string, number>;
  /** Resolves when `done` says so; asked after each change of a pod. */
  until(done: (watch: PodWatch) => boolean, what: string, timeoutMs: number): Promise<void>;
  /** Pods there now. */
  readonly size: number;
  stop(): Promise<void>;
}

/** Watches the pods of one namespace. Resolves when those that are there already have been seen. */
export async function watchPods(transport: Transport, namespace: string, log: Logger): Promise<PodWatch> {
  const createdAt = new Map<string, number>();
  const runningAt = new Map<string, number>();
  const waiting = new Set<() => void>();
  const stopping = new AbortController();
  const informer = createInformer<Pod>({
    transport,
    type: Pods,
    namespace,
    clock: systemClock,
    log,
    // Names and phases are enough: the measuring process should cost little.
    transform: ({ apiVersion, kind, metadata, status }) => ({
      apiVersion,
      kind,
      metadata,
      spec: { containers: [] },
      status: status?.phase === undefined ? {} : { phase: status.phase },
    }),
  });
  informer.onChange(({ type, object }) => {
    const { name } = object.metadata;
    const now = systemClock.monotonic();
    if (type === 'added') {
      createdAt.set(name, now);
    }
    if (type !== 'deleted' && object.status?.phase === 'Running' && !runningAt.has(name)) {
      runningAt.set(name, now);
    }
    waiting.forEach((look) => look());
  });
  const ended = informer.start(stopping.signal);
  await informer.whenSynced();
  const watch: PodWatch = {
    createdAt,
    runningAt,
    get size() {
      return informer.store.size;
    },
    until: (done, what, timeoutMs) =>
      new Promise((resolve, reject) => {
        const finish = (settle: () => void): void => {
          waiting.delete(look);
          timer.cancel();
          settle();
        };
        const look = (): void => {
          if (done(watch)) {
            finish(resolve);
          }
        };
        const timer = systemClock.after(timeoutMs, () =>
          finish(() =>
            reject(
              new Error(
                `${what}: not within ${timeoutMs / 1000} s (${createdAt.size} created, ${runningAt.size} Running, ${informer.store.size} there)`,
              ),
            ),
          ),
        );
        waiting.add(look);
        look();
      }),
    async stop() {
      stopping.abort();
      await ended;
    },
  };
  return watch;
}
