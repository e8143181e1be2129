import type { KubeObject } from '../api/kube-object.ts';
import type { Informer } from '../kube/informer.ts';
import type { LeaderElector } from '../kube/leader-elector.ts';
import type { Logger } from '../telemetry/logger.ts';
import { sleep, type Clock, type Timer } from '../time/clock.ts';
import type { Controller } from './controller.ts';
import { startCrew } from './crew.ts';
import type { ControllerMetrics } from './metrics.ts';

/**
 * What a manager goes through, in this order: caches fill (`syncing`), another process leads (`standby`, with warm caches),
 * workers reconcile (`leading`), running reconciles end (`draining`), nothing runs (`stopped`).
 */
export type ManagerState = 'initialized' | 'syncing' | 'standby' | 'leading' | 'draining' | 'stopped';

export interface ManagerOptions {
  /** Every informer that a controller watches. The manager starts and stops them. */
  readonly informers: readonly Informer<KubeObject>[];
  readonly controllers: readonly Controller[];
  /** Without one this process always leads: only where nobody else runs. */
  readonly elector?: LeaderElector | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: ControllerMetrics;
  /** How long a stop waits for running reconciles. @default 30 000, as in controller-runtime */
  readonly drainTimeoutMs?: number;
  /** Sends what is still to be told, such as events, before the lease goes. Limits its own time. */
  readonly flush?: (() => Promise<void>) | undefined;
}

/** Runs the controllers of one process. */
export interface Manager {
  readonly state: ManagerState;
  /**
   * Runs until `signal` is aborted (`stopped`) or the lease is lost: then another process may lead already, and this one must
   * exit without doing anything more. Call it once.
   */
  run(signal: AbortSignal): Promise<'stopped' | 'lostLease'>;
  /** Why this process should get no traffic; empty when it is ready. A warm standby is ready. */
  notReadyReasons(): readonly string[];
  /** Why this process should be restarted; empty while it is alive. Has nothing to do with the API server. */
  notLiveReasons(): readonly string[];
}

const HEARTBEAT_MS = 1000;
/** A loop that has stood still for so long is stuck. */
const HEARTBEAT_LIMIT_MS = 30_000;
/** kube-controller-manager's leader health check: so long after its end a lost lease must have been noticed. */
const LEASE_GRACE_MS = 20_000;

export function createManager(options: ManagerOptions): Manager {
  const { informers, elector, clock, log, metrics, drainTimeoutMs = 30_000, flush } = options;
  const crew = startCrew(options);
  let state: ManagerState = 'initialized';
  let lastBeat = clock.monotonic();

  if (elector !== undefined) {
    metrics.leadership(elector.name, () => elector.isLeader());
  }

  function enter(next: ManagerState): void {
    log.info('manager state', { from: state, to: next });
    state = next;
  }

  /** Caches, lease, workers, and back. */
  async function lead(signal: AbortSignal): Promise<'stopped' | 'lostLease'> {
    await Promise.race([Promise.all(informers.map((informer) => informer.whenSynced())), aborted(signal)]);
    if (signal.aborted) {
      return 'stopped';
    }
    enter('standby');
    if (elector !== undefined && !(await elector.acquire(signal))) {
      // A request that was on its way may have got it.
      await elector.release();
      return 'stopped';
    }
    enter('leading');
    crew.work();
    const renewal = new AbortController();
    const lost = elector === undefined ? never : elector.hold(renewal.signal).then((end) => end === 'lost');
    const leaseGone = await Promise.race([lost, aborted(signal).then(() => false)]);
    if (leaseGone || !(await drain(lost))) {
      crew.abandon();
      return 'lostLease';
    }
    renewal.abort();
    if (crew.idle) {
      await elector?.release();
    }
    return 'stopped';
  }

  /** Lets the running reconciles end, under a lease that is still renewed. False when it is lost meanwhile. */
  async function drain(lost: Promise<boolean>): Promise<boolean> {
    enter('draining');
    const enough = new AbortController();
    const inTime = Promise.race([crew.drain(), sleep(clock, drainTimeoutMs, enough.signal)]);
    const leaseGone = await Promise.race([lost, inTime.then(() => false)]);
    enough.abort();
    if (leaseGone) {
      return false;
    }
    if (!crew.idle) {
      // They may still write, so the lease is left to run out instead of being released.
      log.warn('reconciles did not end in time', { drainTimeoutMs });
      crew.abandon();
    }
    await flush?.();
    return true;
  }

  async function run(signal: AbortSignal): Promise<'stopped' | 'lostLease'> {
    if (state !== 'initialized') {
      throw new Error('a manager runs once');
    }
    enter('syncing');
    const heart = startHeart(clock, () => (lastBeat = clock.monotonic()));
    const caches = new AbortController();
    const cachesEnd = Promise.all(informers.map((informer) => informer.start(caches.signal)));
    try {
      // An informer that ends by itself is broken: its error is the manager's.
      return await Promise.race([lead(signal), cachesEnd.then(() => never)]);
    } finally {
      crew.abandon();
      caches.abort();
      await cachesEnd.catch(() => undefined);
      heart.cancel();
      enter('stopped');
    }
  }

  return {
    get state() {
      return state;
    },
    run,
    notReadyReasons() {
      switch (state) {
        case 'standby':
        case 'leading':
          return [];
        case 'syncing':
          return informers.filter((informer) => !informer.synced).map(whyNotSynced);
        case 'initialized':
        case 'draining':
        case 'stopped':
          return [`manager: ${state}`];
      }
    },
    notLiveReasons() {
      const silentMs = clock.monotonic() - lastBeat;
      const overdueMs = elector?.overdueMs() ?? 0;
      const running = state !== 'initialized' && state !== 'stopped';
      return [
        ...(running && silentMs > HEARTBEAT_LIMIT_MS
          ? [`event loop: stood still for ${seconds(silentMs)}`]
          : []),
        ...(overdueMs > LEASE_GRACE_MS
          ? [`lease: ran out ${seconds(overdueMs)} ago, still not given up`]
          : []),
      ];
    },
  };
}

/** What stands still until something else wins the race. */
const never = new Promise<never>(() => undefined);

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
    }
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function startHeart(clock: Clock, beat: () => void): Timer {
  let timer = clock.after(HEARTBEAT_MS, function next() {
    beat();
    timer = clock.after(HEARTBEAT_MS, next);
  });
  beat();
  return { cancel: () => timer.cancel() };
}

function whyNotSynced({ type, lastError }: Informer<KubeObject>): string {
  return `${type.kind}: not listed yet${lastError === undefined ? '' : `: ${lastError.message}`}`;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
