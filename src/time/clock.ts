/** A pending callback of a {@link Clock}. */
export interface Timer {
  /** Does nothing when the timer has already fired. */
  cancel(): void;
}

/** Where everything in Headframe takes time from, so that tests can hold it still. */
export interface Clock {
  /** Wall clock, milliseconds since 1970. Compare it with times that others wrote. */
  now(): number;
  /** Milliseconds since some fixed moment; never goes back. Measure durations with it. */
  monotonic(): number;
  /** Calls `callback` once, `delayMs` from now. */
  after(delayMs: number, callback: () => void): Timer;
}

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, callback) {
    const handle = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(handle) };
  },
};

/** Resolves after `delayMs`, or at once when `signal` is aborted: check the signal after it. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const finish = (): void => {
      timer.cancel();
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = clock.after(delayMs, finish);
    signal?.addEventListener('abort', finish, { once: true });
  });
}

/** RFC 3339 with whole seconds, as metav1.Time is written. */
export function rfc3339(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** RFC 3339 with exactly six fraction digits: the API server refuses any other number of them in a MicroTime. */
export function microTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '000Z');
}
