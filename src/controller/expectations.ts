import type { Clock } from '../time/clock.ts';

/**
 * What a controller has done that its cache has not shown yet. While a key has unmet expectations, the cache is known to be
 * stale and no pod may be created or deleted for that key: that is what keeps surplus pods out. By UID, so that an object of
 * the same name made by somebody else never counts.
 */
export interface Expectations {
  /** A create was answered: wait until the cache has seen this UID (added, updated or deleted). */
  expectSeen(key: string, uid: string): void;
  /** A delete was answered: wait until the cache shows this UID terminating or gone. */
  expectGone(key: string, uid: string): void;
  /** The cache saw the object; `terminating` when it has a deletionTimestamp or was removed. */
  observe(uid: string, terminating: boolean): void;
  /** Whether all is seen, or so long ago (5 minutes, as in Kubernetes) that the cache must be trusted again. */
  satisfied(key: string): boolean;
  /** Milliseconds until unmet expectations of the key expire; 0 when satisfied. */
  expiresInMs(key: string): number;
  /** The key's object is gone. */
  forget(key: string): void;
}

/** kubernetes, pkg/controller: ExpectationsTimeout */
export const EXPECTATIONS_TTL_MS = 5 * 60 * 1000;

/**
 * A watch event often outruns the answer to the request that caused it, so what was seen must be known for a moment
 * afterwards. UIDs are never used twice: remembering one for longer than needed does no harm.
 */
const REMEMBERED_UIDS = 16_384;

interface Wait {
  /** Only the object's end counts; false: any sight of it does. */
  readonly untilGone: boolean;
  /** Monotonic milliseconds. */
  readonly expiresAt: number;
}

export function createExpectations(clock: Pick<Clock, 'monotonic'>): Expectations {
  const waitsByKey = new Map<string, Map<string, Wait>>();
  const keysByUid = new Map<string, Set<string>>();
  /** UIDs lately seen, oldest first, and whether they were terminating. */
  const seen = new Map<string, boolean>();

  function expect(key: string, uid: string, untilGone: boolean): void {
    const terminating = seen.get(uid);
    if (untilGone ? terminating === true : terminating !== undefined) {
      return;
    }
    const waits = waitsByKey.get(key) ?? new Map<string, Wait>();
    waitsByKey.set(key, waits);
    waits.set(uid, {
      untilGone: untilGone || waits.get(uid)?.untilGone === true,
      expiresAt: clock.monotonic() + EXPECTATIONS_TTL_MS,
    });
    keysByUid.set(uid, (keysByUid.get(uid) ?? new Set()).add(key));
  }

  function drop(key: string, uid: string): void {
    const waits = waitsByKey.get(key);
    const keys = keysByUid.get(uid);
    waits?.delete(uid);
    keys?.delete(key);
    if (waits?.size === 0) {
      waitsByKey.delete(key);
    }
    if (keys?.size === 0) {
      keysByUid.delete(uid);
    }
  }

  function remember(uid: string, terminating: boolean): void {
    const before = seen.get(uid) === true;
    seen.delete(uid);
    seen.set(uid, terminating || before);
    for (const oldest of seen.keys()) {
      if (seen.size <= REMEMBERED_UIDS) {
        break;
      }
      seen.delete(oldest);
    }
  }

  function expiresInMs(key: string): number {
    const now = clock.monotonic();
    let longest = 0;
    for (const [uid, { expiresAt }] of waitsByKey.get(key) ?? []) {
      if (expiresAt <= now) {
        drop(key, uid);
      }
      longest = Math.max(longest, expiresAt - now);
    }
    return longest;
  }

  return {
    expectSeen: (key, uid) => expect(key, uid, false),
    expectGone: (key, uid) => expect(key, uid, true),
    observe(uid, terminating) {
      remember(uid, terminating);
      for (const key of [...(keysByUid.get(uid) ?? [])]) {
        if (terminating || waitsByKey.get(key)?.get(uid)?.untilGone === false) {
          drop(key, uid);
        }
      }
    },
    satisfied: (key) => expiresInMs(key) === 0,
    expiresInMs,
    forget(key) {
      for (const uid of [...(waitsByKey.get(key)?.keys() ?? [])]) {
        drop(key, uid);
      }
    },
  };
}
