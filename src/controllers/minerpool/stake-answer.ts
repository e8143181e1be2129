import { LOCAL_CLUSTER } from '../../api/compute-cluster.ts';
import { formatOrdinals } from '../../api/ordinals.ts';
import { MAX_OCCUPIED, type PoolStakeStatus } from '../../api/pool-stake.ts';
import { missingOrdinals } from './policies.ts';
import type { Scope } from './scope.ts';

/**
 * What the pool tells its StakeAccount (boards/allotment.ts): which allotment it heeds, and the ordinals whose miners must stay. Both
 * belong together, and stand in one write. Undefined when the pool needs no stake.
 */
export function stakeAnswer(scope: Scope): PoolStakeStatus | undefined {
  const { stake, pool } = scope;
  if (stake === undefined) {
    return undefined;
  }
  // An account that says nothing takes nothing back.
  const heeded = stake.allotment ?? pool.status?.stake;
  return {
    allotted: heeded?.allotted ?? 0,
    ...(heeded?.allotmentId === undefined ? {} : { allotmentId: heeded.allotmentId }),
    occupied: bounded(occupiedOrdinals(scope)),
  };
}

/** Too many ranges are said as one: miners that stay a while longer do no harm. */
function bounded(ordinals: ReadonlySet<number>): string {
  const text = formatOrdinals(ordinals);
  return text.length <= MAX_OCCUPIED ? text : `0-${Math.max(...ordinals)}`;
}

/** Ordinals that have a pod in any state, may have one where nobody can look now, or get one now. */
function occupiedOrdinals(scope: Scope): ReadonlySet<number> {
  const { replicas, strays, leftBehind, pool } = scope;
  const isLeaving = pool.metadata.deletionTimestamp !== undefined;
  return new Set([
    ...[...replicas, ...strays].map(({ ordinal }) => ordinal),
    ...[...leftBehind.values()].flatMap((ordinals) => [...ordinals]),
    ...unseenOrdinals(scope),
    ...(isLeaving ? [] : missingOrdinals(scope)),
  ]);
}

/** Those that belong, or did, to clusters that exist and cannot be asked. */
function unseenOrdinals({ placing, recorded, observed }: Scope): readonly number[] {
  const answers = new Set(observed.sites.map(({ cluster }) => cluster));
  return [...recorded.places, ...(placing?.record.places ?? [])].flatMap(([ordinal, { cluster }]) =>
    !answers.has(cluster) && (cluster === LOCAL_CLUSTER || observed.clusters.has(cluster)) ? [ordinal] : [],
  );
}
