import { isHeld } from './finalizer.ts';
import type { Observed } from './observed.ts';
import type { Plan, Step } from './plan.ts';
import { policies, removals } from './policies.ts';
import { obsoleteRevisions } from './revision.ts';
import { restartOf } from './restart-backoff.ts';
import { currentRevisionNow } from './rollout.ts';
import { type Scope, scopeOf } from './scope.ts';
import { NO_NODE_MS, NO_ROOM_MS } from './stuck.ts';

/**
 * What should be done about a pool now, and why (plan.scope). Pure: observed state and time in, plan out.
 * @param now milliseconds since 1970
 */
export function decide(observed: Observed, now: number): Plan {
  const scope = scopeOf(observed, now);
  const deleted = scope.pool.metadata.deletionTimestamp !== undefined;
  const steps = deleted ? farewell(scope) : policies.flatMap((policy) => policy(scope));
  return {
    scope,
    steps,
    releases: deleted && isHeld(scope.pool) && isGoneAbroad(scope),
    newRevisionNumber: deleted ? undefined : newRevisionNumber(scope),
    obsoleteRevisions: deleted ? [] : prunable(scope),
    againMs: msUntilNextChange(scope),
  };
}

/**
 * What is left of a deleted pool. Garbage collection deletes its pods where it was; in other clusters nobody but us does, and until
 * they are gone there is no garbage to collect.
 */
function farewell(scope: Scope): readonly Step[] {
  return isHeld(scope.pool) ? removals([...scope.replicas, ...scope.strays], 'deleted') : [];
}

/** Whether no pod can be left in other clusters: none is seen, and none may be in a cluster that cannot be asked. */
function isGoneAbroad({ leftBehind }: Scope): boolean {
  return leftBehind.size === 0;
}

/** One above the highest recorded; undefined when today's spec is recorded. */
function newRevisionNumber({ observed, updateRevision }: Scope): number | undefined {
  if (observed.revisions.some((revision) => revision.metadata.name === updateRevision)) {
    return undefined;
  }
  return Math.max(0, ...observed.revisions.map(({ revision }) => revision)) + 1;
}

/** They are deleted after the status is written, and nothing wakes the pool for the echo of that: so it counts what the status will say. */
function prunable(scope: Scope): Plan['obsoleteRevisions'] {
  const inUse = new Set([scope.updateRevision, currentRevisionNow(scope)]);
  for (const replica of scope.replicas) {
    inUse.add(replica.revision);
  }
  return obsoleteRevisions(scope.observed.revisions, inUse, scope.pool.spec.revisionHistoryLimit);
}

/** Until a grace, a pause or minReadySeconds of some pod is over: nothing else would wake the controller then. */
function msUntilNextChange(scope: Scope): number | undefined {
  const times = [
    ...scope.replicas.map((replica) =>
      replica.phase === 'finished' ? restartOf(replica).dueAt : replica.changesAt,
    ),
    ...placingTimes(scope),
  ]
    .filter((time) => time !== undefined)
    .filter((time) => time > scope.now);
  return times.length === 0 ? undefined : Math.min(...times) - scope.now;
}

/** How often a pool that may move looks for a place that costs less: GPUs become free there without anybody telling. */
const MOVES_LOOK_MS = 60_000;

/**
 * When the grace of a cluster ends, when pods without a node may go elsewhere, when a cluster that refuses pods may be tried again, and
 * when moves may be worth it.
 */
function placingTimes({ observed, placing, replicas, now }: Scope): readonly number[] {
  const grounds = observed.placing;
  if (grounds === undefined || placing === undefined) {
    return [];
  }
  const { clusterLostGraceSeconds, policy, moves } = grounds.placement;
  const graces = [...observed.clusters.values()].flatMap((state) =>
    state.kind === 'away' ? [state.since + clusterLostGraceSeconds * 1000] : [],
  );
  const born = replicas
    .filter(({ phase }) => phase === 'pending')
    .map(({ pod }) => Date.parse(pod.metadata.creationTimestamp));
  const patience = born.flatMap((time) => [time + NO_ROOM_MS, time + NO_NODE_MS]);
  const trials = grounds.offers.flatMap(({ refusal }) => refusal?.until ?? []);
  const mayMove = policy === 'Cheapest' && moves.maxPerHour > 0 && placing.record.places.size > 0;
  return mayMove && grounds.offers.length > 1
    ? [...graces, ...patience, ...trials, now + MOVES_LOOK_MS]
    : [...graces, ...patience, ...trials];
}
