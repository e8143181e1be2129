import { type BackoffPolicy, backoffMs } from '../../time/backoff.ts';
import { isDisrupted } from '../../compute/pod-disruption.ts';
import { type Replica, endOf, restartAttempt } from './replica.ts';

/** kube Job controller: pod failure backoff 10 s to 10 min. */
const policy: BackoffPolicy = { initialMs: 10_000, factor: 2, maxMs: 600_000 };

/** kubelet: a container that ran this long starts over with its backoff. */
const RESET_AFTER_MS = 600_000;

/** When a pod that has ended may be made again, and as which attempt. */
export interface Restart {
  /** Milliseconds since 1970. */
  readonly dueAt: number;
  /** For the annotation of the new pod. */
  readonly attempt: number;
}

/**
 * The restart of a finished pod: the pause doubles with each failure in a row of the same ordinal, and starts over after ten good
 * minutes. A pod that the cluster ended (eviction, preemption, drain) is not its own fault: no pause, no count.
 */
export function restartOf({ pod }: Replica): Restart {
  const end = endOf(pod);
  if (isDisrupted(pod)) {
    return { dueAt: end.at, attempt: restartAttempt(pod) };
  }
  const attempt = (end.ranMs >= RESET_AFTER_MS ? 0 : restartAttempt(pod)) + 1;
  return { dueAt: end.at + backoffMs(policy, attempt), attempt };
}
