import type { Immutable } from '../../api/kube-object.ts';
import type { Pricing } from '../../api/pricing.ts';
import type { GpuCatalogue } from '../gpu-catalogue.ts';
import { gpuUnit, unitOfModel } from '../gpu-unit.ts';
import { type MicroUsd, parseUsd } from '../pricing/micro-usd.ts';
import { type PricedUnit, createPriceTable } from '../pricing/price-table.ts';
import { type AkashDescription, akashName, modelsDescribed } from './capabilities.ts';

/** How an order says that any model will do. */
export const ANY_MODEL = '*';

/** A GPU as an order names it. */
export interface WantedGpu extends AkashDescription {
  /** `nvidia` or `amd`; undefined when the order leaves that open too. */
  readonly vendor: string | undefined;
}

/** The prices of a table, for GPUs in Akash's words. */
export interface AkashPrices {
  /**
   * What one GPU costs for an hour. An order may leave open which model of the catalogue it gets: then it is priced as the dearest one,
   * since that may be what is leased. Undefined when one of them has no price.
   */
  perGpuHour(wanted: WantedGpu): MicroUsd | undefined;
}

/**
 * The prices of a table by Akash's names. Entries under such a name with its attributes (`a100.80Gi.sxm`, `a100.80Gi`, `a100.sxm`) come
 * first, then the prices of the models that fit, then an entry under the bare name of a model that the catalogue does not know.
 */
export function akashPrices(pricing: Immutable<Pricing>, catalogue: GpuCatalogue): AkashPrices {
  const table = createPriceTable(pricing, catalogue);
  const priceOf = (unit: PricedUnit): MicroUsd | undefined => table.priceOf(unit)?.perGpuHour;
  const named = (name: string): MicroUsd | undefined => priceOf(gpuUnit(name, 1, catalogue));

  /** Any model of the vendor: the table's own entries say which there may be. */
  function ofAny(vendor: string | undefined): MicroUsd | undefined {
    const entries = pricing.models.filter(({ model }) => {
      const meant = catalogue.modelsNamed(model);
      return meant.length === 0 || meant.some((one) => isOf(vendor, one.vendor));
    });
    return dearest(entries.map(({ perGpuHour }) => parseUsd(perGpuHour)));
  }

  function ofModel(gpu: WantedGpu): MicroUsd | undefined {
    const withAttributes = namesOf(gpu)
      .map(named)
      .find((price) => price !== undefined);
    const models = modelsDescribed(gpu.vendor, gpu, catalogue);
    return (
      withAttributes ??
      (models.length === 0
        ? named(gpu.model)
        : dearest(models.map((model) => priceOf(unitOfModel(model.id, model)))))
    );
  }

  return {
    perGpuHour: (wanted) =>
      wanted.model === ANY_MODEL
        ? ofAny(wanted.vendor)
        : ofModel({ ...wanted, interface: linkOf(wanted.interface) }),
  };
}

/** Names with at least one attribute, the fullest first. */
function namesOf({ model, ram, interface: link }: WantedGpu): readonly string[] {
  const names = [
    { model, ram, interface: link },
    { model, ram },
    { model, interface: link },
  ].map(akashName);
  return names.filter((name) => name !== model);
}

/** The provider says `sxm4` where the inventory's labels and orders say `sxm`. */
function linkOf(link: string | undefined): string | undefined {
  return link?.toLowerCase().replace(/^sxm\d$/, 'sxm');
}

function isOf(vendor: string | undefined, maker: string | undefined): boolean {
  return vendor === undefined || maker === undefined || vendor === maker;
}

/** Undefined when there are none, or one of them is not known. */
function dearest(prices: readonly (MicroUsd | undefined)[]): MicroUsd | undefined {
  const [first, ...others] = prices;
  return others.reduce(
    (most, price) => (most === undefined || price === undefined ? undefined : price > most ? price : most),
    first,
  );
}
