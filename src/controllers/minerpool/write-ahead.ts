import { isDeepStrictEqual } from 'node:util';
import type { Immutable } from '../../api/kube-object.ts';
import { type MinerPool, MinerPools } from '../../api/miner-pool.ts';
import type { PlacementStatus } from '../../api/placement.ts';
import type { OwnWrites } from '../../controller/own-writes.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isHeld, reachesAbroad, setFinalizers, withOurs } from './finalizer.ts';
import { type PlaceRecord, writePlaces } from './places.ts';
import type { Plan } from './plan.ts';

interface WriteParts {
  readonly client: KubeClient;
  readonly ownWrites: OwnWrites;
}

/**
 * Writes down where the replicas belong before any of them is made there: whoever goes on after a crash knows where pods may be, also
 * in clusters that he cannot ask. The finalizer comes first: a pool with pods abroad must not vanish without them.
 * @returns the plan, with the pool as it is now
 */
export async function withRecord(plan: Plan, parts: WriteParts, signal: AbortSignal): Promise<Plan> {
  const { pool, placing, recorded } = plan.scope;
  if (placing === undefined || plan.steps.length === 0 || isWritten(placing.record, recorded)) {
    return plan;
  }
  signal.throwIfAborted();
  const held =
    reachesAbroad(placing.record) && !isHeld(pool) ? await setFinalizers(pool, withOurs(pool), parts) : pool;
  const status = await parts.client.patchStatus(MinerPools, held, {
    placement: recordedStatus(pool.status?.placement, placing.record),
  });
  parts.ownWrites.wrote(pool);
  const now: Immutable<MinerPool> = {
    ...pool,
    metadata: status.metadata,
    ...(status.status === undefined ? {} : { status: status.status }),
  };
  return { ...plan, scope: { ...plan.scope, pool: now } };
}

function isWritten(record: PlaceRecord, recorded: PlaceRecord): boolean {
  return isDeepStrictEqual(writePlaces(record), writePlaces(recorded));
}

/** What is only said of the places (how many are ready, what they cost) follows with the whole status. */
export function recordedStatus(
  before: Immutable<PlacementStatus> | undefined,
  record: PlaceRecord,
): PlacementStatus {
  const { places, leftBehind, recentMoves } = writePlaces(record);
  return {
    summary: before?.summary ?? '',
    places: places.map((place) => ({ ...place, replicas: 0, ready: 0 })),
    refusals: [],
    leftBehind,
    recentMoves,
  };
}
