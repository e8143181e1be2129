import { backoffMs, jittered } from '../time/backoff.ts';
import type { BackoffPolicy } from '../time/backoff.ts';
import type { Clock } from '../time/clock.ts';

/** client-go's reflector: 800 ms x2, cap 30 s, jitter 1.0, reset after 2 minutes. */
const policy: BackoffPolicy = { initialMs: 800, factor: 2, maxMs: 30_000 };
const RESET_MS = 120_000;
/**
 * So many dear attempts follow each other without longer and longer waits: what makes five lists fail is rarely that they are lists, and
 * who waits 2 s cannot be back within 2 s.
 */
const QUICK_TRIES = 5;
/** Between two tries of what costs the server next to nothing; up to twice as long by chance. */
const CHEAP_MS = 600;

/** Decides how long to wait before the next attempt to list or watch. */
export interface ReconnectPacer {
  /** An attempt works. Only when it has worked for two minutes are earlier failures forgotten. */
  healthy(): void;
  /**
   * An attempt failed.
   * @param atLeastMs what the server asked for
   * @param cost what the next attempt costs the server: a list of everything, or a refusal that nothing suggests will change, is dear;
   * a watch that goes on from where it was is cheap, and is tried at the same short intervals for ever
   * @returns milliseconds to wait
   */
  failed(atLeastMs: number, cost: 'cheap' | 'dear'): number;
}

export function reconnectPacer(clock: Clock, random: () => number): ReconnectPacer {
  let failures = 0;
  let healthySince: number | undefined;
  return {
    healthy() {
      healthySince ??= clock.monotonic();
    },
    failed(atLeastMs, cost) {
      if (cost === 'cheap') {
        return Math.max(atLeastMs, jittered(CHEAP_MS, random()));
      }
      if (healthySince !== undefined && clock.monotonic() - healthySince >= RESET_MS) {
        failures = 0;
      }
      healthySince = undefined;
      failures++;
      return Math.max(
        atLeastMs,
        jittered(backoffMs(policy, Math.max(1, failures - QUICK_TRIES + 1)), random()),
      );
    },
  };
}
