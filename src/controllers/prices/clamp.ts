import { type MicroUsd, deviates } from './usd.ts';

/** What is believed of a price, and what is held back of it. */
export interface Believed {
  /** Undefined: none was seen yet. */
  readonly price: MicroUsd | undefined;
  /** Prices that jumped from it, as they were seen in a row. */
  readonly jumps: number;
  /** The last of them. */
  readonly jumped: MicroUsd | undefined;
}

export const unknownPrice: Believed = { price: undefined, jumps: 0, jumped: undefined };

/** So often a jump must be seen in a row to be believed. */
const LOOKS_TO_JUMP = 3;

/**
 * Takes a price that was seen. One that is off the believed one by more than the limit is held back until it was seen three times in a
 * row, each within the limit of the one before: a wrong answer changes nothing, a true jump comes two looks late. Pure.
 * @param maxDeviationPercent of the price that is compared with
 */
export function believe(before: Believed, seen: MicroUsd, maxDeviationPercent: number): Believed {
  const { price, jumps, jumped } = before;
  if (price === undefined || !deviates(seen, price, maxDeviationPercent)) {
    return { ...unknownPrice, price: seen };
  }
  const isSameJump = jumped !== undefined && !deviates(seen, jumped, maxDeviationPercent);
  const count = isSameJump ? jumps + 1 : 1;
  return count >= LOOKS_TO_JUMP ? { ...unknownPrice, price: seen } : { price, jumps: count, jumped: seen };
}
