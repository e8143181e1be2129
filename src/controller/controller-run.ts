import type { Logger } from '../telemetry/logger.ts';
import type { Clock } from '../time/clock.ts';
import type { Controller } from './controller.ts';
import type { ControllerMetrics } from './metrics.ts';
import { createWorkQueue, INITIAL_LIST_PRIORITY, USER_PRIORITY } from './work-queue.ts';
import { runWorker } from './worker.ts';

/** A controller with its queue. Keys gather from the start; they are worked on from {@link ControllerRun.work} on. */
export interface ControllerRun {
  /** Starts the workers as soon as the caches that the controller watches are full. */
  work(): void;
  /** Takes no new keys; resolves when the workers are done with what they have. May be called twice. */
  drain(): Promise<void>;
  /** Tells reconciles under way to stop before their next write. */
  abort(): void;
}

/** Connects a controller's watches with its queue. Before the informers start: their first list counts. */
export function startController(
  controller: Controller,
  parts: { readonly clock: Clock; readonly log: Logger; readonly metrics: ControllerMetrics },
): ControllerRun {
  const { name, concurrency, watches } = controller;
  const { clock, log } = parts;
  const stopping = new AbortController();
  const ended = new AbortController();
  const metrics = parts.metrics.reconciles(name, concurrency);
  const queue = createWorkQueue({ name, clock, metrics: parts.metrics.queue(name) });
  const workers: Promise<void>[] = [];
  let draining: Promise<void> | undefined;
  for (const { informer, keysFor, delayMs = 0 } of watches) {
    informer.onChange((change) => {
      const initial = change.type === 'added' && change.initial;
      for (const key of keysFor(change)) {
        queue.addAfter(key, delayMs, initial ? INITIAL_LIST_PRIORITY : USER_PRIORITY);
      }
    });
  }
  controller.begin?.((key, delayMs) => queue.addAfter(key, delayMs, USER_PRIORITY), ended.signal);
  return {
    work() {
      void Promise.all(watches.map(({ informer }) => informer.whenSynced())).then(() => {
        for (let worker = 0; draining === undefined && worker < concurrency; worker++) {
          workers.push(runWorker({ controller, queue, clock, log, metrics, signal: stopping.signal }));
        }
      });
    },
    drain() {
      ended.abort();
      draining ??= queue.shutDown().then(() => Promise.all(workers).then(() => undefined));
      return draining;
    },
    abort: () => stopping.abort(new Error('the operator stops')),
  };
}
