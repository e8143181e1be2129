import { percentile } from '../../statistics.ts';
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
interface Gap {
  /** Cost, over the least cost of as many replicas that deliver no fewer V100e-hours. */
  readonly cost: number;
  /** Cost per V100e-hour, over the least that a V100e-hour can cost with as many replicas, whatever they deliver. */
  readonly price: number;
}

/** The gaps of a set of instances to one optimum. */
export interface GapSummary {
  readonly instances: number;
  readonly of: string;
  readonly against: string;
  readonly mean: number;
  readonly median: number;
  readonly p90: number;
  readonly worst: number;
  /** Share of the instances that are within 2 % of the optimum: what the simulation aims at. */
  readonly withinAim: number;
}

const AIM = 1.02;

/** The gaps of all instances of the set; the pools are placed on empty clusters, one after the other. */
export function gapsOf(set: InstanceSet, strategy: Strategy, solve: Solver): readonly GapSummary[] {
  const gaps = Array.from({ length: set.instances }, (_, index) => gap(set, index, strategy, solve));
  return [
    summary(
      set.about,
      'least cost, no fewer V100e-hours',
      gaps.map(({ cost }) => cost),
    ),
    summary(
      set.about,
      'least price, however few V100e-hours',
      gaps.map(({ price }) => price),
    ),
  ];
}

function summary(of: string, against: string, ratios: readonly number[]): GapSummary {
  return {
    instances: ratios.length,
    of,
    against,
    mean: ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length,
    median: percentile(ratios, 0.5),
    p90: percentile(ratios, 0.9),
    worst: percentile(ratios, 1),
    withinAim: ratios.filter((ratio) => ratio <= AIM).length / ratios.length,
  };
}

function gap({ scenario, order }: InstanceSet, index: number, strategy: Strategy, solve: Solver): Gap {
  const random = chance(scenario.seed + index);
  const fleet = generateFleet(scenario.fleet, random);
  const series = generatePrices(fleet, scenario.prices, 1, random);
  const offers = createLedger(fleet).offers(series[0] ?? new Map());
  const pools =
    order === 'as listed' ? scenario.pools : chance(scenario.seed + index).shuffled(scenario.pools);
  const { usd, v100eHours, placedByPool } = simulate({ ...scenario, pools }, fleet, series, strategy);
  const placed = pools.map(({ request }, pool): Placed => ({ request, replicas: placedByPool[pool] ?? 0 }));
  return {
    cost: usd / solve(leastCost(offers, placed, v100eHours)),
    price: usd / v100eHours / solve(leastPrice(offers, placed)),
  };
}
