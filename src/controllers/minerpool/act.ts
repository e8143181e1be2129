import { isDeepStrictEqual } from 'node:util';
import { ControllerRevisions } from '../../api/builtin.ts';
import { LOCAL_CLUSTER } from '../../api/compute-cluster.ts';
import { controllerOf, keyOf } from '../../api/kube-object.ts';
import { type MinerPool, MinerPools } from '../../api/miner-pool.ts';
import { type ReconcileContext, type Result, after, done } from '../../controller/controller.ts';
import type { Expectations } from '../../controller/expectations.ts';
import type { InFlightShare } from '../../controller/in-flight-share.ts';
import type { Pace } from '../../controller/pace.ts';
import type { OwnWrites } from '../../controller/own-writes.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isAlreadyExists, isNotFound } from '../../kube/errors.ts';
import type { EventRecorder } from '../../kube/event-recorder.ts';
import type { Store } from '../../kube/store.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { Clock } from '../../time/clock.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { eventsOf } from './events.ts';
import { setFinalizers, withoutOurs } from './finalizer.ts';
import { verdictOf } from './gates.ts';
import { nothingDone } from './outcome.ts';
import type { Plan } from './plan.ts';
import type { RefusingClusters } from './refusing-clusters.ts';
import { revisionManifest } from './revision.ts';
import { cleared, statusOf } from './status.ts';
import { doSteps, refusalOf, type StepsDone } from './steps.ts';
import { writableClusters } from './writable-clusters.ts';
import { withRecord } from './write-ahead.ts';

/** Whether pods of others in the way are gone: looked at this often, since a pod in another's hands may change names unseen. */
const TAKEN_NAME_RETRY_MS = 30_000;

/** What the controller writes with. */
export interface ActParts {
  readonly client: KubeClient;
  readonly fleet: Fleet;
  readonly events: EventRecorder;
  readonly expectations: Expectations;
  readonly ownWrites: OwnWrites;
  /** Divided among the pools that make or delete pods at the same time. */
  readonly inFlight: InFlightShare;
  readonly pace: Pace;
  readonly refusing: RefusingClusters;
  /** The pools as they are now. */
  readonly pools: Pick<Store<MinerPool>, 'get'>;
  readonly clock: Clock;
}

/**
 * Carries a plan out: the revision before the pods that name it, the steps, the events, and one status write if the status
 * changed. An error of a step is thrown after the status says so.
 */
export async function act(made: Plan, parts: ActParts, context: ReconcileContext): Promise<Result> {
  const begun = parts.clock.monotonic();
  if (made.releases) {
    await setFinalizers(made.scope.pool, withoutOurs(made.scope.pool), parts);
    return done;
  }
  const plan = await withRecord(made, parts, context.signal);
  const { outcome, error, more } = await recordThenDo(plan, parts, context);
  parts.refusing.note(plan.scope.pool.metadata.uid, plan.scope.updateRevision, outcome, parts.clock.now());
  const verdict = verdictOf(plan.scope, outcome);
  for (const event of eventsOf(plan, outcome, verdict)) {
    parts.events.record(plan.scope.pool, event);
  }
  context.signal.throwIfAborted();
  const { pool } = plan.scope;
  const status = statusOf(plan.scope, outcome, verdict);
  if (!isDeepStrictEqual(status, pool.status)) {
    await parts.client.patchStatus(MinerPools, pool, cleared(status, pool.status));
    parts.ownWrites.wrote(pool);
  }
  if (error !== undefined) {
    throw error;
  }
  await pruneRevisions(plan, parts);
  if (more) {
    return after(0);
  }
  if (outcome.taken.length > 0) {
    return after(TAKEN_NAME_RETRY_MS);
  }
  // Acting may have taken as long as a slice, and the plan counts from before it.
  return plan.againMs === undefined
    ? done
    : after(Math.max(0, plan.againMs - (parts.clock.monotonic() - begun)));
}

/** No pod is made from a revision that is not recorded. Others make room from the first request on. */
async function recordThenDo(
  plan: Plan,
  parts: ActParts,
  { signal, log }: ReconcileContext,
): Promise<StepsDone> {
  const { pool } = plan.scope;
  if (plan.newRevisionNumber === undefined && plan.steps.length === 0) {
    parts.pace.forget(pool.metadata.uid);
    return { outcome: nothingDone, error: undefined, more: false };
  }
  const part = parts.inFlight.join();
  try {
    await recordRevision(plan, parts);
    const clusters = writableClusters(parts.fleet, await homeFor(plan, parts.fleet, log));
    return await doSteps(plan, {
      ...parts,
      clusters,
      part,
      signal,
      isOutdated: () => hasChanged(pool, parts),
    });
  } catch (error) {
    parts.pace.forget(pool.metadata.uid);
    const refusal = refusalOf(error);
    return {
      outcome: { ...nothingDone, refusal },
      error: error instanceof Error ? error : new Error(String(error)),
      more: false,
    };
  } finally {
    part.leave();
  }
}

/** Asked for only when a step is in another cluster. */
async function homeFor({ steps }: Plan, fleet: Fleet, log: Logger): Promise<string | undefined> {
  const isAbroad = steps.some(
    (step) => (step.kind === 'remove' ? step.replica.cluster : step.order.terms.cluster) !== LOCAL_CLUSTER,
  );
  return isAbroad ? fleet.homeUid(log) : undefined;
}

/** Whether what is wanted of the pool has changed since it was looked at: a slice that still makes pods of it must end. */
function hasChanged(pool: Plan['scope']['pool'], { pools }: ActParts): boolean {
  const { uid, generation, deletionTimestamp } = pool.metadata;
  const now = pools.get(keyOf(pool))?.metadata;
  return now?.uid !== uid || now.generation !== generation || now.deletionTimestamp !== deletionTimestamp;
}

async function recordRevision({ scope, newRevisionNumber }: Plan, { client }: ActParts): Promise<void> {
  if (newRevisionNumber === undefined) {
    return;
  }
  const manifest = revisionManifest(scope.pool, scope.updateRevision, newRevisionNumber);
  try {
    await client.create(ControllerRevisions, manifest);
  } catch (error) {
    if (!isAlreadyExists(error)) {
      throw error;
    }
    // The name holds the hash of its content, so one of ours is the one we want: the cache has not shown it yet.
    const { name, namespace } = scope.pool.metadata;
    const existing = await client.get(ControllerRevisions, { namespace, name: scope.updateRevision });
    if (controllerOf(existing)?.uid !== scope.pool.metadata.uid) {
      throw new Error(
        `ControllerRevision '${scope.updateRevision}' is not of this pool '${name}': a former pool of the name left it, and garbage collection has not deleted it yet`,
        { cause: error },
      );
    }
  }
}

async function pruneRevisions({ obsoleteRevisions }: Plan, { client }: ActParts): Promise<void> {
  for (const { metadata } of obsoleteRevisions) {
    try {
      await client.delete(ControllerRevisions, metadata, { uid: metadata.uid });
    } catch (error) {
      if (!isNotFound(error)) {
        throw error;
      }
    }
  }
}
