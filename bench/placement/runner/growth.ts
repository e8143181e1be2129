import { place } from '../../../src/compute/placement/place.ts';
import type { PlacementRequest, Standing } from '../../../src/compute/placement/request.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { median } from '../../statistics.ts';
import { generateFleet } from '../generator/fleet.ts';
import { generatePrices } from '../generator/prices.ts';
import { chance } from '../generator/random.ts';
import { pool } from '../scenarios/pool.ts';
import type { PlacementScenario } from '../scenarios/scenario.ts';
import { createLedger } from './ledger.ts';

const FEW = 1000;
const MANY = 10_000;
const ROUNDS = 25;

/** Ten times the replicas take so much longer if the time grows as n log n. */
export const N_LOG_N = (MANY * Math.log(MANY)) / (FEW * Math.log(FEW));

/** How the time of one `place` grows from 1000 to 10 000 replicas on the nodes of the scenario. */
export interface Growth {
  readonly what: string;
  /** Time for 10 000 replicas over time for 1000; medians of alternating runs. */
  readonly factor: number;
  /** Time for 10 000 replicas, in milliseconds: depends on the machine. */
  readonly manyMs: number;
}

export function growth(scenario: PlacementScenario): readonly Growth[] {
  return [
    growthOf(scenario, 'Cheapest', { policy: 'Cheapest' }, false),
    growthOf(scenario, 'Spread', { policy: 'Spread' }, false),
    growthOf(scenario, 'Pack', { policy: 'Pack' }, false),
    growthOf(scenario, 'all stand, moves are looked for', { policy: 'Cheapest' }, true),
  ];
}

function growthOf(
  scenario: PlacementScenario,
  what: string,
  more: Partial<PlacementRequest>,
  standing: boolean,
): Growth {
  const few = timed(scenario, pool('few', FEW, more).request, standing);
  const many = timed(scenario, pool('many', MANY, more).request, standing);
  const samples = Array.from({ length: ROUNDS }, () => ({ few: few(), many: many() }));
  const manyMs = median(samples.map((sample) => sample.many));
  return { what, factor: manyMs / median(samples.map((sample) => sample.few)), manyMs };
}

/** @returns a run of `place`, which answers how many milliseconds it took */
function timed(scenario: PlacementScenario, request: PlacementRequest, standing: boolean): () => number {
  const random = chance(scenario.seed);
  const fleet = generateFleet(scenario.fleet, random);
  const [before = new Map<string, number>(), after = before] = generatePrices(
    fleet,
    scenario.prices,
    2,
    random,
  );
  const ledger = createLedger(fleet);
  const empty = ledger.offers(before);
  const standings = standing ? place(request, empty, [], 0).assignments.map(settled) : [];
  for (const each of standings) {
    ledger.bind(each, request.countPerReplica);
  }
  const offers = ledger.offers(after);
  const now = 86_400_000;
  return () => {
    const begun = systemClock.monotonic();
    place(request, offers, standings, now);
    return systemClock.monotonic() - begun;
  };
}

function settled(assignment: Omit<Standing, 'since'>): Standing {
  return { ...assignment, since: 0 };
}
