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
/** Before the list that follows a version that has expired; up to twice as long by chance. */
const EXPIRED_MS = 20;
/** A version that expires sooner than this after the one before is a dear failure like others. */
const EXPIRED_AGAIN_MS = 5000;

export type Cost = 'cheap' | 'dear' | 'expired';

/** Decides how long to wait before the next attempt to list or watch. */
export interface ReconnectPacer {
  /** An attempt works. Only when it has worked for two minutes are earlier failures forgotten. */
  healthy(): void;
  /**
   * An attempt failed.
   * @param atLeastMs what the server asked for; of a cheap attempt just so long
   * @param cost what the next attempt costs the server: a list of everything, or a refusal that nothing suggests will change, is dear;
   * a watch that goes on from where it was is cheap, and is tried at the same short intervals for ever; after a version that has
   * expired, as after every restart of an API server, the list is asked for at once, unless that happens again and again
   * @returns milliseconds to wait
   */
  failed(atLeastMs: number, cost: Cost): number;
}

export function reconnectPacer(clock: Clock, random: () => number): ReconnectPacer {
  let failures = 0;
  let healthySince: number | undefined;
  let expiredAt = -Infinity;

  /** Whether a version has expired, and not again and again. */
  function justExpired(): boolean {
    const before = expiredAt;
    expiredAt = clock.monotonic();
    return expiredAt - before >= EXPIRED_AGAIN_MS;
  }

  return {
    healthy() {
      healthySince ??= clock.monotonic();
    },
    failed(atLeastMs, cost) {
      if (cost === 'cheap') {
        return atLeastMs > 0 ? atLeastMs : jittered(CHEAP_MS, random());
      }
      if (cost === 'expired' && justExpired()) {
        return Math.max(atLeastMs, jittered(EXPIRED_MS, random()));
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
