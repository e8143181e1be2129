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

const MANY = 10_000;
const ROUNDS = 25;

/** So much longer it takes if the time grows as n log n. */
export function nLogN({ few, many }: Pick<Growth, 'few' | 'many'>): number {
  return (many * Math.log(many)) / (few * Math.log(few));
}

/** How the time of one `place` grows to ten times the replicas, on the nodes of the scenario. */
export interface Growth {
  readonly what: string;
  readonly few: number;
  readonly many: number;
  /** Time for many replicas over time for few; medians of alternating runs. */
  readonly factor: number;
  /** Time for many replicas, in milliseconds: depends on the machine. */
  readonly manyMs: number;
}

/** @param scale of the replicas, in (0, 1] */
export function growth(scenario: PlacementScenario, scale: number): readonly Growth[] {
  const many = Math.round(MANY * scale);
  const of = (what: string, more: Partial<PlacementRequest>, standing = false): Growth =>
    growthOf(scenario, { what, few: Math.ceil(many / 10), many }, more, standing);
  return [
    of('Cheapest', { policy: 'Cheapest' }),
    of('Spread', { policy: 'Spread' }),
    of('Pack', { policy: 'Pack' }),
    of('all stand, moves are looked for', { policy: 'Cheapest' }, true),
  ];
}

function growthOf(
  scenario: PlacementScenario,
  about: Pick<Growth, 'what' | 'few' | 'many'>,
  more: Partial<PlacementRequest>,
  standing: boolean,
): Growth {
  const few = timed(scenario, pool('few', about.few, more).request, standing);
  const many = timed(scenario, pool('many', about.many, more).request, standing);
  const samples = Array.from({ length: ROUNDS }, () => ({ few: few(), many: many() }));
  const manyMs = median(samples.map((sample) => sample.many));
  return { ...about, factor: manyMs / median(samples.map((sample) => sample.few)), manyMs };
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
