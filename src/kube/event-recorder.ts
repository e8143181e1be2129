import type { Event } from '../api/builtin.ts';
import { keyOf, type Immutable, type KubeObject, type Manifest } from '../api/kube-object.ts';
import type { Reason } from '../api/reasons.ts';
import type { Logger } from '../telemetry/logger.ts';
import { microTime, type Clock, type Timer } from '../time/clock.ts';
import type { KubeClient } from './client.ts';
import { createEventLimits, REMEMBERED } from './event-limits.ts';
import { eventManifest } from './event-manifest.ts';
import { createEventOutbox } from './event-outbox.ts';
import { createLru } from './lru.ts';

/** What to tell the user about an object. */
export interface EventDetails {
  type: 'Normal' | 'Warning';
  reason: Reason;
  /** What the controller did or tried, as an UpperCamelCase verb: `CreatePods`. */
  action: string;
  /** At most 1024 bytes are kept. */
  note: string;
  related?: Immutable<KubeObject>;
}

/** Tells users what happened. Never throws, never waits: events are best effort, aggregated, and dropped when too many. */
export interface EventRecorder {
  record(regarding: Immutable<KubeObject>, details: EventDetails): void;
}

export interface EventRecorderOptions {
  readonly client: KubeClient;
  /** `reportingController`: the operator's name. */
  readonly component: string;
  /** `reportingInstance`: which of its processes. */
  readonly instance: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** In [0, 1). @default Math.random */
  readonly random?: () => number;
}

/** An {@link EventRecorder} that can be asked to finish. */
export interface FlushableEventRecorder extends EventRecorder {
  /**
   * The end: resolves when everything recorded is out, or after `deadlineMs`, when the rest is dropped. What is recorded from now
   * on is dropped as well. Never rejects.
   */
  flush(deadlineMs: number): Promise<void>;
  /** Events that were lost so far: too many of an object, a full queue, or a server that did not take them. */
  readonly dropped: number;
}

/** A series that has not been heard of for so long has ended: the next such event is a new one. (client-go: finishTime) */
const SERIES_END_MS = 360_000;

/** An event that has been recorded, and how often. */
export interface EventSeries {
  readonly manifest: Manifest<Event>;
  count: number;
  /** RFC 3339 with six fraction digits. */
  lastObservedTime: string;
  /** The count that the server knows, or has refused; 0 before the event is created. */
  sentCount: number;
  /** Waits to be sent. */
  queued: boolean;
  /** Monotonic milliseconds. */
  lastAt: number;
}

/**
 * Writes events.k8s.io/v1. The first of its kind is created at once, its first repetition makes it a series at once; after
 * that the count is written once in six minutes.
 */
export function createEventRecorder(options: EventRecorderOptions): FlushableEventRecorder {
  const { client, component, instance, clock, log, random = Math.random } = options;
  const limits = createEventLimits(clock);
  const known = createLru<EventSeries>(REMEMBERED);
  const outbox = createEventOutbox({ client, clock, log, random });
  let sweep: Timer | undefined;
  let refused = 0;
  let ended = false;

  function repeat(series: EventSeries): void {
    series.count++;
    series.lastAt = clock.monotonic();
    series.lastObservedTime = microTime(clock.now());
    if (series.count === 2) {
      outbox.send(series);
    }
    sweep ??= clock.after(SERIES_END_MS, sendCounts);
  }

  function sendCounts(): void {
    sweep = undefined;
    for (const series of known.values()) {
      if (series.count > series.sentCount) {
        outbox.send(series);
      }
    }
  }

  function begin(key: string, manifest: Manifest<Event>): void {
    const series: EventSeries = {
      manifest,
      count: 1,
      lastObservedTime: manifest.eventTime,
      sentCount: 0,
      queued: false,
      lastAt: clock.monotonic(),
    };
    known.set(key, series);
    outbox.send(series);
  }

  function record(regarding: Immutable<KubeObject>, details: EventDetails): void {
    if (ended) {
      refused++;
      return;
    }
    const object = identify(regarding);
    const group = JSON.stringify([object, details.type, details.reason, details.action]);
    const { note, combined } = limits.aggregate(group, details.note);
    const related = details.related === undefined ? '' : identify(details.related);
    const key = combined ? group : JSON.stringify([group, note, related]);
    const series = known.get(key);
    if (series !== undefined && clock.monotonic() - series.lastAt <= SERIES_END_MS) {
      repeat(series);
    } else if (limits.admit(object)) {
      const when = { now: clock.now(), random: random() };
      begin(key, eventManifest(regarding, { ...details, note }, { component, instance }, when));
    } else {
      refused++;
      log.debug('event not recorded: the object has had too many', { object, reason: details.reason });
    }
  }

  return {
    record(regarding, details) {
      try {
        record(regarding, details);
      } catch (error) {
        // A controller must not fail because it could not tell what it did.
        log.error('cannot record an event', { error, reason: details.reason });
      }
    },
    async flush(deadlineMs) {
      ended = true;
      sweep?.cancel();
      sendCounts();
      await outbox.drain(deadlineMs);
    },
    get dropped() {
      return refused + outbox.dropped;
    },
  };
}

function identify(object: Immutable<KubeObject>): string {
  return `${object.kind}/${keyOf(object)}/${object.metadata.uid}`;
}
