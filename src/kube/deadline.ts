import { setMaxListeners } from 'node:events';
import type { Clock } from '../time/clock.ts';

/** Ends when somebody gives up or when the time is over, whichever is first. */
export interface Deadline {
  /** Its reason is the error to fail with. */
  readonly signal: AbortSignal;
  /** Ends the time limit only: for a watch that has begun. */
  stopTimer(): void;
  /** Leaves nothing behind: no timer, no listener. Call it once all is done. */
  release(): void;
}

/** What ends a deadline. */
export interface DeadlineLimits {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly onTimeout: () => Error;
  readonly onAbort: () => Error;
  /** Any of these aborting ends the deadline. */
  readonly signals: readonly (AbortSignal | undefined)[];
}

/** Starts counting at once. */
export function startDeadline({ clock, timeoutMs, onTimeout, onAbort, signals }: DeadlineLimits): Deadline {
  const controller = new AbortController();
  const given = signals.filter((signal) => signal !== undefined);
  // A signal may end any number of requests; node would warn of a leak from the eleventh on.
  setMaxListeners(0, ...given);
  const giveUp = (): void => controller.abort(onAbort());
  const timer = clock.after(timeoutMs, () => controller.abort(onTimeout()));
  for (const signal of given) {
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) {
      giveUp();
    }
  }
  return {
    signal: controller.signal,
    stopTimer: () => timer.cancel(),
    release() {
      timer.cancel();
      for (const signal of given) {
        signal.removeEventListener('abort', giveUp);
      }
    },
  };
}

/** The promise, or the deadline's reason if that comes first. What the promise does later is nobody's business. */
export function within<T>(deadline: Deadline, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const { signal } = deadline;
    const giveUp = (): void => reject(signal.reason as Error);
    if (signal.aborted) {
      giveUp();
    }
    signal.addEventListener('abort', giveUp, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}
