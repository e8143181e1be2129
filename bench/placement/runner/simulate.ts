import { placeKey } from '../../../src/compute/placement/question.ts';
import type { Place, Standing } from '../../../src/compute/placement/request.ts';
import type { FleetCluster } from '../generator/fleet.ts';
import type { Prices } from '../generator/prices.ts';
import type { PlacementScenario, SimulatedPool } from '../scenarios/scenario.ts';
import type { Strategy } from '../strategies/strategy.ts';
import { type Ledger, createLedger } from './ledger.ts';

const HOUR_MS = 3_600_000;

/** What came of a strategy. */
export interface Outcome {
  readonly strategy: string;
  usd: number;
  v100eHours: number;
  /** Hours that replicas had a place, and that they wanted one. */
  placedHours: number;
  wantedHours: number;
  moves: number;
  /** The most moves of a pool within an hour, as a share of its budget. */
  busiestHour: number;
  /** Replica-hours paid above the cap of their pool. Must be 0. */
  overCapHours: number;
  /** Replicas of each pool that have a place at the end. */
  placedByPool: readonly number[];
}

/** A replica that runs. */
interface Running extends Standing {
  readonly node: number;
}

interface PoolState extends SimulatedPool {
  running: readonly Running[];
  movedAt: readonly number[];
}

/** One strategy through all hours. Every hour, in this order: prices change; pools are placed; an hour is paid for. */
export function simulate(
  scenario: PlacementScenario,
  fleet: readonly FleetCluster[],
  series: readonly Prices[],
  strategy: Strategy,
): Outcome {
  const outcome: Outcome = {
    strategy: strategy.name,
    usd: 0,
    v100eHours: 0,
    placedHours: 0,
    wantedHours: 0,
    moves: 0,
    busiestHour: 0,
    overCapHours: 0,
    placedByPool: [],
  };
  const ledger = createLedger(fleet);
  const worth = new Map(
    fleet.flatMap(({ name, lines }) =>
      lines.map((line) => [placeKey({ cluster: name, model: line.model }), line.v100EquivalentsPerGpu]),
    ),
  );
  const pools: PoolState[] = scenario.pools.map((pool) => ({ ...pool, running: [], movedAt: [] }));
  for (const [hour, prices] of series.entries()) {
    const now = hour * HOUR_MS;
    for (const pool of pools) {
      leaveDear(pool, prices, ledger);
      placePool(pool, strategy, prices, { ledger, now });
      const moved = pool.movedAt.filter((at) => at === now).length;
      outcome.moves += moved;
      outcome.busiestHour = Math.max(outcome.busiestHour, moved / pool.request.hysteresis.maxMovesPerHour);
    }
    for (const pool of pools) {
      pay(outcome, pool, { prices, worth, now, startHours: scenario.startMinutes / 60 });
    }
  }
  outcome.placedByPool = pools.map(({ running }) => running.length);
  return outcome;
}

/** A replica whose price has gone above its cap leaves at once, whatever the strategy. */
function leaveDear(pool: PoolState, prices: Prices, ledger: Ledger): void {
  const { maxMicroUsdPerGpuHour: cap = Infinity, countPerReplica, gang } = pool.request;
  const isDear = (replica: Running): boolean => (prices.get(placeKey(replica)) ?? 0) > cap;
  const leaving = gang && pool.running.some(isDear) ? pool.running : pool.running.filter(isDear);
  for (const replica of leaving) {
    ledger.release(replica, replica.node, countPerReplica);
  }
  pool.running = pool.running.filter((replica) => !leaving.includes(replica));
}

function placePool(
  pool: PoolState,
  strategy: Strategy,
  prices: Prices,
  { ledger, now }: { ledger: Ledger; now: number },
): void {
  const { request, running } = pool;
  const gpus = request.countPerReplica;
  const asked = { ...request, hysteresis: { ...request.hysteresis, recentMoves: pool.movedAt } };
  const { assignments, moves } = strategy.place(asked, ledger.offers(prices), running, now);
  const arrive = (ordinal: number, { cluster, model }: Place): Running => ({
    ordinal,
    cluster,
    model,
    since: now,
    node: ledger.bind({ cluster, model }, gpus),
  });
  const before = new Map(running.map((replica) => [replica.ordinal, replica]));
  const after = new Map(before);
  for (const assignment of assignments.filter(({ ordinal }) => !before.has(ordinal))) {
    after.set(assignment.ordinal, arrive(assignment.ordinal, assignment));
  }
  // The new place is taken before the old one is given back, as a careful operator does it.
  for (const { ordinal, to } of moves) {
    after.set(ordinal, arrive(ordinal, to));
  }
  for (const { ordinal } of moves) {
    const left = before.get(ordinal);
    if (left !== undefined) {
      ledger.release(left, left.node, gpus);
    }
  }
  pool.running = [...after.values()];
  pool.movedAt = [...pool.movedAt.filter((at) => at > now - HOUR_MS), ...moves.map(() => now)];
}

function pay(
  outcome: Outcome,
  { request, running }: PoolState,
  at: { prices: Prices; worth: ReadonlyMap<string, number>; now: number; startHours: number },
): void {
  const { countPerReplica: gpus, maxMicroUsdPerGpuHour: cap = Infinity } = request;
  outcome.wantedHours += request.replicas;
  outcome.placedHours += running.length;
  for (const replica of running) {
    const key = placeKey(replica);
    const price = at.prices.get(key) ?? Infinity;
    const hours = replica.since === at.now ? 1 - at.startHours : 1;
    outcome.usd += (gpus * price) / 1_000_000;
    outcome.v100eHours += gpus * hours * (at.worth.get(key) ?? 0);
    outcome.overCapHours += price > cap ? 1 : 0;
  }
}
