import { Events, type Event } from '../../api/builtin.ts';
import type { Immutable, KubeObject, Manifest } from '../../api/kube-object.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { microTime, type Clock } from '../../time/clock.ts';

/** What to tell about an object. Unlike the operator's, these reasons are Kubernetes' own. */
export interface EventNote {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly action: string;
  readonly note: string;
}

/** Tells users what happened, best effort: never throws, never waits, drops what is too much. */
export interface EventWriter {
  write(regarding: Immutable<KubeObject>, note: EventNote): void;
  /** What waits is dropped; resolves when what is under way has ended. */
  stop(): Promise<void>;
}

/** Beyond so many waiting events new ones are dropped: they must not hold back the writes that matter. */
const MAX_WAITING = 2_000;
const WRITERS = 4;
/** The API server takes 1024 bytes; all of these notes are ASCII. */
const NOTE_CHARACTERS = 1_024;
/** Room for the suffix in a name of 253 characters. */
const NAME_CHARACTERS = 230;

export function eventWriter(options: {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
  /** `reportingController`. */
  readonly component: string;
}): EventWriter {
  const { client, clock, log, component } = options;
  const waiting: Manifest<Event>[] = [];
  const writers = new Set<Promise<void>>();
  let serial = 0;
  let stopped = false;

  async function drain(): Promise<void> {
    for (let event = waiting.shift(); event !== undefined; event = waiting.shift()) {
      try {
        await client.create(Events, event);
      } catch (error) {
        log.debug('an event was lost', { error });
      }
    }
  }

  function startWriter(): void {
    const writer: Promise<void> = drain().finally(() => writers.delete(writer));
    writers.add(writer);
  }

  function manifest({ apiVersion, kind, metadata }: Immutable<KubeObject>, note: EventNote): Manifest<Event> {
    const { namespace = 'default', name, uid } = metadata;
    const suffix = `${Math.floor(clock.now()).toString(16)}${(serial++ % 0x10000).toString(16).padStart(4, '0')}`;
    return {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { namespace, name: `${name.slice(0, NAME_CHARACTERS).replace(/[-.]+$/, '')}.${suffix}` },
      eventTime: microTime(clock.now()),
      reportingController: component,
      reportingInstance: component,
      regarding: {
        apiVersion,
        kind,
        name,
        uid,
        ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
      },
      ...note,
      note: note.note.slice(0, NOTE_CHARACTERS),
    };
  }

  return {
    write(regarding, note) {
      if (stopped || waiting.length >= MAX_WAITING) {
        return;
      }
      waiting.push(manifest(regarding, note));
      if (writers.size < WRITERS) {
        startWriter();
      }
    },
    async stop() {
      stopped = true;
      waiting.length = 0;
      await Promise.all(writers);
    },
  };
}
