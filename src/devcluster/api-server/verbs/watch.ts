import type { JsonObject } from '../schema/schema.ts';
import { StatusError, expired } from '../status.ts';
import type { Change } from '../storage/history.ts';
import type { StoredRecord } from '../storage/record.ts';
import type { ApiRequest } from './api-request.ts';
import { listOptions, type ListOptions } from './list-options.ts';
import { selector } from './list.ts';

/** What a watch tells. */
export type WatchNews =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly record: StoredRecord }
  | { readonly type: 'BOOKMARK'; readonly revision: number; readonly initialEventsEnd: boolean }
  | { readonly type: 'ERROR'; readonly error: StatusError };

/** A watch under way. */
export interface Watch {
  readonly options: ListOptions;
  /** Tells how far the watch has come. */
  bookmark(): void;
  stop(): void;
}

/**
 * Starts a watch: first what was asked for of the past, then each change as it is written, in the order of resourceVersions.
 * `tell` is called before this returns, and must not write to the store.
 * @throws StatusError when the request is wrong; a resourceVersion that is forgotten is an ERROR event instead
 */
export function watch(request: ApiRequest, tell: (news: WatchNews) => void): Watch {
  const options = listOptions(request.query, { watch: true });
  const matches = selector(request) ?? everything;
  const { collection } = request.served;
  const inNamespace = ({ namespace }: StoredRecord): boolean =>
    request.namespace === undefined || namespace === request.namespace;
  const isWanted = (record: StoredRecord | undefined): record is StoredRecord =>
    record !== undefined && inNamespace(record) && matches(record.object);

  /** A watch of the future: it may know more than this server does yet. */
  let after = 0;
  const onChange = (change: Change): void => {
    if (change.revision > after) {
      const news = newsOf(change, isWanted);
      if (news !== undefined) {
        tell(news);
      }
    }
  };

  const replay = past(request, options);
  if (replay.error !== undefined) {
    tell({ type: 'ERROR', error: replay.error });
    return { options, bookmark: nothing, stop: nothing };
  }
  for (const record of replay.initial ?? []) {
    if (isWanted(record)) {
      tell({ type: 'ADDED', record });
    }
  }
  if (options.sendInitialEvents && options.allowWatchBookmarks) {
    tell({ type: 'BOOKMARK', revision: collection.revision, initialEventsEnd: true });
  }
  for (const change of replay.changes ?? []) {
    onChange(change);
  }
  after = Math.max(options.resourceVersion ?? 0, 0);
  return {
    options,
    bookmark: () => tell({ type: 'BOOKMARK', revision: collection.revision, initialEventsEnd: false }),
    stop: collection.listen(onChange),
  };
}

interface Past {
  readonly initial?: readonly StoredRecord[];
  readonly changes?: readonly Change[];
  readonly error?: StatusError;
}

function past({ served: { collection } }: ApiRequest, options: ListOptions): Past {
  const { resourceVersion: from } = options;
  if (options.onlyChanges && (from === undefined || from === 0)) {
    return {};
  }
  const fromState = options.sendInitialEvents || from === undefined || from === 0;
  if (fromState && from !== undefined && from > collection.revision) {
    return { error: tooNew(from, collection.revision) };
  }
  if (fromState) {
    return { initial: collection.records() };
  }
  const changes = collection.changesSince(from);
  return changes === undefined
    ? { error: expired(`too old resource version: ${from} (${collection.revision})`) }
    : { changes };
}

function tooNew(asked: number, current: number): StatusError {
  return new StatusError(
    504,
    'Timeout',
    `Timeout: Too large resource version: ${asked}, current: ${current}`,
  );
}

/** Selectors make an object come and go that was only changed. */
function newsOf(
  { previous, current, last }: Change,
  isWanted: (record: StoredRecord | undefined) => record is StoredRecord,
): WatchNews | undefined {
  const was = isWanted(previous);
  if (isWanted(current)) {
    return { type: was ? 'MODIFIED' : 'ADDED', record: current };
  }
  if (!was) {
    return undefined;
  }
  const record = last ?? leaving(previous, current);
  return { type: 'DELETED', record };
}

/** As upstream: the last state that matched, under the resourceVersion with which it left. */
function leaving(previous: StoredRecord, current: StoredRecord | undefined): StoredRecord {
  const revision = current?.revision ?? previous.revision;
  const metadata = previous.object['metadata'] as JsonObject;
  return {
    ...previous,
    revision,
    text: undefined,
    object: { ...previous.object, metadata: { ...metadata, resourceVersion: String(revision) } },
  };
}

function everything(): boolean {
  return true;
}

function nothing(): void {
  // An ended watch has nothing to do.
}
