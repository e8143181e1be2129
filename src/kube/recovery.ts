import { sleep, type Clock } from '../time/clock.ts';
import { ApiError } from './errors.ts';
import type { Transport } from './transport.ts';

/** What many reflectors share about one API server: whether it is away, and when it is back. */
export interface Recovery {
  /**
   * Waits before the next attempt, after `error`. While the server as a whole is away, attempts are pointless: then the wait lasts
   * until it is back, at most {@link LONGEST_MS}, and ends for all who wait at the same moment.
   * @param waitMs how long to wait from a server that is there
   */
  readonly pause: (error: Error, waitMs: number, signal: AbortSignal) => Promise<void>;
}

export interface RecoveryOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  /** In [0, 1): keeps operators from asking in step. @default Math.random */
  readonly random?: () => number;
}

/** Between two looks, at most; a quarter less by chance. The load that an API server in trouble gets from this process. */
const LOOK_MS = 250;
/** A look that has no answer by then is taken for a no: the server may not be able to say so. */
const LOOK_TIMEOUT_MS = 1000;
/** Attempts are made at least this often, whatever the looks say: client-go's longest wait. */
const LONGEST_MS = 30_000;

/** Looks after an API server (`GET /readyz`) only while somebody who suspects it waits, and once for all of them. */
export function createRecovery({ transport, clock, random = Math.random }: RecoveryOptions): Recovery {
  const waiting = new Set<Waiter>();
  let looking = false;
  let away = false;
  /** Ends the wait between two looks when nobody is interested any more. */
  let anyoneLeft = new AbortController();

  async function isBack(): Promise<boolean> {
    const patience = new AbortController();
    const timer = clock.after(LOOK_TIMEOUT_MS, () => patience.abort());
    try {
      const request = { method: 'GET', path: '/readyz', lane: 'watches', signal: patience.signal } as const;
      // Whoever refuses to say whether it is ready is there.
      return (await transport.request(request)).status < 500;
    } catch {
      return false;
    } finally {
      timer.cancel();
    }
  }

  async function lookUntilBack(): Promise<void> {
    while (waiting.size > 0) {
      if (await isBack()) {
        break;
      }
      away = true;
      await sleep(clock, LOOK_MS * (1 - random() / 4), anyoneLeft.signal);
    }
    // A server that was there all the time has its reasons to refuse what it refuses: nobody asks sooner for that.
    for (const { over, end } of waiting) {
      if (away || over) {
        end.abort();
      }
    }
    away = false;
  }

  function look(): void {
    if (!looking) {
      looking = true;
      anyoneLeft = new AbortController();
      void lookUntilBack().finally(() => (looking = false));
    }
  }

  return {
    async pause(error, waitMs, signal) {
      const waiter: Waiter = { over: false, end: new AbortController() };
      const until = AbortSignal.any([signal, waiter.end.signal]);
      waiting.add(waiter);
      if (isSuspicious(error)) {
        look();
      }
      await sleep(clock, waitMs, until);
      waiter.over = true;
      if (looking) {
        await sleep(clock, LONGEST_MS - waitMs, until);
      }
      waiting.delete(waiter);
      if (waiting.size === 0) {
        anyoneLeft.abort();
      }
    },
  };
}

interface Waiter {
  /** It has waited for as long as it would from a server that is there. */
  over: boolean;
  readonly end: AbortController;
}

/** No answer, half an answer, or the word that something is wrong inside; not a refusal of this one request. */
function isSuspicious(error: Error): boolean {
  return !(error instanceof ApiError) || error.code === 0 || error.code >= 500;
}
