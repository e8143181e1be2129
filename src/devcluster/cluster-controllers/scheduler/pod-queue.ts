import type { Pod } from '../../../api/builtin.ts';
import type { Immutable } from '../../../api/kube-object.ts';
import { backoffMs, type BackoffPolicy } from '../../../time/backoff.ts';
import { schedulingSpec } from './scheduling-spec.ts';

/** Pods that wait for a node: those to try next, and those that wait for the cluster to change. Pure: time is told. */
export interface PodQueue {
  /** A pod to try, or the newer version of one that waits. A parked pod stays parked unless its spec or labels differ. */
  add(pod: Immutable<Pod>): void;
  remove(uid: string): void;
  /** The pod to try now: the highest priority, of equals the oldest. It is not in the queue any more. */
  next(): Immutable<Pod> | undefined;
  /** Takes a pod back that found no node, or could not be bound, until it is woken. */
  park(pod: Immutable<Pod>, now: number): void;
  /** The cluster has changed to the better: parked pods that `may` be helped are tried again, but none of them too often. */
  wake(may: (pod: Immutable<Pod>) => boolean): void;
  /**
   * Moves woken pods whose wait is over to those to try.
   * @returns when to call again, on the same clock as `now`; undefined when nobody waits for a time
   */
  advance(now: number): number | undefined;
  /** Pods to try. */
  readonly ready: number;
}

/** kube-scheduler begins with 1 s and ends with 10 s as well; here a pod that waits costs little (failure-memo.ts). */
const BACKOFF: BackoffPolicy = { initialMs: 100, factor: 2, maxMs: 10_000 };

interface Parked {
  pod: Immutable<Pod>;
  readonly notBefore: number;
  woken: boolean;
}

export function podQueue(): PodQueue {
  const active = new Map<string, Immutable<Pod>>();
  const parked = new Map<string, Parked>();
  const attempts = new Map<string, number>();
  /** Of `active`, last first; undefined when it must be sorted again. */
  let order: Immutable<Pod>[] | undefined;

  function activate(pod: Immutable<Pod>): void {
    active.set(pod.metadata.uid, pod);
    order = undefined;
  }

  return {
    add(pod) {
      const { uid } = pod.metadata;
      const waiting = parked.get(uid);
      if (waiting === undefined) {
        activate(pod);
        return;
      }
      if (!isSame(waiting.pod, pod)) {
        waiting.woken = true;
      }
      waiting.pod = pod;
    },
    remove(uid) {
      parked.delete(uid);
      attempts.delete(uid);
      if (active.delete(uid)) {
        order = undefined;
      }
    },
    next() {
      order ??= [...active.values()].sort(laterFirst);
      const pod = order.pop();
      if (pod !== undefined) {
        active.delete(pod.metadata.uid);
      }
      return pod;
    },
    park(pod, now) {
      const { uid } = pod.metadata;
      const count = (attempts.get(uid) ?? 0) + 1;
      attempts.set(uid, count);
      parked.set(uid, { pod, notBefore: now + backoffMs(BACKOFF, count), woken: false });
    },
    wake(may) {
      for (const waiting of parked.values()) {
        waiting.woken ||= may(waiting.pod);
      }
    },
    advance(now) {
      let next: number | undefined;
      for (const [uid, { pod, notBefore, woken }] of parked) {
        if (woken && notBefore <= now) {
          parked.delete(uid);
          activate(pod);
        } else if (woken) {
          next = Math.min(next ?? Infinity, notBefore);
        }
      }
      return next;
    },
    get ready() {
      return active.size;
    },
  };
}

function isSame(a: Immutable<Pod>, b: Immutable<Pod>): boolean {
  return JSON.stringify([a.spec, a.metadata.labels]) === JSON.stringify([b.spec, b.metadata.labels]);
}

/** Sorts so that the last is the next: the highest priority, then the oldest, then by name for a stable order. */
function laterFirst(a: Immutable<Pod>, b: Immutable<Pod>): number {
  const byPriority = (schedulingSpec(a).priority ?? 0) - (schedulingSpec(b).priority ?? 0);
  return (
    byPriority ||
    b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp) ||
    (a.metadata.name < b.metadata.name ? 1 : -1)
  );
}
