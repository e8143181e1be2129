import * as z from 'zod';
import type { Immutable } from '../../api/kube-object.ts';
import type { Pricing } from '../../api/pricing.ts';
import type { GpuCatalogue } from '../gpu-catalogue.ts';
import { ANY_MODEL, type AkashPrices, type WantedGpu, akashPrices } from './akash-prices.ts';
import { akashName } from './capabilities.ts';

/*
 * The pricing hook of Akash's provider (akash-network/provider, bidengine/shellscript.go): it gives an order as JSON on standard
 * input and takes the price per block from standard output, as a decimal of at most 18 digits after the point. Any exit code but 0
 * means no bid, with what stands on standard error as the reason; so does a price of 0.
 */

/** 3600 s / 6.117 s, the block time that Akash's own scripts reckon with, to one digit. */
export const BLOCKS_PER_HOUR = '588.5';

/** One ACT is one US dollar of compute credit, and a uact a millionth of it: the unit of our prices. */
const DENOM = 'uact';

/** What the provider asks for when it does not say. */
const DEFAULT_PRECISION = 6;

const GpuAttributes = z.object({
  model: z.string(),
  ram: z.string().nullish(),
  interface: z.string().nullish(),
});

/** An order, as far as it matters for the price of its GPUs. */
const Order = z.object({
  resources: z.array(
    z.object({
      count: z.int().min(0),
      gpu: z
        .object({
          units: z.int().min(0),
          attributes: z.object({ vendor: z.record(z.string(), GpuAttributes).nullish() }).nullish(),
        })
        .nullish(),
    }),
  ),
  price: z.object({ denom: z.string(), amount: z.string().regex(/^\d+(\.\d{1,18})?$/) }),
  price_precision: z.int().min(0).max(18).nullish(),
});
export type AkashOrder = z.infer<typeof Order>;

/** Thrown when there is to be no bid; the message says why, for the provider's log. */
export class NoBidError extends Error {
  override readonly name = 'NoBidError';
}

/** What an order is priced with. */
export interface AkashPricing {
  readonly pricing: Immutable<Pricing>;
  readonly catalogue: GpuCatalogue;
  /** Blocks of the chain in an hour, as a decimal string above 0. */
  readonly blocksPerHour: string;
}

/**
 * The price per block of what an order asks for, in uact, as decimal text: rounded up at the precision that the order wants, so that
 * nobody pays less than the table says. Only GPUs are priced; processors, memory and storage come with them.
 * @param input the JSON that the provider writes
 * @throws NoBidError when the order cannot be read, is not in uact, asks for no GPU or for one without a price, or offers too little
 */
export function pricePerBlock(input: string, parts: AkashPricing): string {
  const order = readOrder(input);
  const { denom, amount } = order.price;
  if (denom !== DENOM) {
    throw new NoBidError(`the order pays in '${denom}', but prices are in US dollars: only ${DENOM} will do`);
  }
  const perHour = pricePerHour(order, parts);
  const precision = order.price_precision ?? DEFAULT_PRECISION;
  const [blocks, blockDecimals] = digits(parts.blocksPerHour);
  const perBlock = divideUp(perHour * 10n ** BigInt(precision + blockDecimals), blocks);
  const price = decimal(perBlock, precision);
  const [offered, offeredDecimals] = digits(amount);
  if (perBlock * 10n ** BigInt(offeredDecimals) > offered * 10n ** BigInt(precision)) {
    throw new NoBidError(`the order offers at most ${amount} ${DENOM} per block, less than ${price}`);
  }
  return price;
}

/** What all GPUs of the order cost for an hour, in millionths of a US dollar. */
function pricePerHour({ resources }: AkashOrder, { pricing, catalogue }: AkashPricing): bigint {
  const prices = akashPrices(pricing, catalogue);
  let total = 0n;
  let gpus = 0;
  for (const { count, gpu } of resources) {
    const units = count * (gpu?.units ?? 0);
    if (units > 0) {
      gpus += units;
      total += BigInt(units) * dearest(wantedGpus(gpu?.attributes?.vendor ?? {}), prices);
    }
  }
  if (gpus === 0) {
    throw new NoBidError('the order asks for no GPU, and only GPUs have a price here');
  }
  if (total === 0n) {
    throw new NoBidError('the GPUs cost nothing by the price table, and a price of 0 is no bid');
  }
  return total;
}

/** Any of these will do. */
function wantedGpus(vendors: Readonly<Record<string, z.infer<typeof GpuAttributes>>>): readonly WantedGpu[] {
  const named = Object.entries(vendors).map(([vendor, { model, ram, interface: link }]) => ({
    vendor,
    model,
    ram: ram ?? undefined,
    interface: link ?? undefined,
  }));
  return named.length === 0 ? [{ vendor: undefined, model: ANY_MODEL }] : named;
}

function dearest(wanted: readonly WantedGpu[], prices: AkashPrices): bigint {
  return wanted.reduce((most, gpu) => {
    const price = prices.perGpuHour(gpu);
    if (price === undefined) {
      throw new NoBidError(
        gpu.model === ANY_MODEL
          ? 'the order takes any GPU model, and the price table names none in models'
          : `'${akashName(gpu)}' has no price; add it to models in the price table under this name`,
      );
    }
    return price > most ? price : most;
  }, 0n);
}

function readOrder(input: string): AkashOrder {
  let order: unknown;
  try {
    order = JSON.parse(input);
  } catch {
    throw new NoBidError('standard input must be an order as JSON, as Akash’s provider writes it');
  }
  const parsed = Order.safeParse(order);
  if (!parsed.success) {
    throw new NoBidError(`the order is not as Akash’s provider writes it: ${z.prettifyError(parsed.error)}`);
  }
  return parsed.data;
}

/** A decimal as all its digits, and how many of them stand after the point. */
function digits(text: string): [bigint, number] {
  const [whole = '', fraction = ''] = text.split('.');
  return [BigInt(whole + fraction), fraction.length];
}

function decimal(amount: bigint, precision: number): string {
  const text = String(amount).padStart(precision + 1, '0');
  return precision === 0 ? text : `${text.slice(0, -precision)}.${text.slice(-precision)}`;
}

function divideUp(amount: bigint, by: bigint): bigint {
  return (amount + by - 1n) / by;
}
