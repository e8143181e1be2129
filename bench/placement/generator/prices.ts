import { placeKey } from '../../../src/compute/placement/question.ts';
import type { PriceShape } from '../scenarios/scenario.ts';
import type { FleetCluster } from './fleet.ts';
import type { Chance } from './random.ts';

/** Micro-USD per GPU-hour by `placeKey`. */
export type Prices = ReadonlyMap<string, number>;

/** The price of a line as it wanders: logarithms of its distance to the average price per V100e-hour. */
interface Walk {
  readonly key: string;
  readonly v100Equivalents: number;
  readonly usual: number;
  now: number;
}

/** Tenths of a cent: as exact as owners set prices. */
const STEP_MICRO_USD = 1000;

/**
 * The prices of every hour. Each line has a usual level, by cluster and by model, to which its price returns; owners change prices
 * a little every hour, and now and then by much.
 */
export function generatePrices(
  fleet: readonly FleetCluster[],
  shape: PriceShape,
  hours: number,
  random: Chance,
): readonly Prices[] {
  const walks = startWalks(fleet, shape, random);
  return Array.from({ length: hours }, () => {
    for (const walk of walks) {
      const jump = random.share() < shape.jumps.probability ? random.pick([-1, 1]) * shape.jumps.size : 0;
      walk.now += shape.reversion * (walk.usual - walk.now) + shape.hourly * random.normal() + jump;
    }
    return new Map(walks.map((walk) => [walk.key, price(walk, shape)]));
  });
}

function startWalks(fleet: readonly FleetCluster[], { spread }: PriceShape, random: Chance): readonly Walk[] {
  const ofModel = new Map<string, number>();
  return fleet.flatMap(({ name, lines }) => {
    const ofCluster = spread * random.normal();
    return lines.map(({ model, v100EquivalentsPerGpu }) => {
      const known = ofModel.get(model) ?? spread * random.normal();
      ofModel.set(model, known);
      const usual = ofCluster + known;
      return {
        key: placeKey({ cluster: name, model }),
        v100Equivalents: v100EquivalentsPerGpu,
        usual,
        now: usual,
      };
    });
  });
}

function price({ v100Equivalents, now }: Walk, { usdPerV100eHour }: PriceShape): number {
  const microUsd = 1_000_000 * usdPerV100eHour * v100Equivalents * Math.exp(now);
  return Math.max(1, Math.round(microUsd / STEP_MICRO_USD)) * STEP_MICRO_USD;
}
