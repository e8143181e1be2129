import type { ServerResponse } from 'node:http';
import type { Clock, Timer } from '../../../time/clock.ts';
import { groupVersionOf } from '../resources/resource.ts';
import type { Served } from '../resources/served.ts';
import { isObject } from '../schema/json.ts';
import type { JsonObject } from '../schema/schema.ts';
import { tableOf } from '../table/table.ts';
import { toServed, type ApiRequest } from '../verbs/api-request.ts';
import { watch, type WatchNews } from '../verbs/watch.ts';
import { renderRecord, type Rendering } from './render.ts';

/** Upstream sends one a minute or so; clients that wait 70 seconds for a sign of life are to see one surely. */
const BOOKMARK_EVERY_MS = 45_000;
/** Upstream ends a watch that names no limit between 30 and 60 minutes (--min-request-timeout). */
const DEFAULT_TIMEOUT_SECONDS = 1800;
/** A client that leaves so much unread is cut off, as upstream cuts off watchers that cannot keep up. */
const MAX_UNREAD_BYTES = 64 * 1024 * 1024;

/** Answers with a stream of events until the client leaves, its time is up, or the server ends. */
export function streamWatch(
  request: ApiRequest,
  response: ServerResponse,
  { rendering, clock }: { rendering: Rendering; clock: Clock },
): void {
  const render = eventRenderer(rendering);
  let pending: string[] = [];
  let scheduled = false;
  let ended = false;
  const timers = new Set<Timer>();

  function flush(): void {
    scheduled = false;
    if (pending.length > 0 && !response.destroyed) {
      response.write(pending.join(''));
      pending = [];
    }
    if (response.writableLength > MAX_UNREAD_BYTES) {
      response.destroy();
    } else if (ended) {
      response.end();
    }
  }

  /** One write for all that happens in one turn of the event loop. */
  function send(text: string): void {
    pending.push(text);
    if (!scheduled) {
      scheduled = true;
      setImmediate(flush);
    }
  }

  function end(): void {
    ended = true;
    started.stop();
    timers.forEach((timer) => timer.cancel());
    request.served.closed?.removeEventListener('abort', end);
    setImmediate(flush);
  }

  const started = watch(request, (news) => {
    send(render(news));
    if (news.type === 'ERROR') {
      setImmediate(end);
    }
  });
  response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache, private' });
  response.flushHeaders();
  response.once('close', end);
  // What is watched may cease to be served.
  request.served.closed?.addEventListener('abort', end, { once: true });
  const { timeoutSeconds = DEFAULT_TIMEOUT_SECONDS, allowWatchBookmarks } = started.options;
  timers.add(clock.after(timeoutSeconds * 1000, end));
  if (allowWatchBookmarks) {
    const ring = (): void => {
      timers.delete(timer);
      started.bookmark();
      timer = clock.after(BOOKMARK_EVERY_MS, ring);
      timers.add(timer);
    };
    let timer = clock.after(BOOKMARK_EVERY_MS, ring);
    timers.add(timer);
  }
}

/** Lines of events. What all watchers see alike is made once per record. */
function eventRenderer(rendering: Rendering): (news: WatchNews) => string {
  const { served, form, clock } = rendering;
  let isFirst = true;
  return (news) => {
    switch (news.type) {
      case 'ERROR':
        return line('ERROR', JSON.stringify(news.error.toStatus()));
      case 'BOOKMARK':
        return line('BOOKMARK', JSON.stringify(shownBookmark(rendering, bookmark(served, news))));
      case 'ADDED':
      case 'MODIFIED':
      case 'DELETED': {
        if (form.kind !== 'table') {
          return line(news.type, renderRecord(news.record, rendering));
        }
        const table = tableOf(served.resource, [toServed(served, news.record.object)], {
          listMeta: { resourceVersion: String(news.record.revision) },
          includeObject: form.includeObject,
          now: clock.now(),
        });
        const shown = isFirst ? table : { ...table, columnDefinitions: null };
        isFirst = false;
        return line(news.type, JSON.stringify(shown));
      }
    }
  };
}

function line(type: string, object: string): string {
  return `{"type":"${type}","object":${object}}\n`;
}

/** An object of the kind that says nothing but how far the watch has come. */
function bookmark(
  { resource }: Served,
  { revision, initialEventsEnd }: Extract<WatchNews, { type: 'BOOKMARK' }>,
): JsonObject {
  return {
    kind: resource.kind,
    apiVersion: groupVersionOf(resource),
    metadata: {
      resourceVersion: String(revision),
      ...(initialEventsEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}),
    },
    ...(resource.custom ? {} : EMPTY_PARTS[resource.plural]),
  };
}

/** What Go writes of an empty object. */
const EMPTY_PARTS: Readonly<Record<string, JsonObject>> = {
  leases: { spec: {} },
  pods: { spec: { containers: null }, status: {} },
  namespaces: { spec: {}, status: {} },
};

function shownBookmark({ served, form, clock }: Rendering, object: JsonObject): JsonObject {
  const { metadata } = object;
  switch (form.kind) {
    case 'object':
      return object;
    case 'partial':
      return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
    case 'table': {
      const options = { listMeta: {}, includeObject: form.includeObject, now: clock.now() };
      const { resourceVersion } = isObject(metadata) ? metadata : {};
      return {
        ...tableOf(served.resource, [object], { ...options, listMeta: { resourceVersion } }),
        columnDefinitions: null,
      };
    }
  }
}
