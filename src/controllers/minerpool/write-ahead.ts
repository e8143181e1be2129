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
  if (placing === undefined) {
    return plan;
  }
  const mustBeHeld = reachesAbroad(placing.record) && !isHeld(pool);
  // What asks for no step is written with the whole status.
  const mustBeWritten = plan.steps.length > 0 && !isWritten(placing.record, recorded);
  if (!mustBeHeld && !mustBeWritten) {
    return plan;
  }
  signal.throwIfAborted();
  const held = mustBeHeld ? await hold(pool, parts) : pool;
  const { metadata, status } = mustBeWritten ? await write(held, placing.record, parts) : held;
  const now: Immutable<MinerPool> = { ...pool, metadata, ...(status === undefined ? {} : { status }) };
  return { ...plan, scope: { ...plan.scope, pool: now } };
}

async function hold(pool: Immutable<MinerPool>, parts: WriteParts): Promise<Immutable<MinerPool>> {
  const held = await setFinalizers(pool, withOurs(pool), parts);
  parts.ownWrites.wrote(pool);
  return held;
}

async function write(
  pool: Immutable<MinerPool>,
  record: PlaceRecord,
  { client, ownWrites }: WriteParts,
): Promise<Immutable<MinerPool>> {
  const written = await client.patchStatus(MinerPools, pool, {
    placement: recordedStatus(pool.status?.placement, record),
  });
  ownWrites.wrote(pool);
  return written;
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
