import { setMaxListeners } from 'node:events';
import type { Clock } from '../../time/clock.ts';

/** How long others are waited for, once one has succeeded. */
export interface Patience {
  readonly clock: Clock;
  readonly graceMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What has become of the promises when all are settled, or a while after the first that was fulfilled as wished; undefined for those
 * that are not settled by then. Also when the signal is aborted: look at it after. Never rejects.
 */
export function firstAndGrace<T>(
  promises: readonly Promise<T>[],
  wished: (value: T) => boolean,
  { clock, graceMs, signal }: Patience,
): Promise<(PromiseSettledResult<T> | undefined)[]> {
  return new Promise((resolve) => {
    const results: (PromiseSettledResult<T> | undefined)[] = promises.map(() => undefined);
    let open = promises.length;
    let timer: { cancel(): void } | undefined;
    const finish = (): void => {
      timer?.cancel();
      signal?.removeEventListener('abort', finish);
      resolve([...results]);
    };
    const settle = (index: number, result: PromiseSettledResult<T>): void => {
      results[index] = result;
      open--;
      if (open === 0) {
        finish();
      } else if (result.status === 'fulfilled' && wished(result.value)) {
        timer ??= clock.after(graceMs, finish);
      }
    };
    if (open === 0 || signal?.aborted === true) {
      finish();
      return;
    }
    if (signal !== undefined) {
      // One signal may end any number of waits; node would warn of a leak from the eleventh on.
      setMaxListeners(0, signal);
      signal.addEventListener('abort', finish, { once: true });
    }
    promises.forEach((promise, index) => {
      promise.then(
        (value) => settle(index, { status: 'fulfilled', value }),
        (reason: unknown) => settle(index, { status: 'rejected', reason }),
      );
    });
  });
}
