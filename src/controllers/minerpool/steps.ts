import { Pods } from '../../api/builtin.ts';
import { LOCAL_CLUSTER } from '../../api/compute-cluster.ts';
import type { Expectations } from '../../controller/expectations.ts';
import {
  ApiError,
  isAlreadyExists,
  isBadRequest,
  isForbidden,
  isInvalid,
  isNotFound,
  isTooLarge,
} from '../../kube/errors.ts';
import type { Clock } from '../../time/clock.ts';
import type { Part } from '../../controller/in-flight-share.ts';
import type { Pace } from '../../controller/pace.ts';
import { slowStart } from '../../controller/slow-start.ts';
import { keyOf } from '../../api/kube-object.ts';
import type { Outcome } from './outcome.ts';
import type { WritableClusters } from './writable-clusters.ts';
import type { Plan, Step } from './plan.ts';
import { type PodOrder, podManifest } from './pod.ts';
import { type Replica, podName } from './replica.ts';

/** What doing steps needs. */
export interface StepParts {
  readonly clusters: WritableClusters;
  readonly expectations: Expectations;
  /** Of what all pools that write at the same time may have in flight. */
  readonly part: Part;
  readonly pace: Pace;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Whether the pool is another by now than the plan was made for. */
  readonly isOutdated: () => boolean;
  /** Aborted when the operator must stop writing. */
  readonly signal: AbortSignal;
}

/** The outcome so far, while steps run. */
interface Tally {
  created: string[];
  deleted: string[];
  taken: string[];
  /** What the API server said when it refused the first pod. */
  refusal?: string | undefined;
  madeIn: Set<string>;
  refusedIn: Map<string, string>;
}

/** What came of the steps, and the error that stopped them, if one did. */
export interface StepsDone {
  readonly outcome: Outcome;
  readonly error: Error | undefined;
  /** Whether steps are left for the next slice. */
  readonly more: boolean;
}

/**
 * After so long nothing new is begun, and what is left is done in the next reconcile: meanwhile the status says how far it is, and
 * other pools get a worker.
 */
const SLICE_MS = 3000;

/**
 * Does a plan's steps: removals first, all at once; then what creates pods, in numbers that double, so that a refusal (quota, a
 * broken template) costs one call instead of hundreds; a slice that follows one that went well keeps its pace. Throws nothing.
 */
export async function doSteps(plan: Plan, parts: StepParts): Promise<StepsDone> {
  const tally: Tally = { created: [], deleted: [], taken: [], madeIn: new Set(), refusedIn: new Map() };
  const run = (step: Step): Promise<void> => doStep(plan, step, parts, tally);
  const removing = plan.steps.filter((step) => step.kind === 'remove');
  const making = plan.steps.filter((step) => step.kind !== 'remove');
  const { part, pace, clock, signal } = parts;
  const { pool, updateRevision } = plan.scope;
  const { uid } = pool.metadata;
  const endsAt = clock.monotonic() + SLICE_MS;
  const timeUp = (): boolean => clock.monotonic() >= endsAt || parts.isOutdated();
  const options = { maxInFlight: () => part.limit(), signal, timeUp };
  // What one cluster refuses says nothing of the others.
  const removed = await Promise.all(
    byCluster(removing).map((steps) => slowStart(steps, run, { ...options, firstBatch: steps.length })),
  );
  const firstBatch = pace.firstBatch(uid, updateRevision);
  const made = await Promise.all(
    byCluster(making).map((steps) => slowStart(steps, run, { ...options, firstBatch })),
  );
  const all = [...removed, ...made];
  const error = all.find((part) => part.error !== undefined)?.error;
  const more = error === undefined && all.some(({ skipped }) => skipped > 0);
  // A pool that is gone has been forgotten already, and what is wanted now is other work.
  if (more && !parts.isOutdated()) {
    pace.goesOn(uid, updateRevision, Math.min(...made.map(({ reached }) => reached)));
  } else {
    pace.forget(uid);
  }
  return {
    outcome: {
      created: tally.created,
      deleted: tally.deleted,
      taken: tally.taken,
      refusal: tally.refusal,
      madeIn: tally.madeIn,
      refusedIn: tally.refusedIn,
    },
    error,
    more,
  };
}

function byCluster(steps: readonly Step[]): readonly (readonly Step[])[] {
  const groups = new Map<string, Step[]>();
  for (const step of steps) {
    const cluster = clusterOf(step);
    const group = groups.get(cluster);
    if (group === undefined) {
      groups.set(cluster, [step]);
    } else {
      group.push(step);
    }
  }
  return [...groups.values()];
}

/** The one cluster in which a step writes. */
function clusterOf(step: Step): string {
  return step.kind === 'remove' ? step.replica.cluster : step.order.terms.cluster;
}

async function doStep(plan: Plan, step: Step, parts: StepParts, tally: Tally): Promise<void> {
  try {
    if (step.kind !== 'create') {
      await remove(plan, step.replica, parts, tally);
    }
    if (step.kind !== 'remove') {
      await create(plan, step.order, parts, tally);
    }
  } catch (error) {
    tally.refusal ??= refusalIn(clusterOf(step), error);
    throw error;
  }
}

/** As {@link refusalOf}; of other clusters than the one in which Headframe runs it says which. */
function refusalIn(cluster: string, error: unknown): string | undefined {
  const refusal = refusalOf(error);
  return refusal === undefined || cluster === LOCAL_CLUSTER ? refusal : `cluster ${cluster}: ${refusal}`;
}

/**
 * What the API server said when it refused for good reason (RBAC, quota, admission, an object that is invalid, malformed or too
 * large); undefined for other errors.
 */
export function refusalOf(error: unknown): string | undefined {
  const isRefusal = isForbidden(error) || isInvalid(error) || isBadRequest(error) || isTooLarge(error);
  return error instanceof ApiError && isRefusal ? error.message : undefined;
}

async function remove(plan: Plan, replica: Replica, parts: StepParts, tally: Tally): Promise<void> {
  const { metadata } = replica.pod;
  const cluster = parts.clusters.of(replica.cluster);
  try {
    await cluster.client.delete(Pods, metadata, {
      uid: metadata.uid,
      // Nobody is left on the node to end the pod, or nothing in the pod is left to end.
      ...(replica.phase === 'lost' || replica.phase === 'finished' ? { gracePeriodSeconds: 0 } : {}),
    });
    tally.deleted.push(metadata.name);
  } catch (error) {
    // A conflict is no such answer: another pod may have the name by now, but then the cache is about to say so.
    if (!isNotFound(error)) {
      throw error;
    }
  }
  parts.expectations.expectGone(cluster.expectationKey(keyOf(plan.scope.pool)), metadata.uid);
}

async function create(plan: Plan, order: PodOrder, parts: StepParts, tally: Tally): Promise<void> {
  const { pool } = plan.scope;
  const cluster = parts.clusters.of(order.terms.cluster);
  try {
    const pod = await cluster.create(podManifest(pool, order, cluster.home));
    parts.expectations.expectSeen(cluster.expectationKey(keyOf(pool)), pod.metadata.uid);
    tally.created.push(pod.metadata.name);
    tally.madeIn.add(order.terms.cluster);
  } catch (error) {
    if (isAlreadyExists(error)) {
      await meetOwner(plan, order, parts, tally);
      return;
    }
    const refusal = refusalOf(error);
    if (refusal !== undefined) {
      tally.refusedIn.set(order.terms.cluster, refusal);
    }
    throw error;
  }
}

/** The name is taken although the cache did not show it: by our own pod (wait until the cache has it), or by somebody else's. */
async function meetOwner(plan: Plan, order: PodOrder, parts: StepParts, tally: Tally): Promise<void> {
  const { pool } = plan.scope;
  const name = podName(pool.metadata.name, order.ordinal);
  const cluster = parts.clusters.of(order.terms.cluster);
  try {
    const pod = await cluster.client.get(Pods, { namespace: pool.metadata.namespace, name });
    if (cluster.ownerUid(pod) === pool.metadata.uid) {
      parts.expectations.expectSeen(cluster.expectationKey(keyOf(pool)), pod.metadata.uid);
    } else {
      tally.taken.push(name);
    }
  } catch (error) {
    if (!isNotFound(error)) {
      throw error;
    }
  }
}
