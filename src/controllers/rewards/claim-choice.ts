import type { Immutable } from '../../api/kube-object.ts';
import type { StakeAccountSpec } from '../../api/stake-account/spec.ts';
import { type TokenUnits, tokenUnits } from '../../chain/amounts/amount.ts';
import { formatTokens, parseTokens } from '../../chain/amounts/decimal.ts';
import type { ClaimMove, Move } from '../../chain/protocols/protocol.ts';
import type { UsableNetwork } from '../networks/network-view.ts';
import { formatUsd, parseUsd } from '../prices/usd.ts';
import { sumOf } from './reward-ledger.ts';
import type { RewardLook } from './reward-look.ts';

/** What a claim follows from. */
export interface ClaimGrounds {
  readonly spec: Pick<Immutable<StakeAccountSpec>, 'claim' | 'address'>;
  readonly network: Pick<UsableNetwork, 'name' | 'facts' | 'protocol' | 'fees' | 'prices' | 'priceSources'>;
  readonly look: RewardLook | undefined;
}

/** What is claimed now, or why what can be claimed is not. */
export interface ClaimChoice {
  readonly moves: readonly ClaimMove[];
  /** With numbers, for people. Undefined also where there is nothing to claim. */
  readonly waits: string | undefined;
}

/** The claim that is worth being sent now, if there is one. Pure. */
export function claimMoves(grounds: ClaimGrounds): readonly Move[] {
  return claimChoice(grounds).moves;
}

/** The claim that is worth being sent now, or why none is. Pure. */
export function claimChoice({ spec, network, look }: ClaimGrounds): ClaimChoice {
  const { facts, protocol } = network;
  const due = look === undefined ? 0n : sumOf(look.claims, 'Claimable');
  if (look === undefined || due === 0n) {
    return { moves: [], waits: undefined };
  }
  if (!spec.claim.enabled) {
    return waiting('spec.claim.enabled is false');
  }
  const text = (amount: bigint): string =>
    `${formatTokens(tokenUnits(amount), facts.token.decimals)} ${facts.token.symbol}`.trimEnd();
  const minimum = minimumOf(spec, facts.token.decimals);
  if (due < minimum) {
    return waiting(`${text(due)} can be claimed, and spec.claim.minimum is ${text(minimum)}`);
  }
  const move = protocol.rewards?.claim(facts, spec.address, look.claims);
  if (move === undefined) {
    return waiting('the contract that pays rewards is paused');
  }
  const tooDear = whyTooDear(move, { spec, network, look });
  return tooDear === undefined ? { moves: [move], waits: undefined } : waiting(tooDear);
}

function waiting(waits: string): ClaimChoice {
  return { moves: [], waits };
}

/** The least that is worth a claim. An amount that is finer than the token is rounded up: it must not hold up stake. */
export function minimumOf(
  { claim }: Pick<Immutable<StakeAccountSpec>, 'claim'>,
  decimals: number,
): TokenUnits {
  const [whole = '0', fraction = ''] = claim.minimum.split('.');
  const isFiner = /[1-9]/.test(fraction.slice(decimals));
  const units = parseTokens(`${whole}.${fraction.slice(0, decimals)}`.replace(/\.$/, ''), decimals);
  return isFiner ? tokenUnits(units + 1n) : units;
}

/** By the most that the offer may come to. Undefined also where nobody has said where both prices come from. */
function whyTooDear(
  { claims, gas }: ClaimMove,
  { spec, network, look }: ClaimGrounds & { readonly look: RewardLook },
): string | undefined {
  const { fees, facts, prices, priceSources } = network;
  const { maxGasPercent } = spec.claim;
  if (prices?.tokenUSD === undefined || prices.coinUSD === undefined) {
    // Rewards lose nothing by waiting: a source that is away, or not yet asked after a start, must not lift the limit.
    return priceSources?.token === undefined || priceSources.coin === undefined
      ? undefined
      : `the price of token or coin is not known (condition PricesKnown of StakingNetwork ${network.name}), so nobody can tell whether its gas is within spec.claim.maxGasPercent, ${maxGasPercent}`;
  }
  const likely = 2n * look.baseFeePerGas + fees.maxPriorityFeePerGas;
  const perGas = likely < fees.targetFeePerGas ? likely : fees.targetFeePerGas;
  const value = claims.reduce((sum, { amount }) => sum + amount, 0n) * parseUsd(prices.tokenUSD);
  const cost = gas * perGas * parseUsd(prices.coinUSD);
  // Both as micro-USD: of 10^-decimals tokens, and of wei.
  const tokenScale = 10n ** BigInt(facts.token.decimals);
  return cost * tokenScale * 100n <= value * COIN_SCALE * BigInt(maxGasPercent)
    ? undefined
    : `its gas may cost ${formatUsd(cost / COIN_SCALE)} USD, and what it brings is worth ${formatUsd(value / tokenScale)} USD: spec.claim.maxGasPercent is ${maxGasPercent}`;
}

/** Wei in one of the coin. */
const COIN_SCALE = 10n ** 18n;
