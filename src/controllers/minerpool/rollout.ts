import { type Scope, revisionFor } from './scope.ts';

/** The revision that the pool has wholly run last: today's once it is rolled out, until then the one of the last status. */
export function currentRevisionNow(scope: Scope): string {
  return isRolledOut(scope) ? scope.updateRevision : scope.currentRevision;
}

/**
 * Whether every replica runs today's template and is available. A partition that holds replicas back keeps the rollout open, also
 * when the pool is scaled to nothing.
 */
function isRolledOut(scope: Scope): boolean {
  if (scope.wanted === 0) {
    return scope.partition === 0;
  }
  for (let ordinal = 0; ordinal < scope.wanted; ordinal++) {
    const replica = scope.byOrdinal.get(ordinal);
    if (
      replica?.phase !== 'available' ||
      replica.revision !== scope.updateRevision ||
      revisionFor(scope, ordinal) !== scope.updateRevision
    ) {
      return false;
    }
  }
  return true;
}
