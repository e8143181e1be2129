import type { LeaderElector } from '../kube/leader-elector.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Clock } from '../time/clock.ts';
import type { Controller, WatchSource } from './controller.ts';
import type { ControllerMetrics } from './metrics.ts';
import { createWorkQueue, INITIAL_LIST_PRIORITY, USER_PRIORITY, type WorkQueue } from './work-queue.ts';
import { runWorker } from './worker.ts';

export interface CrewParts {
  readonly controllers: readonly Controller[];
  /** Asked before every reconcile: a process that was frozen must not act before it knows that its lease has run out. */
  readonly elector?: LeaderElector | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: ControllerMetrics;
}

/** The queues and workers of all controllers. */
export interface Crew {
  /** Workers begin to take keys. */
  work(): void;
  /** Workers take no more keys; resolves when the running reconciles have ended. */
  drain(): Promise<void>;
  /** Tells the running reconciles to stop before their next write, and waits for nobody. */
  abandon(): void;
  /** Whether no reconcile is running. */
  readonly idle: boolean;
}

/** Builds a queue per controller and has it filled from now on: a standby's queues are warm as well. */
export function startCrew({ controllers, elector, clock, log, metrics }: CrewParts): Crew {
  const abort = new AbortController();
  const workers = new Set<Promise<void>>();
  const teams = controllers.map((controller) => {
    const queue = createWorkQueue({ name: controller.name, clock, metrics: metrics.queue(controller.name) });
    controller.watches.forEach((watch) => fill(queue, watch));
    return { controller, queue, metrics: metrics.reconciles(controller.name, controller.concurrency) };
  });
  const mayWork = elector === undefined ? undefined : () => elector.isLeader();

  function hire(team: (typeof teams)[number]): void {
    const worker = runWorker({ ...team, clock, log, signal: abort.signal, mayWork });
    workers.add(worker);
    void worker.finally(() => workers.delete(worker));
  }

  async function drain(): Promise<void> {
    await Promise.all(teams.map(({ queue }) => queue.shutDown()));
    await Promise.all(workers);
  }

  return {
    work() {
      for (const team of teams) {
        for (let worker = 0; worker < team.controller.concurrency; worker++) {
          hire(team);
        }
      }
    },
    drain,
    abandon() {
      abort.abort();
      void drain();
    },
    get idle() {
      return workers.size === 0;
    },
  };
}

function fill(queue: WorkQueue, { informer, keysFor, delayMs = 0 }: WatchSource): void {
  informer.onChange((change) => {
    const initial = change.type === 'added' && change.initial;
    const priority = initial ? INITIAL_LIST_PRIORITY : USER_PRIORITY;
    for (const key of keysFor(change)) {
      queue.addAfter(key, delayMs, priority);
    }
  });
}
