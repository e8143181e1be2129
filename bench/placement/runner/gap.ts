import { leastChoiceFirst } from '../../../src/compute/placement/least-choice.ts';
import { generateFleet } from '../generator/fleet.ts';
import { generatePrices } from '../generator/prices.ts';
import { chance } from '../generator/random.ts';
import type { Placed } from '../optimum/choice.ts';
import { leastCost, leastPrice } from '../optimum/placement-program.ts';
import type { Solver } from '../optimum/solver.ts';
import type { InstanceSet } from '../scenarios/instances.ts';
import type { Strategy } from '../strategies/strategy.ts';
import { createLedger } from './ledger.ts';
import { simulate } from './simulate.ts';

/** How far a placement is from the optimum; 1 is the optimum itself. */
export interface Gap {
  /** Cost, over the least cost of as many replicas that deliver no fewer V100e-hours. */
  readonly cost: number;
  /** Cost per V100e-hour, over the least that a V100e-hour can cost with as many replicas, whatever they deliver. */
  readonly price: number;
}

/** The gap of every instance of the set; the pools are placed on empty clusters, one after the other. */
export function gaps(set: InstanceSet, strategy: Strategy, solve: Solver): readonly Gap[] {
  return Array.from({ length: set.instances }, (_, index) => gap(set, index, strategy, solve));
}

function gap({ scenario, order }: InstanceSet, index: number, strategy: Strategy, solve: Solver): Gap {
  const random = chance(scenario.seed + index);
  const fleet = generateFleet(scenario.fleet, random);
  const series = generatePrices(fleet, scenario.prices, 1, random);
  const offers = createLedger(fleet).offers(series[0] ?? new Map());
  const pools = order === 'as they come' ? scenario.pools : leastChoiceFirst(scenario.pools, offers);
  const { usd, v100eHours, placedByPool } = simulate({ ...scenario, pools }, fleet, series, strategy);
  const placed = pools.map(({ request }, pool): Placed => ({ request, replicas: placedByPool[pool] ?? 0 }));
  return {
    cost: usd / solve(leastCost(offers, placed, v100eHours)),
    price: usd / v100eHours / solve(leastPrice(offers, placed)),
  };
}
