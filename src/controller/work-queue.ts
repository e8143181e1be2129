import { backoffMs, type BackoffPolicy } from '../time/backoff.ts';
import type { Clock } from '../time/clock.ts';
import { createDelayQueue, type DelayedEntry } from './delay-queue.ts';
import { createIndexedHeap } from './indexed-heap.ts';
import type { QueueMetrics } from './metrics.ts';

/** Priority of a change that somebody made. */
export const USER_PRIORITY = 0;
/** Priority of objects of a first list: after a restart, what users do now overtakes the backlog. (controller-runtime: -100) */
export const INITIAL_LIST_PRIORITY = -100;

/** controller-runtime's per-item limiter: 5 ms, doubled by every failure, at most 1000 s. */
export const retryBackoff: BackoffPolicy = { initialMs: 5, factor: 2, maxMs: 1_000_000 };

/** A key in the hands of a worker, with the priority under which it had waited. */
export interface WorkItem {
  readonly key: string;
  readonly priority: number;
}

export interface WorkQueueOptions {
  /** The label `name` of the metrics: the controller's name. */
  readonly name: string;
  readonly clock: Clock;
  readonly metrics?: QueueMetrics | undefined;
  /** Waits between retries of one key. @default {@link retryBackoff} */
  readonly backoff?: BackoffPolicy | undefined;
}

/**
 * Keys that want a worker. Each key is in it at most once and never in the hands of two workers: a key that is added while a
 * worker has it comes back when that worker is done, behind those that were waiting. Adding a key that waits already keeps
 * the higher priority and the earlier time. Within a priority: first come, first served. Every operation is O(log n).
 */
export interface WorkQueue {
  readonly name: string;
  /** Wants the key looked at now. */
  add(key: string, priority?: number): void;
  /** Wants the key looked at in `delayMs` milliseconds, or earlier if somebody else wants that. */
  addAfter(key: string, delayMs: number, priority?: number): void;
  /**
   * Puts the key back after a failure, for longer after each. `notBeforeMs` is a wait that a server asked for: until it has
   * passed the key is not handed out, whoever adds it.
   */
  retry(key: string, options?: { readonly priority?: number; readonly notBeforeMs?: number }): void;
  /** The key is well again: the next {@link retry} starts from the shortest wait. */
  forget(key: string): void;
  /** The next key; undefined once the queue is shut down. Every key got must be given back by {@link done}. */
  get(): Promise<WorkItem | undefined>;
  /** The worker has finished with the key. */
  done(key: string): void;
  /**
   * Takes nothing more in, hands nothing more out, and resolves when the workers are done with what they have. What waited
   * is dropped: the next leader finds it again by its first list.
   */
  shutDown(): Promise<void>;
  /** Keys that wait, ready or put off; without those in the hands of workers alone. */
  readonly size: number;
}

/** A key that waits. `parked` is due, but a worker has the key: it becomes `ready` when that worker is done. */
interface Entry extends DelayedEntry {
  readonly key: string;
  priority: number;
  state: 'ready' | 'parked' | 'delayed';
}

export function createWorkQueue(options: WorkQueueOptions): WorkQueue {
  const { name, clock, metrics, backoff = retryBackoff } = options;
  const entries = new Map<string, Entry>();
  const ready = createIndexedHeap<Entry>(readyBefore);
  const delayed = createDelayQueue<Entry>(clock, admit);
  /** Keys in the hands of workers, and since when (monotonic milliseconds). */
  const processing = new Map<string, number>();
  const failures = new Map<string, number>();
  /** Monotonic milliseconds before which a server does not want to be asked about the key. */
  const holds = new Map<string, number>();
  const getters: ((item: WorkItem | undefined) => void)[] = [];
  const drainWaiters: (() => void)[] = [];
  let arrivals = 0;
  let stopped = false;

  metrics?.observeRunning(() => {
    const now = clock.monotonic();
    return [...processing.values()].map((since) => (now - since) / 1000);
  });

  /** Gives the entry the state that its key and its time ask for. It must be in neither heap. */
  function enter(entry: Entry): void {
    const now = clock.monotonic();
    entry.dueAt = Math.max(entry.dueAt, holds.get(entry.key) ?? 0);
    entry.order = arrivals++;
    if (entry.dueAt > now) {
      entry.state = 'delayed';
      delayed.push(entry);
      return;
    }
    holds.delete(entry.key);
    entry.dueAt = now;
    metrics?.added(entry.priority);
    if (processing.has(entry.key)) {
      entry.state = 'parked';
    } else {
      entry.state = 'ready';
      ready.push(entry);
    }
  }

  /** Takes the entry out of its heap, to enter again or never. */
  function leave(entry: Entry): void {
    if (entry.state === 'delayed') {
      delayed.remove(entry);
      return;
    }
    ready.remove(entry);
    metrics?.dropped(entry.priority);
  }

  function put(key: string, delayMs: number, priority: number): void {
    if (stopped) {
      return;
    }
    if (delayMs > 0) {
      metrics?.delayed();
    }
    const dueAt = clock.monotonic() + delayMs;
    const entry = entries.get(key);
    if (entry === undefined) {
      const created: Entry = { key, priority, state: 'ready', dueAt, order: 0, heapIndex: -1 };
      entries.set(key, created);
      enter(created);
    } else {
      merge(entry, dueAt, priority);
    }
    handOut();
  }

  function merge(entry: Entry, dueAt: number, priority: number): void {
    const highest = Math.max(entry.priority, priority);
    if (entry.state === 'delayed') {
      // What a burst gathers into wants the same key later than it comes anyhow: the heap and its timer stay as they are.
      if (dueAt >= entry.dueAt && highest === entry.priority) {
        return;
      }
      leave(entry);
      entry.dueAt = Math.min(entry.dueAt, dueAt);
      entry.priority = highest;
      enter(entry);
    } else if (highest > entry.priority) {
      metrics?.promoted(entry.priority, highest);
      entry.priority = highest;
      entry.order = arrivals++;
      if (entry.state === 'ready') {
        ready.update(entry);
      }
    }
  }

  /** Lets a key that waits begin anew, because the time before which it may not run has changed. */
  function reenter(key: string): void {
    const entry = entries.get(key);
    if (entry !== undefined) {
      leave(entry);
      enter(entry);
    }
  }

  /** Hands out what is ready to whoever waits. */
  function handOut(): void {
    while (getters.length > 0 && ready.size > 0) {
      getters.shift()?.(take());
    }
  }

  function take(): WorkItem | undefined {
    const entry = ready.pop();
    if (entry === undefined) {
      return undefined;
    }
    const now = clock.monotonic();
    entries.delete(entry.key);
    processing.set(entry.key, now);
    metrics?.taken(entry.priority, (now - entry.dueAt) / 1000);
    return { key: entry.key, priority: entry.priority };
  }

  /** Lets those in whose time has come. */
  function admit(): void {
    delayed.takeDue().forEach(enter);
    handOut();
  }

  return {
    name,
    add: (key, priority = USER_PRIORITY) => put(key, 0, priority),
    addAfter: (key, delayMs, priority = USER_PRIORITY) => put(key, delayMs, priority),
    retry(key, { priority = USER_PRIORITY, notBeforeMs = 0 } = {}) {
      if (stopped) {
        return;
      }
      const failed = (failures.get(key) ?? 0) + 1;
      failures.set(key, failed);
      if (notBeforeMs > 0) {
        holds.set(key, Math.max(holds.get(key) ?? 0, clock.monotonic() + notBeforeMs));
        reenter(key);
      }
      put(key, Math.max(backoffMs(backoff, failed), notBeforeMs), priority);
    },
    forget(key) {
      failures.delete(key);
    },
    get() {
      const item = stopped ? undefined : take();
      return item !== undefined || stopped
        ? Promise.resolve(item)
        : new Promise((resolve) => getters.push(resolve));
    },
    done(key) {
      const since = processing.get(key);
      if (since === undefined) {
        return;
      }
      processing.delete(key);
      metrics?.finished((clock.monotonic() - since) / 1000);
      const entry = entries.get(key);
      if (entry?.state === 'parked') {
        entry.state = 'ready';
        entry.order = arrivals++;
        ready.push(entry);
        handOut();
      }
      if (stopped && processing.size === 0) {
        drainWaiters.splice(0).forEach((resolve) => resolve());
      }
    },
    shutDown() {
      stopped = true;
      entries.forEach(leave);
      entries.clear();
      failures.clear();
      holds.clear();
      getters.splice(0).forEach((resolve) => resolve(undefined));
      return processing.size === 0 ? Promise.resolve() : new Promise((resolve) => drainWaiters.push(resolve));
    },
    get size() {
      return entries.size;
    },
  };
}

/** Higher priority first, then first come, first served. */
function readyBefore(a: Entry, b: Entry): boolean {
  return a.priority === b.priority ? a.order < b.order : a.priority > b.priority;
}
