import { keyOf } from '../api/kube-object.ts';
import type { Immutable, KubeObject, ResourceType } from '../api/kube-object.ts';
import type { Logger } from '../telemetry/logger.ts';
import { sleep } from '../time/clock.ts';
import type { Clock } from '../time/clock.ts';
import { kubeClient } from './client.ts';
import { connectionFailed } from './connect-error.ts';
import { ApiError } from './errors.ts';
import type { KubeMetrics } from './metrics.ts';
import { listInPages } from './paged-list.ts';
import { resourcePath, withQuery } from './path.ts';
import { reconnectPacer } from './reconnect-pacer.ts';
import type { Cost } from './reconnect-pacer.ts';
import type { Recovery } from './recovery.ts';
import { eventError } from './status-error.ts';
import type { HttpRequest, Transport } from './transport.ts';
import { IncompleteListError, ShortWatchError, remedyFor } from './watch-failure.ts';
import type { RelistReason, Remedy } from './watch-failure.ts';
import { WatchParseError, WatchSilentError, readWatch } from './watch-stream.ts';
import type { WatchEvent } from './watch-stream.ts';

/** Where a reflector puts what it learns. Nothing here may throw. */
export interface ReflectorSink<T> {
  /**
   * What is kept of an object of a list. Asked as the objects come: ten thousand whole ones, waiting for the end of their list, would
   * be the most that the process ever holds.
   */
  reduce(object: T): Immutable<T>;
  /** A complete list, of reduced objects. */
  replace(objects: readonly Immutable<T>[]): void;
  set(object: T): void;
  remove(object: T): void;
  /** List or watch has failed; it will be tried again. */
  failed(error: Error): void;
  /** List or watch works again. */
  recovered(): void;
}

export interface ReflectorOptions<T extends KubeObject> {
  readonly transport: Transport;
  readonly type: ResourceType<T>;
  /** All namespaces when absent. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly clock: Clock;
  /** In [0, 1): spreads reconnects and the length of watches. */
  readonly random: () => number;
  readonly log: Logger;
  readonly metrics?: KubeMetrics;
  /** Shared by all reflectors of the transport. @default each waits for itself */
  readonly recovery?: Recovery;
}

/** API servers send a bookmark every 60 s or so; a shorter limit would cut healthy watches. */
const SILENCE_MS = 70_000;
/** client-go: a watch that ends so soon, and without having said anything, was not a watch. */
const SHORT_WATCH_MS = 1000;
/** client-go: between 5 and 10 minutes. */
const MIN_WATCH_SECONDS = 300;

/** Says that the streamed initial list is complete. */
const INITIAL_END = 'k8s.io/initial-events-end';

interface Progress {
  /** The resourceVersion up to where we know everything; undefined before the first list and when it has expired. */
  position: string | undefined;
  /** Why the next list is asked for. */
  relistReason: RelistReason;
  /** Whether the next list is asked for as a stream; else in pages. */
  streamed: boolean;
  /** False once the server has refused to stream a list. */
  serverStreams: boolean;
  /** Since the last event. */
  failuresInARow: number;
}

/**
 * Lists a resource, then watches it for ever, and tells `sink` what it learns. A watch that ends is resumed from the last
 * resourceVersion seen; a list is asked for again only when the server no longer knows that version.
 * Resolves when `signal` is aborted, and not before: no failure is final.
 */
export async function reflect<T extends KubeObject>(
  options: ReflectorOptions<T>,
  sink: ReflectorSink<T>,
  signal: AbortSignal,
): Promise<void> {
  const { transport, type, namespace, labelSelector, fieldSelector, clock, random, log, metrics, recovery } =
    options;
  const { kind } = type;
  const client = kubeClient(transport, { retries: 0, signal, clock });
  const pacer = reconnectPacer(clock, random);
  const selection = { labelSelector, fieldSelector };
  const path = resourcePath(type, namespace === undefined ? {} : { namespace });

  const progress: Progress = {
    position: undefined,
    relistReason: 'start',
    streamed: true,
    serverStreams: true,
    failuresInARow: 0,
  };

  function works(): void {
    pacer.healthy();
    sink.recovered();
  }

  function listed(objects: readonly Immutable<T>[], resourceVersion: string): void {
    progress.position = resourceVersion;
    progress.streamed = progress.serverStreams;
    progress.failuresInARow = 0;
    metrics?.relists.inc({ kind, reason: progress.relistReason });
    sink.replace(objects);
    works();
  }

  async function listPages(): Promise<void> {
    const options = Object.fromEntries(
      Object.entries({ namespace, ...selection }).filter((entry) => entry[1] !== undefined),
    );
    const { items, resourceVersion } = await listInPages(client, type, options);
    if (!signal.aborted) {
      listed(
        items.map((item) => sink.reduce(item)),
        resourceVersion,
      );
    }
  }

  function watchRequest(): HttpRequest {
    const timeoutSeconds = MIN_WATCH_SECONDS + Math.floor(random() * (MIN_WATCH_SECONDS + 1));
    const start =
      progress.position === undefined
        ? { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' }
        : { resourceVersion: progress.position };
    const query = { watch: true, allowWatchBookmarks: true, timeoutSeconds, ...selection, ...start };
    return { method: 'GET', path: withQuery(path, query), lane: 'watches', signal };
  }

  /** Applies events to the sink, or collects them as long as the initial list is not complete. */
  function eventReader(request: HttpRequest): (event: WatchEvent<T>) => void {
    let collected: Map<string, Immutable<T>> | undefined =
      progress.position === undefined ? new Map() : undefined;

    function apply(event: Exclude<WatchEvent<T>, { type: 'ERROR' | 'BOOKMARK' }>): void {
      const { type, object } = event;
      if (collected === undefined) {
        if (type === 'DELETED') {
          sink.remove(object);
        } else {
          sink.set(object);
        }
        progress.position = object.metadata.resourceVersion;
      } else if (type === 'DELETED') {
        collected.delete(keyOf(object));
      } else {
        collected.set(keyOf(object), sink.reduce(object));
      }
    }

    return (event) => {
      if (signal.aborted) {
        return;
      }
      metrics?.watchEvents.inc({ kind, type: event.type });
      metrics?.lastEvent.set({ kind }, clock.now() / 1000);
      if (event.type === 'ERROR') {
        throw eventError(request, event.object);
      }
      progress.failuresInARow = 0;
      if (event.type !== 'BOOKMARK') {
        apply(event);
      } else if (collected === undefined) {
        progress.position = event.object.metadata.resourceVersion;
      } else if (event.object.metadata.annotations?.[INITIAL_END] === 'true') {
        const objects = [...collected.values()];
        collected = undefined;
        listed(objects, event.object.metadata.resourceVersion);
      } else {
        throw new IncompleteListError('the server sent a bookmark before the end of its list');
      }
    };
  }

  /** One watch, until the server ends it. */
  async function watch(): Promise<void> {
    const request = watchRequest();
    const { body } = await transport.stream(request);
    if (signal.aborted) {
      body.destroy();
      return;
    }
    const opened = clock.monotonic();
    if (progress.position !== undefined) {
      works();
    }
    const read = eventReader(request);
    let changes = 0;
    const onEvent = (event: WatchEvent<T>): void => {
      // Bookmarks do not count: a server that sends nothing else and ends would be asked again and again.
      changes += event.type === 'BOOKMARK' ? 0 : 1;
      read(event);
    };
    await readWatch<T>(body, { clock, silenceMs: SILENCE_MS, onEvent });
    if (progress.position === undefined) {
      throw new IncompleteListError('the server ended the watch before the end of its list');
    }
    // An API server ends watches that cannot keep up with a burst; one that has got on is worth resuming at once.
    if (changes === 0 && clock.monotonic() - opened < SHORT_WATCH_MS) {
      throw new ShortWatchError('the server ended the watch within a second, without an event');
    }
  }

  /** Decides how to go on after a failure. Returns the milliseconds to wait first. */
  function recover(error: Error): number {
    progress.failuresInARow++;
    const remedy = remedyFor(error, { ...progress, listing: progress.position === undefined });
    if (remedy.kind === 'relist') {
      progress.position = undefined;
      progress.relistReason = remedy.reason;
      progress.failuresInARow = 0;
    } else if (remedy.kind === 'page') {
      progress.streamed = false;
      progress.serverStreams &&= !remedy.always;
    }
    // A server that does not stream lists is not failing: ask it the old way at once.
    const notFailing = remedy.kind === 'page' && remedy.always;
    return notFailing ? 0 : pacer.failed(retryAfterMs(error), costOf(remedy, error));
  }

  function costOf(remedy: Remedy, error: Error): Cost {
    if (remedy.kind === 'relist' && remedy.reason === 'expired') {
      return 'expired';
    }
    return remedy.kind === 'retry' && progress.position !== undefined && !isRefusal(error) ? 'cheap' : 'dear';
  }

  while (!signal.aborted) {
    try {
      if (progress.position === undefined && !progress.streamed) {
        await listPages();
      } else {
        await watch();
      }
    } catch (thrown) {
      if (isAborted(signal)) {
        return;
      }
      const error = asError(thrown, transport);
      if (error instanceof WatchParseError) {
        metrics?.parseErrors.inc({ kind });
      }
      const waitMs = recover(error);
      if (waitMs > 0) {
        sink.failed(error);
        log.warn('watch failed; trying again', { kind, error, waitMs: Math.round(waitMs) });
        await (recovery?.pause(error, waitMs, signal) ?? sleep(clock, waitMs, signal));
      }
    }
  }
}

/** The compiler takes `signal.aborted` to be what the loop's condition saw, awaits or not. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** Such as a missing CRD or permission: it lasts until somebody does something about it. */
function isRefusal(error: Error): boolean {
  return error instanceof ApiError && error.code >= 400 && error.code < 500 && error.code !== 429;
}

function retryAfterMs(error: Error): number {
  return error instanceof ApiError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
}

/** What breaks off in the middle of a stream is an error of the socket, or one of ours. */
function asError(thrown: unknown, { connection }: Transport): Error {
  const ours = [WatchParseError, WatchSilentError, IncompleteListError, ShortWatchError];
  return ours.some((kind) => thrown instanceof kind)
    ? (thrown as Error)
    : connectionFailed(connection.server, thrown);
}
