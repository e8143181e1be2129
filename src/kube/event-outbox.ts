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
  /** Resolves when all is sent, or after `deadlineMs`: then what is left is dropped. */
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
  let dropped = 0;
  let sending: Promise<void> | undefined;
  /** Ends the pause between tries. */
  let hurry = new AbortController();

  function drop(count: number, why: string, error?: unknown): void {
    dropped += count;
    log.warn('events dropped', { why, count, ...(error !== undefined && { error }) });
  }

  async function sendAll(): Promise<void> {
    for (let series = queue[0]; series !== undefined; series = queue[0]) {
      await sendPersistently(series);
      if (series.sentCount === 1 && series.count > 1) {
        // It became a series while it was on its way.
        continue;
      }
      series.queued = false;
      if (queue[0] === series) {
        queue.shift();
      }
    }
    sending = undefined;
  }

  /** While the server is away everything waits: later events would meet the same. */
  async function sendPersistently(series: EventSeries): Promise<void> {
    for (let tries = 1; queue[0] === series; tries++) {
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
      if (series.queued) {
        return;
      }
      if (queue.length >= QUEUE_LIMIT) {
        drop(1, 'too many are waiting');
        return;
      }
      series.queued = true;
      queue.push(series);
      sending ??= sendAll();
    },
    async drain(deadlineMs) {
      const sent = new AbortController();
      const all = (sending ?? Promise.resolve()).then(() => sent.abort());
      hurry.abort();
      hurry = new AbortController();
      await sleep(clock, deadlineMs, sent.signal);
      if (queue.length > 0) {
        drop(queue.length, 'not sent before the end');
        queue.length = 0;
        hurry.abort();
      }
      void all;
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
