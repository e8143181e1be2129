import type { KubeObject } from '../api/kube-object.ts';
import type { Informer } from '../kube/informer.ts';
import type { LeaderElector } from '../kube/leader-elector.ts';
import type { Logger } from '../telemetry/logger.ts';
import { type Clock, sleep } from '../time/clock.ts';
import type { Controller } from './controller.ts';
import { type Heartbeat, startHeartbeat } from './heartbeat.ts';
import type { ControllerMetrics } from './metrics.ts';
import { type ControllerRun, startController } from './controller-run.ts';

/**
 * The life of an operator: `initialized`; `syncing` until the caches are full or known to fail; `standby` until the lease is ours; `leading` while
 * workers run; `draining` from the signal to stop (or the loss of the lease) until what is under way has ended; `stopped`.
 */
export type ManagerState = 'initialized' | 'syncing' | 'standby' | 'leading' | 'draining' | 'stopped';

export interface ManagerOptions {
  readonly informers: readonly Informer<KubeObject>[];
  readonly controllers: readonly Controller[];
  /** Undefined: leads without asking anyone. Only when no other operator can be running. */
  readonly elector?: LeaderElector;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: ControllerMetrics;
  /** How long reconciles under way may take to end, in milliseconds. Default 30 000 (controller-runtime). */
  readonly drainTimeoutMs?: number;
  /** Called when the workers have ended, before the lease is given up: gets the last events out. */
  readonly flush?: () => Promise<void>;
}

export interface Manager {
  readonly state: ManagerState;
  /** Runs until `signal` is aborted, or until the lease is lost: then the process should end. Call once. */
  run(signal: AbortSignal): Promise<'stopped' | 'lostLease'>;
  /** Why a restart would help; empty when it would not. Never asks the API server. */
  liveness(): readonly string[];
  /** Why the operator cannot do its work now; empty when it can. A standby with full caches is ready. */
  readiness(): readonly string[];
}

export function createManager(options: ManagerOptions): Manager {
  const { informers, controllers, elector, clock, log, metrics } = options;
  const { drainTimeoutMs = 30_000, flush = () => Promise.resolve() } = options;
  let state: ManagerState = 'initialized';
  let heartbeat: Heartbeat | undefined;

  function enter(next: ManagerState): void {
    state = next;
    log.info('the operator changes its state', { state });
  }

  /**
   * Waits until every cache is full, or is known to fail: a kind that is missing or forbidden stops the controllers that watch it
   * and no others. False when `signal` came first.
   */
  async function sync(signal: AbortSignal): Promise<boolean> {
    enter('syncing');
    const full = new AbortController();
    void Promise.all(informers.map((informer) => informer.whenSynced())).then(() => full.abort());
    while (!signal.aborted && informers.some(({ synced, lastError }) => !synced && lastError === undefined)) {
      await sleep(clock, SYNC_LOOK_MS, AbortSignal.any([signal, full.signal]));
    }
    return !signal.aborted;
  }

  /** Waits for the lease, and leads. */
  async function stand(
    runs: readonly ControllerRun[],
    signal: AbortSignal,
  ): Promise<'stopped' | 'lostLease'> {
    enter('standby');
    if (elector === undefined || (await elector.acquire(signal))) {
      return lead(runs, signal);
    }
    enter('draining');
    // A request that was on its way may have got the lease all the same.
    await elector.release();
    return 'stopped';
  }

  /** Works until `signal` or the loss of the lease, and ends in good order. */
  async function lead(runs: readonly ControllerRun[], signal: AbortSignal): Promise<'stopped' | 'lostLease'> {
    enter('leading');
    for (const run of runs) {
      run.work();
    }
    // Renewed until the last reconcile has ended: a lease that runs out in the middle of the drain would cut it short.
    const renewing = new AbortController();
    const loss = elector?.hold(renewing.signal) ?? new Promise<never>(() => undefined);
    const lost = await Promise.race([loss.then((end) => end === 'lost'), aborted(signal).then(() => false)]);
    enter('draining');
    const ended = await drain(runs, lost ? 0 : drainTimeoutMs, loss);
    if (lost || (elector !== undefined && !elector.isLeader())) {
      return 'lostLease';
    }
    await flush();
    renewing.abort();
    if (ended) {
      await elector?.release();
    } else {
      log.warn('reconciles are still under way: the lease is left to run out', { drainTimeoutMs });
    }
    return 'stopped';
  }

  /**
   * Waits for the workers. Those that are not done in time, or when the lease is lost, are told to stop before their next write.
   * @returns whether all have ended
   */
  async function drain(
    runs: readonly ControllerRun[],
    patienceMs: number,
    loss: Promise<unknown>,
  ): Promise<boolean> {
    const ended = new AbortController();
    const patience = new AbortController();
    void Promise.all(runs.map((run) => run.drain())).then(() => {
      ended.abort();
      patience.abort();
    });
    void loss.then(() => patience.abort());
    await sleep(clock, patienceMs, patience.signal);
    for (const run of runs) {
      run.abort();
    }
    await sleep(clock, ABORT_PATIENCE_MS, ended.signal);
    return ended.signal.aborted;
  }

  return {
    get state() {
      return state;
    },
    async run(signal) {
      const stopInformers = new AbortController();
      heartbeat = startHeartbeat(clock);
      // Before the informers start: what they find first is queued.
      const runs = controllers.map((controller) => startController(controller, { clock, log, metrics }));
      if (elector !== undefined) {
        metrics.leadership(elector.name, () => elector.isLeader());
      }
      const reflecting = informers.map((informer) => informer.start(stopInformers.signal));
      const end = (await sync(signal)) ? await stand(runs, signal) : 'stopped';
      // Drops what the queues of a standby hold, timers included.
      void Promise.all(runs.map((run) => run.drain()));
      stopInformers.abort();
      await Promise.all(reflecting);
      heartbeat.stop();
      enter('stopped');
      return end;
    },
    liveness() {
      const late = heartbeat?.lateMs() ?? 0;
      const overdue = elector?.overdueMs() ?? 0;
      return [
        late > LOOP_LATE_MS ? `the event loop has been stuck for ${Math.round(late)} ms` : undefined,
        overdue > LEASE_OVERDUE_MS
          ? `the lease ran out ${Math.round(overdue)} ms ago and this process goes on`
          : undefined,
      ].filter((reason) => reason !== undefined);
    },
    readiness() {
      if (state === 'draining' || state === 'stopped') {
        return [`the operator is ${state}`];
      }
      return informers
        .filter((informer) => !informer.synced || informer.lastError !== undefined)
        .map(notSynced);
    },
  };
}

/** How often a failing cache is looked for while the others fill. */
const SYNC_LOOK_MS = 250;
/** How long a reconcile that has been told to stop may take to notice. */
const ABORT_PATIENCE_MS = 2000;
/** A loop this late cannot renew a lease in time. */
const LOOP_LATE_MS = 10_000;
/** A process whose lease ran out ends by itself at once; one that has not after this long is stuck. */
const LEASE_OVERDUE_MS = 20_000;

function notSynced({ type, synced, lastError }: Informer<KubeObject>): string {
  const what = synced ? 'the watch fails' : 'the cache is not full yet';
  return `${type.plural}: ${what}${lastError === undefined ? '' : ` (${lastError.message})`}`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
    } else {
      signal.addEventListener('abort', () => resolve(), { once: true });
    }
  });
}
