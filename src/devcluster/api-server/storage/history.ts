import type { StoredRecord } from './record.ts';

/** One write: what an object was and what it became. */
export interface Change {
  readonly revision: number;
  readonly key: string;
  readonly previous: StoredRecord | undefined;
  /** Undefined after a deletion. */
  readonly current: StoredRecord | undefined;
  /** What watchers are told of a deletion: the last state under the revision of the deletion. */
  readonly last: StoredRecord | undefined;
}

/** The latest changes of one collection, in order. */
export interface History {
  add(change: Change): void;
  /** The changes after `revision`; undefined when some of them are forgotten. */
  since(revision: number): Change[] | undefined;
  /** Whether the state at `revision` can still be told. */
  knows(revision: number): boolean;
  /** Forgets all; nothing before `revision` is known from now on. */
  forget(revision: number): void;
}

/** So many changes at most: a client that was away for ten seconds of the fastest churn need not list again. */
export const HISTORY_LENGTH = 10_000;

export function createHistory(length: number = HISTORY_LENGTH): History {
  let changes: Change[] = [];
  let start = 0;
  /** The changes after this revision are all here. */
  let floor = 0;

  /** The index of the first change after `revision`. */
  function firstAfter(revision: number): number {
    let low = start;
    let high = changes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((changes[middle]?.revision ?? Infinity) <= revision) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  return {
    add(change) {
      changes.push(change);
      if (changes.length - start > length) {
        floor = changes[start]?.revision ?? floor;
        start++;
      }
      // Shifting an array one by one would cost its length each time.
      if (start > length) {
        changes = changes.slice(start);
        start = 0;
      }
    },
    since: (revision) => (revision < floor ? undefined : changes.slice(firstAfter(revision))),
    knows: (revision) => revision >= floor,
    forget(revision) {
      changes = [];
      start = 0;
      floor = revision;
    },
  };
}
