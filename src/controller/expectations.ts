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
