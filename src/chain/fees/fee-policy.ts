import { wei } from '../amounts/amount.ts';
import type { Wei } from '../amounts/amount.ts';
import { formatEth, formatGwei } from '../amounts/decimal.ts';
import { beyondBumpLimit } from './fee-limits.ts';
import type { BumpLimits } from './fee-limits.ts';
import { atLeast, includedFrom, suggestedFees } from './fees.ts';
import type { FeeFloors, FeeMarket, Fees } from './fees.ts';
import { replacementFees } from './replacement.ts';
import { feeCeiling } from './urgency.ts';
import type { Lane, Patience } from './urgency.ts';

/** What a user allows gas to cost. */
export interface FeePolicy extends FeeFloors, Patience {
  /** The highest tip, in wei per unit of gas. */
  readonly maxPriorityFeePerGas: Wei;
  /** The most that one transaction may cost in the worst case: gas limit x offer + value, in wei. */
  readonly maxCostWei: Wei;
  readonly bumpLimits: BumpLimits;
}

/** What the fees are for. */
export interface FeeRequest {
  readonly lane: Lane;
  /** Units of gas that it may use at most. */
  readonly gasLimit: bigint;
  readonly valueWei: Wei;
}

/** Which rule of the policy holds an offer back. */
export type FeeRule =
  'targetFeePerGas' | 'maxFeePerGas' | 'maxPriorityFeePerGas' | 'maxCostWei' | 'bumpLimits';

/** What to do about the fees of a transaction. */
export type FeeDecision =
  | { readonly kind: 'offer'; readonly fees: Fees }
  /** Nothing may be offered that the chain would take. What is broadcast already is broadcast again as it is: it may have been forgotten. */
  | { readonly kind: 'hold'; readonly rule: FeeRule; readonly explanation: string };

/**
 * The fees of a transaction that no node has seen. The offer covers at least the present base fee and the suggested tip, or is not
 * made: what cannot be included would only block the account's queue.
 */
export function firstOffer(policy: FeePolicy, market: FeeMarket, request: FeeRequest): FeeDecision {
  const floored = atLeast(market, policy);
  const ceiling = lowestCeiling(policy, request);
  const tip = smaller(floored.suggestedTip, policy.maxPriorityFeePerGas);
  const least = includedFrom({ ...floored, suggestedTip: tip });
  if (least > ceiling.maxFeePerGas) {
    return held(ceiling.rule, least, ceiling);
  }
  const { maxFeePerGas } = suggestedFees({ ...floored, suggestedTip: tip });
  return offer(smaller(maxFeePerGas, ceiling.maxFeePerGas), tip);
}

/**
 * The fees that replace an offer.
 * @param previous the highest offer of this nonce that any node may know
 */
export function nextOffer(
  policy: FeePolicy,
  market: FeeMarket,
  request: FeeRequest & { readonly previous: Fees },
): FeeDecision {
  const floored = atLeast(market, policy);
  const ceiling = lowestCeiling(policy, request);
  const capped = { ...floored, suggestedTip: smaller(floored.suggestedTip, policy.maxPriorityFeePerGas) };
  const fees = withinCeiling(replacementFees(request.previous, capped), request.previous, ceiling);
  if (fees === undefined) {
    const { maxFeePerGas } = replacementFees(request.previous, capped);
    return held(ceiling.rule, maxFeePerGas, ceiling);
  }
  if (fees.maxPriorityFeePerGas > policy.maxPriorityFeePerGas) {
    const needed = formatGwei(fees.maxPriorityFeePerGas);
    const allowed = formatGwei(policy.maxPriorityFeePerGas);
    return hold(
      'maxPriorityFeePerGas',
      `a replacement needs a tip of ${needed} gwei, and maxPriorityFeePerGas is ${allowed} gwei`,
    );
  }
  if (beyondBumpLimit(fees, floored, policy.bumpLimits) !== undefined) {
    const { multiplier } = policy.bumpLimits;
    return hold(
      'bumpLimits',
      `a replacement would offer more than ${multiplier} times what the chain suggests`,
    );
  }
  return offer(fees.maxFeePerGas, fees.maxPriorityFeePerGas);
}

/** The most that a transaction can cost: every unit of gas at the highest price, and its value. Without a rollup's L1 fee. */
export function worstCaseCost(fees: Fees, { gasLimit, valueWei }: Omit<FeeRequest, 'lane'>): Wei {
  return wei(gasLimit * fees.maxFeePerGas + valueWei);
}

interface Ceiling {
  readonly maxFeePerGas: Wei;
  readonly rule: FeeRule;
  /** What the user wrote. */
  readonly limit: string;
}

/** The lower of what urgency and what the cost of one transaction allow. */
function lowestCeiling(policy: FeePolicy, { lane, gasLimit, valueWei }: FeeRequest): Ceiling {
  const urgent = feeCeiling(policy, lane);
  const left = policy.maxCostWei > valueWei ? policy.maxCostWei - valueWei : 0n;
  const affordable = wei(left / (gasLimit > 0n ? gasLimit : 1n));
  if (affordable < urgent) {
    const limit = `maxCostWei allows ${formatEth(policy.maxCostWei)} of the coin for ${gasLimit} units of gas`;
    return { maxFeePerGas: affordable, rule: 'maxCostWei', limit };
  }
  return urgent < policy.maxFeePerGas
    ? { maxFeePerGas: urgent, rule: 'targetFeePerGas', limit: `${formatGwei(urgent)} gwei is allowed now` }
    : { maxFeePerGas: urgent, rule: 'maxFeePerGas', limit: `maxFeePerGas is ${formatGwei(urgent)} gwei` };
}

/** Lowers the cap to the ceiling as long as it still replaces the previous offer; undefined when it would not. */
function withinCeiling(fees: Fees, previous: Fees, { maxFeePerGas }: Ceiling): Fees | undefined {
  if (fees.maxFeePerGas <= maxFeePerGas) {
    return fees;
  }
  const { maxFeePerGas: least } = replacementFees(previous, {
    baseFeePerGas: wei(0n),
    suggestedTip: wei(0n),
  });
  const { maxPriorityFeePerGas: tip } = fees;
  return least > maxFeePerGas || tip > maxFeePerGas ? undefined : { ...fees, maxFeePerGas };
}

function offer(maxFeePerGas: Wei, maxPriorityFeePerGas: Wei): FeeDecision {
  return {
    kind: 'offer',
    fees: { maxFeePerGas, maxPriorityFeePerGas: smaller(maxPriorityFeePerGas, maxFeePerGas) },
  };
}

function held(rule: FeeRule, needed: Wei, { limit }: Ceiling): FeeDecision {
  return hold(rule, `it needs ${formatGwei(needed)} gwei per unit of gas, and ${limit}`);
}

function hold(rule: FeeRule, explanation: string): FeeDecision {
  return { kind: 'hold', rule, explanation };
}

function smaller(a: Wei, b: Wei): Wei {
  return a < b ? a : b;
}
