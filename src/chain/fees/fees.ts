import { wei } from '../amounts/amount.ts';
import type { Wei } from '../amounts/amount.ts';

/** What a transaction offers for a unit of gas (EIP-1559), both in wei. */
export interface Fees {
  /** The most it pays in all: base fee and tip. */
  readonly maxFeePerGas: Wei;
  /** The tip. Never more than {@link Fees.maxFeePerGas}. */
  readonly maxPriorityFeePerGas: Wei;
}

/** What the chain asks for now, in wei. */
export interface FeeMarket {
  /** Of the latest block. */
  readonly baseFeePerGas: Wei;
  /** `eth_maxPriorityFeePerGas`. */
  readonly suggestedTip: Wei;
}

/** Below these nothing is offered, whatever the node suggests, in wei. A node of an idle chain suggests nothing at all. */
export interface FeeFloors {
  readonly minBaseFeePerGas: Wei;
  readonly minPriorityFeePerGas: Wei;
}

/** op-txmgr: tip + 2 x base fee. The base fee can double, which takes six full blocks, before the offer is too small. */
export function feeCap(tip: bigint, baseFee: bigint): Wei {
  return wei(tip + 2n * baseFee);
}

/** The market with the floors applied. */
export function atLeast(market: FeeMarket, floors: FeeFloors): FeeMarket {
  return {
    baseFeePerGas: larger(market.baseFeePerGas, floors.minBaseFeePerGas),
    suggestedTip: larger(market.suggestedTip, floors.minPriorityFeePerGas),
  };
}

/** What to offer for a transaction that nobody has seen yet. */
export function suggestedFees(market: FeeMarket): Fees {
  return {
    maxFeePerGas: feeCap(market.suggestedTip, market.baseFeePerGas),
    maxPriorityFeePerGas: market.suggestedTip,
  };
}

/** The least that is included in the next block at this base fee: base fee and tip. */
export function includedFrom(market: FeeMarket): Wei {
  return wei(market.baseFeePerGas + market.suggestedTip);
}

function larger(a: Wei, b: Wei): Wei {
  return a > b ? a : b;
}
