import type { Pod } from '../../api/builtin.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { heldUntil } from '../../compute/usage/holding.ts';
import { poolUidOf } from './pool-names.ts';

/** A pod that was deleted. */
export interface GonePod {
  readonly pod: Immutable<Pod>;
  /** When its GPUs were free again at the latest, in milliseconds since 1970. */
  readonly until: number;
}

/** Pods of pools that were deleted since the last observation: without them the time from there to their end would be lost. */
export interface GonePods {
  /** @param now milliseconds since 1970 */
  add(pod: Immutable<Pod>, now: number): void;
  /** Whether there is one of that pool, by its UID. */
  holds(poolUid: string): boolean;
  /** All of them, once. */
  take(): readonly GonePod[];
}

/** No cluster deletes more in one interval; of one that cannot be observed, or of an operator that only stands by, the last are kept. */
const MOST = 20_000;
/** After so long, in milliseconds, what is not taken will not be: the next observation is hours away, or another operator's. */
const KEPT_MS = 3_600_000;

interface Heard extends GonePod {
  readonly at: number;
}

export function createGonePods(): GonePods {
  /** In the order in which they came. */
  const gone = new Set<Heard>();

  function forgetOld(now: number): void {
    for (const each of gone) {
      if (gone.size < MOST && now - each.at <= KEPT_MS) {
        return;
      }
      gone.delete(each);
    }
  }

  return {
    add(pod, now) {
      if (pod.spec.nodeName !== undefined && poolUidOf(pod) !== undefined) {
        forgetOld(now);
        gone.add({ pod, until: endOf(pod, now), at: now });
      }
    },
    holds: (poolUid) => [...gone].some(({ pod }) => poolUidOf(pod) === poolUid),
    take() {
      const taken = [...gone];
      gone.clear();
      return taken;
    },
  };
}

/** A deletion says when the pod has to have ended; that we hear of it later gives it no more. */
function endOf(pod: Immutable<Pod>, now: number): number {
  const deadline = Date.parse(pod.metadata.deletionTimestamp ?? '');
  return heldUntil(pod) ?? (Number.isNaN(deadline) ? now : Math.min(now, deadline));
}
