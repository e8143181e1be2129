import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { ObjectKey } from '../api/kube-object.ts';
import type { Logger } from '../telemetry/logger.ts';
import { sleep, type Clock } from '../time/clock.ts';
import type { KubeClient } from './client.ts';
import { startDeadline, within } from './deadline.ts';
import { isConflict } from './errors.ts';
import {
  attemptLease,
  expiryOf,
  giveUpLease,
  type LeaseAttempt,
  type ObservedLease,
} from './lease-attempt.ts';

export interface LeaderElectorOptions {
  /** On a lane of its own: a pool full of other requests must not cost the lease. */
  readonly client: KubeClient;
  /** Where the Lease is; it is created when missing. */
  readonly lease: ObjectKey & { readonly namespace: string };
  /** Different for every process that may lead: {@link newIdentity}. */
  readonly identity: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** In [0, 1). @default Math.random */
  readonly random?: () => number;
  /** How long the others wait after the last sign of life; written in whole seconds. @default 15 000 (client-go) */
  readonly leaseDurationMs?: number;
  /** A leader who has not renewed for so long stops leading; less than the above. @default 10 000 (client-go) */
  readonly renewDeadlineMs?: number;
  /** Between two renewals. @default 2000 (client-go) */
  readonly retryPeriodMs?: number;
}

/** One of several processes of which at most one leads. */
export interface LeaderElector {
  /** Name of the lease. */
  readonly name: string;
  readonly identity: string;
  /**
   * Whether this process may act as the leader at this very moment. Asks the monotonic clock, not a timer: false as soon as
   * somebody else could have the lease, even when the process was frozen meanwhile.
   */
  isLeader(): boolean;
  /** Who was last seen with the lease; undefined when nobody was. */
  readonly holder: string | undefined;
  /** How often the lease has changed hands, as last seen: grows with every leader, so it fences off what older ones wrote. */
  readonly leaseTransitions: number | undefined;
  /** Milliseconds since when this process should have noticed that its lease has run out; 0 while all is well. */
  overdueMs(): number;
  /** Waits for the lease. True when it is ours; false when `signal` was aborted first. */
  acquire(signal: AbortSignal): Promise<boolean>;
  /** Renews the lease until it is lost, or until `signal` is aborted: then it is still held. */
  hold(signal: AbortSignal): Promise<'lost' | 'stopped'>;
  /** Stops leading and gives the lease up if it is ours. Never rejects: at worst the others wait for it to run out. */
  release(): Promise<void>;
}

/**
 * A candidate looks at the lease every 0.75 to 1 s, so that one that was given up is taken within a second (client-go: 2 to 4.4 s). One
 * GET; by chance, so that candidates do not try in step.
 */
const CANDIDATE_MS = 750;
const CANDIDATE_JITTER = 1 / 3;
/** A release can meet a renewal that was on its way; more than once only if somebody else writes to the lease. */
const RELEASE_TRIES = 5;

/** `<host>_<uuid>`, as client-go's users name themselves: no two processes share it, not even on one host. */
export function newIdentity(): string {
  return `${hostname()}_${randomUUID()}`;
}

export function createLeaderElector(options: LeaderElectorOptions): LeaderElector {
  const { client, lease: key, identity, clock, random = Math.random } = options;
  const { leaseDurationMs = 15_000, renewDeadlineMs = 10_000, retryPeriodMs = 2000 } = options;
  const log = options.log.with({ lease: `${key.namespace}/${key.name}`, identity });
  const parts = { client, key, identity, leaseDurationMs, clock };
  let observed: ObservedLease | undefined;
  /** Monotonic milliseconds when the last request left that got or renewed the lease; undefined when not leading. */
  let renewedAt: number | undefined;
  let lastComplaint = '';

  const sinceRenewed = (): number => (renewedAt === undefined ? Infinity : clock.monotonic() - renewedAt);
  const isLeader = (): boolean => sinceRenewed() < renewDeadlineMs;

  /** One attempt. What is not answered in time, or before the signal, changes nothing any more. */
  async function attempt(limitMs: number, signal: AbortSignal): Promise<void> {
    const result = await inTime(attemptLease(parts, observed), limitMs, signal).catch(failed);
    if (result.kind === 'failed') {
      complain(signal, result.error);
      return;
    }
    lastComplaint = '';
    if (holderOf(observed) !== holderOf(result.observed)) {
      log.info('the lease has a new holder', { holder: holderOf(result.observed) });
    }
    observed = result.observed;
    if (result.kind === 'held') {
      renewedAt = result.sentAt;
    }
  }

  /** Once per kind of failure, not every two seconds while an API server is away. */
  function complain(signal: AbortSignal, error: unknown): void {
    const complaint = String(error);
    const again = complaint === lastComplaint || signal.aborted;
    log[again ? 'debug' : 'warn']('cannot get or renew the lease', { error });
    lastComplaint = complaint;
  }

  /** Until the next look, or until the lease runs out if that is sooner. */
  function candidateWaitMs(): number {
    const waitMs = CANDIDATE_MS * (1 + CANDIDATE_JITTER * random());
    const leftMs = observed === undefined ? -1 : expiryOf(observed, leaseDurationMs) - clock.monotonic();
    // 1 ms more: it must have run out, not be about to.
    return leftMs >= 0 ? Math.min(waitMs, leftMs + 1) : waitMs;
  }

  function lose(reason: string): 'lost' {
    renewedAt = undefined;
    log.error('lost the lease', { reason, holder: holderOf(observed) });
    return 'lost';
  }

  return {
    name: key.name,
    identity,
    isLeader,
    get holder() {
      return holderOf(observed);
    },
    get leaseTransitions() {
      return observed?.lease.spec?.leaseTransitions;
    },
    overdueMs: () => (renewedAt === undefined ? 0 : Math.max(0, sinceRenewed() - leaseDurationMs)),

    async acquire(signal) {
      while (!signal.aborted) {
        await attempt(renewDeadlineMs, signal);
        // An attempt whose answer lay about while the process was frozen may have come to nothing.
        if (isLeader()) {
          log.info('leading', { leaseTransitions: observed?.lease.spec?.leaseTransitions });
          return true;
        }
        await sleep(clock, candidateWaitMs(), signal);
      }
      return false;
    },

    async hold(signal) {
      for (;;) {
        await sleep(clock, Math.min(retryPeriodMs, Math.ceil(renewDeadlineMs - sinceRenewed())), signal);
        if (signal.aborted) {
          return 'stopped';
        }
        if (!isLeader()) {
          return lose(`not renewed within ${renewDeadlineMs} ms`);
        }
        await attempt(renewDeadlineMs - sinceRenewed(), signal);
        if (holderOf(observed) !== identity) {
          return lose('somebody else has it');
        }
      }
    },

    async release() {
      renewedAt = undefined;
      const deadline = clock.monotonic() + renewDeadlineMs;
      for (let tries = 1; ; tries++) {
        try {
          const released = await inTime(giveUpLease(parts), deadline - clock.monotonic());
          log.info(released ? 'released the lease' : 'had no lease to release');
          return;
        } catch (error) {
          if (tries >= RELEASE_TRIES || !isConflict(error)) {
            log.warn('could not release the lease: it runs out by itself', { error });
            return;
          }
        }
      }
    },
  };

  /** The answer, or an error when the time or the signal is first. */
  async function inTime<T>(answer: Promise<T>, limitMs: number, signal?: AbortSignal): Promise<T> {
    const deadline = startDeadline({
      clock,
      timeoutMs: limitMs,
      signals: [signal],
      onTimeout: () => new Error(`no answer within ${Math.round(limitMs)} ms`),
      onAbort: () => new Error('told to stop'),
    });
    try {
      return await within(deadline, answer);
    } finally {
      deadline.release();
    }
  }
}

function failed(error: unknown): LeaseAttempt {
  return { kind: 'failed', error };
}

function holderOf(observed: ObservedLease | undefined): string | undefined {
  return observed?.lease.spec?.holderIdentity;
}
