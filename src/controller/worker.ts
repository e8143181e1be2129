import { randomUUID } from 'node:crypto';
import { splitKey } from '../api/kube-object.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Clock } from '../time/clock.ts';
import { nextTurn } from '../time/turn.ts';
import type { Controller, ReconcileContext, Result } from './controller.ts';
import { classifyFailure, type Failure } from './failure.ts';
import type { ReconcileMetrics } from './metrics.ts';
import type { WorkItem, WorkQueue } from './work-queue.ts';

export interface WorkerParts {
  readonly controller: Controller;
  readonly queue: WorkQueue;
  readonly clock: Clock;
  /** Lines carry `controller`, `namespace`, `name` and `reconcileID` on top of what it adds. */
  readonly log: Logger;
  readonly metrics: ReconcileMetrics;
  /** Handed to every reconcile. */
  readonly signal: AbortSignal;
  /** Tells one reconcile from the next in the log. @default a random UUID */
  readonly newReconcileID?: () => string;
}

/** Reconciles one key after the other until the queue is shut down. Never rejects. */
export async function runWorker(parts: WorkerParts): Promise<void> {
  for (let item = await parts.queue.get(); item !== undefined; item = await parts.queue.get()) {
    await reconcileItem(parts, item);
    // Reconciles that find nothing to do wait for nothing: after a first list there are as many of them as there are objects.
    const turn = nextTurn(parts.clock);
    if (turn !== undefined) {
      await turn;
    }
  }
}

type Outcome =
  | { readonly kind: 'success' }
  | { readonly kind: 'requeue_after'; readonly ms: number }
  | { readonly kind: 'terminal' | 'error'; readonly error: unknown; readonly failure: Failure };

/** Runs one reconcile; the switch below is the only place that decides on metric, log line and second look. */
export async function reconcileItem(parts: WorkerParts, item: WorkItem): Promise<void> {
  const { controller, queue, clock, metrics, signal } = parts;
  const { key, priority } = item;
  const reconcileID = (parts.newReconcileID ?? randomUUID)();
  const log = parts.log.with({ controller: controller.name, ...splitKey(key), reconcileID });
  const started = clock.monotonic();
  metrics.started();

  const outcome = await attempt(controller, key, { log, signal });
  const seconds = (clock.monotonic() - started) / 1000;
  switch (outcome.kind) {
    case 'success':
      metrics.finished('success', seconds);
      log.debug('reconciled', { seconds });
      queue.forget(key);
      break;
    case 'requeue_after':
      metrics.finished('requeue_after', seconds);
      log.debug('reconciled, to be looked at again', { seconds, afterMs: outcome.ms });
      queue.forget(key);
      queue.addAfter(key, outcome.ms, priority);
      break;
    case 'terminal':
      metrics.finished('error', seconds);
      metrics.terminalError();
      log.error('reconcile failed, not tried again until something changes', {
        seconds,
        error: outcome.error,
      });
      queue.forget(key);
      break;
    case 'error':
      metrics.finished('error', seconds);
      if (outcome.failure.panic) {
        metrics.panic();
      }
      log[levelOf(outcome.failure, signal)]('reconcile failed, will be tried again', {
        seconds,
        error: outcome.error,
      });
      queue.retry(key, { priority, notBeforeMs: outcome.failure.notBeforeMs });
      break;
  }
  queue.done(key);
}

async function attempt(controller: Controller, key: string, context: ReconcileContext): Promise<Outcome> {
  try {
    return outcomeOf(await controller.reconcile(key, context));
  } catch (error) {
    const failure = classifyFailure(error);
    return { kind: failure.terminal ? 'terminal' : 'error', error, failure };
  }
}

function outcomeOf(result: Result): Outcome {
  switch (result.kind) {
    case 'done':
      return { kind: 'success' };
    case 'after':
      if (!Number.isFinite(result.ms) || result.ms < 0) {
        throw new RangeError(
          `a reconcile asked for a second look in ${result.ms} ms: must be a number, at least 0`,
        );
      }
      return { kind: 'requeue_after', ms: result.ms };
  }
}

/** A lost race is everyday, and so is a reconcile that fails because it was told to stop. */
function levelOf(failure: Failure, signal: AbortSignal): 'debug' | 'error' {
  return failure.conflict || (signal.aborted && !failure.panic) ? 'debug' : 'error';
}
