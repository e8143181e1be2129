import type { Immutable } from '../../api/kube-object.ts';
import type { Pricing } from '../../api/pricing.ts';
import { type GpuCatalogue, builtInCatalogue } from '../gpu-catalogue.ts';
import { V100_HALF_TFLOPS } from '../gpu-model.ts';
import type { GpuUnit } from '../gpu-unit.ts';
import { type MicroUsd, parseUsd, scaleUsd } from './micro-usd.ts';

/** What one unit costs. */
export interface GpuPrice {
  /** Of the unit: a whole GPU, or the slice that is offered as one. */
  readonly perGpuHour: MicroUsd;
  /** Of 125 TFLOPS of it; undefined when its TFLOPS are not known. */
  readonly perV100EquivalentHour: MicroUsd | undefined;
}

/** What is priced. */
export type PricedUnit = Pick<GpuUnit, 'product' | 'model' | 'listedAs' | 'tflops'>;

/** The prices of a cluster. */
export interface PriceTable {
  /** Undefined when the table does not price the unit: an unknown model without an entry has no price, it is not free. */
  priceOf(unit: PricedUnit): GpuPrice | undefined;
}

/**
 * A table of prices. A unit's own name (its product, or what the inventory lists it under) comes first, then the price of its model
 * by its share of a whole GPU, then the price of a V100-equivalent hour.
 * @throws PriceError for what is not a price; {@link pricingProblems} says it without throwing
 */
export function createPriceTable(
  pricing: Immutable<Pricing>,
  catalogue: GpuCatalogue = builtInCatalogue,
): PriceTable {
  const { perV100EquivalentHour: text } = pricing;
  const perV100EquivalentHour = text === undefined ? undefined : parseUsd(text);
  const byName = new Map(
    pricing.models.map(({ model, perGpuHour }) => [model.toLowerCase(), parseUsd(perGpuHour)]),
  );
  const byModel = new Map(
    [...entriesByModel(pricing, catalogue)].map(([id, [entry]]) => [id, parseUsd(entry.perGpuHour)]),
  );
  return {
    priceOf(unit) {
      const own = byName.get(unit.listedAs.toLowerCase()) ?? byName.get(unit.product.toLowerCase());
      const perGpuHour = own ?? shareOfModelPrice(unit, byModel);
      if (perGpuHour !== undefined) {
        return { perGpuHour, perV100EquivalentHour: perV100Equivalent(perGpuHour, unit) };
      }
      const tflops = micros(unit.tflops);
      return perV100EquivalentHour === undefined || tflops === 0n
        ? undefined
        : { perGpuHour: scaleUsd(perV100EquivalentHour, tflops, V100), perV100EquivalentHour };
    },
  };
}

/** An entry of `models`, and how many models its name means. */
interface Entry {
  readonly field: string;
  readonly model: string;
  readonly perGpuHour: string;
  readonly breadth: number;
}

/**
 * The entries that count for each model, by its id: those whose name means the fewest models. More than one only when two names mean
 * the same.
 */
export function entriesByModel(
  { models }: Immutable<Pricing>,
  catalogue: GpuCatalogue,
): ReadonlyMap<string, readonly [Entry, ...Entry[]]> {
  const found = new Map<string, [Entry, ...Entry[]]>();
  models.forEach(({ model, perGpuHour }, index) => {
    const meant = catalogue.modelsNamed(model);
    const entry = { field: `models[${index}]`, model, perGpuHour, breadth: meant.length };
    for (const { id } of meant) {
      const before = found.get(id);
      if (before === undefined || before[0].breadth > entry.breadth) {
        found.set(id, [entry]);
      } else if (before[0].breadth === entry.breadth) {
        before.push(entry);
      }
    }
  });
  return found;
}

function shareOfModelPrice(unit: PricedUnit, byModel: ReadonlyMap<string, MicroUsd>): MicroUsd | undefined {
  const { model } = unit;
  const whole = model === undefined ? undefined : byModel.get(model.id);
  return model === undefined || whole === undefined || unit.tflops === 0
    ? undefined
    : scaleUsd(whole, micros(unit.tflops), micros(model.halfTflops));
}

function perV100Equivalent(perGpuHour: MicroUsd, { tflops }: PricedUnit): MicroUsd | undefined {
  return tflops === 0 ? undefined : scaleUsd(perGpuHour, V100, micros(tflops));
}

/** TFLOPS in millionths. The catalogue has at most one digit after the point, users may give three: only slices are rounded here. */
function micros(tflops: number): bigint {
  return BigInt(Math.round(tflops * 1e6));
}

const V100 = micros(V100_HALF_TFLOPS);
