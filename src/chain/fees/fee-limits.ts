import { wei } from '../amounts/amount.ts';
import type { Wei } from '../amounts/amount.ts';
import { suggestedFees } from './fees.ts';
import type { FeeMarket, Fees } from './fees.ts';

/** Against bidding against oneself: how far replacements may go beyond what the chain suggests now. */
export interface BumpLimits {
  /** How many times the suggestion. op-txmgr: 5 */
  readonly multiplier: bigint;
  /** Fees below this many wei are never held back: 5 times next to nothing is nothing. op-txmgr: 100 gwei */
  readonly threshold: Wei;
}

/** op-txmgr's defaults. */
export const BUMP_LIMITS: BumpLimits = { multiplier: 5n, threshold: wei(100n * 10n ** 9n) };

/** Which of the two fees is beyond the limit; undefined when neither is. A market that itself is expensive is no reason. */
export function beyondBumpLimit(
  fees: Fees,
  market: FeeMarket,
  limits: BumpLimits = BUMP_LIMITS,
): keyof Fees | undefined {
  const suggestion = suggestedFees(market);
  const beyond = (fee: keyof Fees): boolean =>
    fees[fee] >= limits.threshold && fees[fee] > limits.multiplier * suggestion[fee];
  if (beyond('maxPriorityFeePerGas')) {
    return 'maxPriorityFeePerGas';
  }
  return beyond('maxFeePerGas') ? 'maxFeePerGas' : undefined;
}
