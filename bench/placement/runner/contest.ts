import { generateFleet } from '../generator/fleet.ts';
import { generatePrices } from '../generator/prices.ts';
import { chance } from '../generator/random.ts';
import type { PlacementScenario } from '../scenarios/scenario.ts';
import { headframe, withoutHysteresis, withoutMoves } from '../strategies/headframe.ts';
import { firstFit, randomFit } from '../strategies/one-by-one.ts';
import { type Outcome, simulate } from './simulate.ts';

/** What came of the strategies on the same fleet and prices. */
export interface Contest {
  readonly replicas: number;
  /** Of the GPUs that owners leave to guests, the share that the pools want. */
  readonly load: number;
  readonly headframe: Outcome;
  readonly others: readonly Outcome[];
}

export function contest(scenario: PlacementScenario): Contest {
  const random = chance(scenario.seed);
  const fleet = generateFleet(scenario.fleet, random);
  const series = generatePrices(fleet, scenario.prices, scenario.hours, random);
  // The operator places pools as they come: neither the order of the scenario nor any other is promised.
  const pools = chance(scenario.seed).shuffled(scenario.pools);
  const shuffled = { ...scenario, pools };
  const others = [firstFit, randomFit(chance(scenario.seed)), withoutMoves, withoutHysteresis];
  const requests = scenario.pools.map(({ request }) => request);
  const wanted = requests.reduce((sum, { replicas, countPerReplica }) => sum + replicas * countPerReplica, 0);
  const offered = fleet
    .flatMap(({ lines, reserve }) => [...lines.flatMap(({ gpusByNode }) => gpusByNode), -reserve])
    .reduce((sum, gpus) => sum + gpus, 0);
  return {
    replicas: requests.reduce((sum, { replicas }) => sum + replicas, 0),
    load: wanted / offered,
    headframe: simulate(shuffled, fleet, series, headframe),
    others: others.map((strategy) => simulate(shuffled, fleet, series, strategy)),
  };
}

/** What a V100e-hour cost, in USD. */
export function usdPerV100eHour({ usd, v100eHours }: Outcome): number {
  return usd / v100eHours;
}
