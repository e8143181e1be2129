import { Events } from '../api/builtin.ts';
import type { Logger } from '../telemetry/logger.ts';
import { sleep, type Clock } from '../time/clock.ts';
import type { KubeClient } from './client.ts';
import { ApiError, isAlreadyExists, isNotFound } from './errors.ts';
import type { EventSeries } from './event-recorder.ts';

// client-go, tools/events/event_broadcaster.go
const QUEUE_LIMIT = 1000;
const MAX_TRIES = 12;
const RETRY_MS = 10_000;
const RETRY_JITTER = 0.25;

/** Events on their way to the server, in order. */
export interface EventOutbox {
  /** Queues what the server does not know yet of the series; drops it when the queue is full. */
  send(series: EventSeries): void;
  /** The end: resolves when all is sent, or after `deadlineMs`; then what is left is dropped. */
  drain(deadlineMs: number): Promise<void>;
  readonly dropped: number;
}

export interface EventOutboxParts {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
}

export function createEventOutbox({ client, clock, log, random }: EventOutboxParts): EventOutbox {
  const queue: EventSeries[] = [];
  /** On its way, no longer in the queue. */
  let current: EventSeries | undefined;
  /** The count that the request under way tells the server. */
  let currentCount = 0;
  let ended = false;
  let dropped = 0;
  let sending: Promise<void> | undefined;
  /** Ends the pause between tries. */
  let hurry = new AbortController();

  const unsent = (): number => queue.length + (current === undefined ? 0 : 1);

  function drop(count: number, why: string, error?: unknown): void {
    dropped += count;
    log.warn('events dropped', { why, count, ...(error !== undefined && { error }) });
  }

  async function sendAll(): Promise<void> {
    for (current = queue.shift(); current !== undefined; current = queue.shift()) {
      // From here on a repetition queues it again: what is on its way may not count it.
      current.queued = false;
      if (current.count > current.sentCount) {
        await sendPersistently(current);
      }
    }
    sending = undefined;
  }

  /** While the server is away everything waits: later events would meet the same. */
  async function sendPersistently(series: EventSeries): Promise<void> {
    for (let tries = 1; !ended; tries++) {
      try {
        await sendOnce(series);
        return;
      } catch (error) {
        if (!isPassing(error) || tries >= MAX_TRIES) {
          drop(1, 'the server did not take it', error);
          series.sentCount = series.count;
          return;
        }
        await sleep(clock, RETRY_MS * (1 + RETRY_JITTER * random()), hurry.signal);
      }
    }
  }

  async function sendOnce(series: EventSeries): Promise<void> {
    const { count } = series;
    currentCount = count;
    if (series.sentCount > 0 && (await patched(series))) {
      series.sentCount = count;
      return;
    }
    try {
      await client.create(
        Events,
        count > 1 ? { ...series.manifest, series: content(series) } : series.manifest,
      );
    } catch (error) {
      // The answer to an earlier try was lost.
      if (!isAlreadyExists(error)) {
        throw error;
      }
    }
    series.sentCount = count;
  }

  /** False when the event has expired on the server meanwhile: then it is created anew. */
  async function patched(series: EventSeries): Promise<boolean> {
    const { name, namespace } = series.manifest.metadata;
    try {
      await client.mergePatch(Events, { name, namespace }, { series: content(series) });
      return true;
    } catch (error) {
      if (isNotFound(error)) {
        return false;
      }
      throw error;
    }
  }

  return {
    send(series) {
      if (series.queued || (series === current && series.count === currentCount)) {
        return;
      }
      if (unsent() >= QUEUE_LIMIT) {
        drop(1, 'too many are waiting');
        return;
      }
      series.queued = true;
      queue.push(series);
      sending ??= sendAll();
    },
    async drain(deadlineMs) {
      const sent = new AbortController();
      void sending?.then(() => sent.abort());
      hurry.abort();
      hurry = new AbortController();
      if (sending !== undefined) {
        await sleep(clock, deadlineMs, sent.signal);
      }
      ended = true;
      hurry.abort();
      if (unsent() > 0) {
        drop(unsent(), 'not sent before the end');
        queue.length = 0;
      }
    },
    get dropped() {
      return dropped;
    },
  };
}

function content({ count, lastObservedTime }: EventSeries): { count: number; lastObservedTime: string } {
  return { count, lastObservedTime };
}

/** Whether another try can help: no answer, an overloaded or a failing server. */
function isPassing(error: unknown): boolean {
  return error instanceof ApiError && (error.code === 0 || error.code === 429 || error.code >= 500);
}
