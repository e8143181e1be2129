import { wei } from '../amounts/amount.ts';
import type { Wei } from '../amounts/amount.ts';
import { feeCap } from './fees.ts';
import type { FeeMarket, Fees } from './fees.ts';

/** geth refuses a replacement that does not offer 10 % more, of both fees. */
export const GETH_BUMP_PERCENT = 10n;

/** What we offer more: a node that asks for a little more than geth, or rounds otherwise, still takes it. */
export const BUMP_PERCENT = 12n;

/** The least that replaces this offer: `percent` more, rounded up, and at least 1 wei more, so that it also grows from 0. */
export function replacementThreshold(fee: bigint, percent: bigint = BUMP_PERCENT): Wei {
  const raised = (fee * (100n + percent) + 99n) / 100n;
  return wei(raised > fee ? raised : fee + 1n);
}

/**
 * op-txmgr's `updateFees`: what replaces an offer. Both fees rise by the bump at least, also where only one of them is too
 * small for the market.
 * @param previous the highest offer that any node may know for this nonce
 * @param market with the floors applied
 */
export function replacementFees(previous: Fees, market: FeeMarket, percent: bigint = BUMP_PERCENT): Fees {
  const leastTip = replacementThreshold(previous.maxPriorityFeePerGas, percent);
  const leastCap = replacementThreshold(previous.maxFeePerGas, percent);
  const { suggestedTip, baseFeePerGas } = market;
  const tip = suggestedTip >= leastTip ? suggestedTip : leastTip;
  const suggestedCap = feeCap(suggestedTip, baseFeePerGas);
  // Where the market's cap is enough, but not its tip, the cap is worked out anew from the tip that is enough.
  const cap = suggestedCap >= leastCap ? feeCap(tip, baseFeePerGas) : leastCap;
  return { maxFeePerGas: cap > tip ? cap : tip, maxPriorityFeePerGas: tip };
}
