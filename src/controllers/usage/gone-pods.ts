import type { Pod } from '../../api/builtin.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { heldUntil } from '../../compute/usage/holding.ts';

/** A pod that was deleted. */
export interface GonePod {
  readonly pod: Immutable<Pod>;
  /** When its GPUs were free again at the latest, in milliseconds since 1970. */
  readonly until: number;
}

/** Pods that were deleted since the last observation: without them the time from there to their end would be lost. */
export interface GonePods {
  /** @param now milliseconds since 1970 */
  add(pod: Immutable<Pod>, now: number): void;
  /** All of them, once. */
  take(): readonly GonePod[];
}

/** No cluster deletes more in one interval; of one that cannot be observed no more are kept. */
const MOST = 20_000;

export function createGonePods(): GonePods {
  let gone: GonePod[] = [];
  return {
    add(pod, now) {
      if (pod.spec.nodeName !== undefined && gone.length < MOST) {
        gone.push({ pod, until: endOf(pod, now) });
      }
    },
    take() {
      const taken = gone;
      gone = [];
      return taken;
    },
  };
}

/** A deletion says when the pod has to have ended; that we hear of it later gives it no more. */
function endOf(pod: Immutable<Pod>, now: number): number {
  const deadline = Date.parse(pod.metadata.deletionTimestamp ?? '');
  return heldUntil(pod) ?? (Number.isNaN(deadline) ? now : Math.min(now, deadline));
}
