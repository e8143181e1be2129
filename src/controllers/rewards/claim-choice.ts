import type { Immutable } from '../../api/kube-object.ts';
import type { StakeAccountSpec } from '../../api/stake-account/spec.ts';
import { type TokenUnits, tokenUnits } from '../../chain/amounts/amount.ts';
import { parseTokens } from '../../chain/amounts/decimal.ts';
import type { ClaimMove, Move } from '../../chain/protocols/protocol.ts';
import type { UsableNetwork } from '../networks/network-view.ts';
import { parseUsd } from '../prices/usd.ts';
import { sumOf } from './reward-ledger.ts';
import type { RewardLook } from './reward-look.ts';

/** What a claim follows from. */
export interface ClaimGrounds {
  readonly spec: Pick<Immutable<StakeAccountSpec>, 'claim' | 'address'>;
  readonly network: Pick<UsableNetwork, 'facts' | 'protocol' | 'fees' | 'prices'>;
  readonly look: RewardLook | undefined;
}

/** The claim that is worth being sent now, if there is one. Pure. */
export function claimMoves({ spec, network, look }: ClaimGrounds): readonly Move[] {
  const { facts, protocol } = network;
  if (look === undefined || !spec.claim.enabled) {
    return [];
  }
  const minimum = minimumOf(spec, facts.token.decimals);
  const move = protocol.rewards?.claim(facts, spec.address, look.claims);
  if (move === undefined || sumOf(look.claims, 'Claimable') < minimum) {
    return [];
  }
  return isWorthItsGas(move, { spec, network, look }) ? [move] : [];
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

/** By the most that the offer may come to. True where a price is not known. */
function isWorthItsGas(
  { claims, gas }: ClaimMove,
  { spec, network, look }: ClaimGrounds & { readonly look: RewardLook },
): boolean {
  const { fees, facts, prices } = network;
  if (prices?.tokenUSD === undefined || prices.coinUSD === undefined) {
    return true;
  }
  const likely = 2n * look.baseFeePerGas + fees.maxPriorityFeePerGas;
  const perGas = likely < fees.targetFeePerGas ? likely : fees.targetFeePerGas;
  const value = claims.reduce((sum, { amount }) => sum + amount, 0n) * parseUsd(prices.tokenUSD);
  const cost = gas * perGas * parseUsd(prices.coinUSD);
  // Both as micro-USD: of 10^-decimals tokens, and of wei.
  const tokenScale = 10n ** BigInt(facts.token.decimals);
  return cost * tokenScale * 100n <= value * COIN_SCALE * BigInt(spec.claim.maxGasPercent);
}

/** Wei in one of the coin. */
const COIN_SCALE = 10n ** 18n;
