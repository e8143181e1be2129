import { metaString, metadataOf, type StoredRecord } from './record.ts';
import type { JsonObject } from '../schema/schema.ts';
import { createHistory, type Change } from './history.ts';

/** The counter under all collections. */
export interface Revisions {
  readonly current: number;
  next(): number;
}

/** The objects of one resource, their latest changes, and who listens to them. Everything here is synchronous. */
export interface Collection {
  readonly name: string;
  readonly size: number;
  /** The store's counter: this collection has seen everything up to it. */
  readonly revision: number;
  get(key: string): StoredRecord | undefined;
  /** Stores the object, which is from now on nobody's to change, under a new resourceVersion. */
  put(object: JsonObject): StoredRecord;
  /** Removes an object. Returns its last state under the resourceVersion of the deletion. */
  remove(key: string): StoredRecord | undefined;
  /** In the order of their keys; those of one namespace, or all. */
  records(namespace?: string): readonly StoredRecord[];
  /** As they were at a revision, in the order of their keys; undefined when that is forgotten. */
  recordsAt(revision: number, namespace?: string): readonly StoredRecord[] | undefined;
  /** The changes after `revision`; undefined when some of them are forgotten. */
  changesSince(revision: number): Change[] | undefined;
  /** Calls back for each write, in order, before the write returns. Returns the way to end it. */
  listen(listener: (change: Change) => void): () => void;
  compact(): void;
}

export function createCollection(name: string, revisions: Revisions): Collection {
  const records = new Map<string, StoredRecord>();
  const history = createHistory();
  const listeners = new Set<(change: Change) => void>();
  /** Undefined when a key has come or gone since. */
  let sortedKeys: string[] | undefined;

  function announce(change: Change): void {
    history.add(change);
    for (const listener of listeners) {
      listener(change);
    }
  }

  function inOrder(): readonly StoredRecord[] {
    sortedKeys ??= [...records.keys()].sort();
    return sortedKeys.flatMap((key) => records.get(key) ?? []);
  }

  function stateAt(revision: number): readonly StoredRecord[] | undefined {
    const changes = history.since(revision);
    if (changes === undefined) {
      return undefined;
    }
    if (changes.length === 0) {
      return inOrder();
    }
    const state = new Map(records);
    for (const { key, previous } of changes.reverse()) {
      if (previous === undefined) {
        state.delete(key);
      } else {
        state.set(key, previous);
      }
    }
    return [...state.values()].sort(byKey);
  }

  return {
    name,
    get size() {
      return records.size;
    },
    get revision() {
      return revisions.current;
    },
    get: (key) => records.get(key),
    put(object) {
      const revision = revisions.next();
      const current = record(object, revision);
      const { key } = current;
      const previous = records.get(key);
      records.set(key, current);
      if (previous === undefined) {
        sortedKeys = undefined;
      }
      announce({ revision, key, previous, current, last: undefined });
      return current;
    },
    remove(key) {
      const previous = records.get(key);
      if (previous === undefined) {
        return undefined;
      }
      const revision = revisions.next();
      records.delete(key);
      sortedKeys = undefined;
      const last = record(previous.object, revision);
      announce({ revision, key, previous, current: undefined, last });
      return last;
    },
    records: (namespace) => within(inOrder(), namespace),
    recordsAt(revision, namespace) {
      const state = stateAt(revision);
      return state === undefined ? undefined : within(state, namespace);
    },
    changesSince: (revision) => history.since(revision),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    compact: () => history.forget(revisions.current),
  };
}

function record(object: JsonObject, revision: number): StoredRecord {
  const namespace = metaString(object, 'namespace');
  const name = metaString(object, 'name') ?? '';
  const metadata = { ...metadataOf(object), resourceVersion: String(revision) };
  return {
    key: namespace === undefined ? name : `${namespace}/${name}`,
    namespace,
    name,
    revision,
    object: { ...object, metadata },
    text: undefined,
  };
}

function byKey(a: StoredRecord, b: StoredRecord): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

function within(records: readonly StoredRecord[], namespace: string | undefined): readonly StoredRecord[] {
  return namespace === undefined ? records : records.filter((record) => record.namespace === namespace);
}
