import type { Logger } from '../../telemetry/logger.ts';
import { backoffMs, type BackoffPolicy } from '../../time/backoff.ts';
import type { Clock, Timer } from '../../time/clock.ts';

/** Names waiting to be looked at, each at most once at a time; what fails is looked at again later. */
export interface KeyQueue {
  /** As soon as a worker is free, also when the key waits for later. */
  add(key: string): void;
  /** After so many milliseconds, unless it is added sooner; a later call replaces the time. */
  addAfter(key: string, delayMs: number): void;
  /** Nothing new is begun; resolves when what is under way has ended. */
  stop(): Promise<void>;
}

export interface KeyQueueOptions {
  /** Looks at one key. What it throws is logged, and the key comes back with growing delays. */
  readonly run: (key: string) => Promise<void>;
  readonly clock: Clock;
  readonly log: Logger;
  /** How many keys may be under way. Default 4. */
  readonly workers?: number;
  readonly backoff?: BackoffPolicy;
}

/** client-go's workqueue starts at 5 ms and ends at 1000 s; nobody waits that long for a demo. */
const BACKOFF: BackoffPolicy = { initialMs: 50, factor: 2, maxMs: 10_000 };

export function keyQueue(options: KeyQueueOptions): KeyQueue {
  const { run, clock, log, workers = 4, backoff = BACKOFF } = options;
  const ready = new Set<string>();
  const running = new Map<string, Promise<void>>();
  const later = new Map<string, Timer>();
  const failures = new Map<string, number>();
  let stopped = false;

  function cancelTimer(key: string): void {
    later.get(key)?.cancel();
    later.delete(key);
  }

  async function work(key: string): Promise<void> {
    try {
      await run(key);
      failures.delete(key);
    } catch (error) {
      const count = (failures.get(key) ?? 0) + 1;
      failures.set(key, count);
      if (!stopped) {
        const delayMs = backoffMs(backoff, count);
        log.debug('failed; trying again', { key, error, delayMs });
        addAfter(key, delayMs);
      }
    } finally {
      running.delete(key);
      pump();
    }
  }

  function pump(): void {
    for (const key of ready) {
      if (stopped || running.size >= workers) {
        return;
      }
      if (!running.has(key)) {
        ready.delete(key);
        // The work begins in a later microtask: `add` never runs it.
        running.set(
          key,
          Promise.resolve().then(() => work(key)),
        );
      }
    }
  }

  function add(key: string): void {
    if (!stopped) {
      cancelTimer(key);
      ready.add(key);
      pump();
    }
  }

  function addAfter(key: string, delayMs: number): void {
    cancelTimer(key);
    if (!stopped) {
      later.set(
        key,
        clock.after(delayMs, () => add(key)),
      );
    }
  }

  return {
    add,
    addAfter,
    async stop() {
      stopped = true;
      [...later.keys()].forEach(cancelTimer);
      ready.clear();
      await Promise.all(running.values());
    },
  };
}
