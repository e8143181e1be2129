import type { Observed } from './observed.ts';
import type { Plan } from './plan.ts';
import { policies } from './policies.ts';
import { obsoleteRevisions } from './revision.ts';
import { restartOf } from './restart-backoff.ts';
import { currentRevisionNow } from './rollout.ts';
import { type Scope, scopeOf } from './scope.ts';

/**
 * What should be done about a pool now, and why (plan.scope). Pure: observed state and time in, plan out.
 * @param now milliseconds since 1970
 */
export function decide(observed: Observed, now: number): Plan {
  const scope = scopeOf(observed, now);
  // Garbage collection deletes the pods of a deleted pool; making new ones would race with it.
  const deleted = scope.pool.metadata.deletionTimestamp !== undefined;
  const steps = deleted ? [] : policies.flatMap((policy) => policy(scope));
  return {
    scope,
    steps,
    newRevisionNumber: deleted ? undefined : newRevisionNumber(scope),
    obsoleteRevisions: deleted ? [] : prunable(scope),
    againMs: msUntilNextChange(scope),
  };
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
  const times = scope.replicas
    .map((replica) => (replica.phase === 'finished' ? restartOf(replica).dueAt : replica.changesAt))
    .filter((time) => time !== undefined)
    .filter((time) => time > scope.now);
  return times.length === 0 ? undefined : Math.min(...times) - scope.now;
}
