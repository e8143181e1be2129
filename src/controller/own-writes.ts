import type { Immutable, KubeObject } from '../api/kube-object.ts';
import type { Clock } from '../time/clock.ts';

/**
 * Remembers writes to objects until the cache shows them, however many there are in a row. Reconciling an object from before one's own last write computes the same
 * write again, which the API server then refuses with a conflict.
 */
export interface OwnWrites {
  /** The object was written, from the version `before`. */
  wrote(before: Immutable<KubeObject>): void;
  /** Whether the cache still shows a version from before the last write; no longer than 5 s (Kopf: consistency_timeout). */
  isBehind(cached: Immutable<KubeObject>): boolean;
  /** The object with this UID is gone. */
  forget(uid: string): void;
}

const TRUST_AGAIN_MS = 5000;

export function createOwnWrites(clock: Pick<Clock, 'monotonic'>): OwnWrites {
  const writes = new Map<string, { from: ReadonlySet<string>; at: number }>();
  return {
    wrote({ metadata }) {
      const { uid, resourceVersion } = metadata;
      const before = writes.get(uid);
      const now = clock.monotonic();
      const others = before !== undefined && now - before.at < TRUST_AGAIN_MS ? before.from : [];
      writes.set(uid, { from: new Set([...others, resourceVersion]), at: now });
    },
    isBehind({ metadata }) {
      const write = writes.get(metadata.uid);
      if (write === undefined) {
        return false;
      }
      const behind =
        write.from.has(metadata.resourceVersion) && clock.monotonic() - write.at < TRUST_AGAIN_MS;
      if (!behind) {
        writes.delete(metadata.uid);
      }
      return behind;
    },
    forget: (uid) => writes.delete(uid),
  };
}
