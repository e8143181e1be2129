import { type TokenUnits, tokenUnits } from '../../chain/amounts/amount.ts';
import { formatEth, formatTokens } from '../../chain/amounts/decimal.ts';
import type { AccountState, Holdings, Shortage, Thaw } from '../../chain/protocols/protocol.ts';
import { rfc3339 } from '../../time/clock.ts';
import type { AccountObjects } from './read-account.ts';
import type { Foresight, ForeseenStep } from './foresight.ts';
import type { Price } from './price.ts';
import { type Amounts, effectText } from './effect.ts';
import type { PlanRewards } from './rewards.ts';
import { reservations } from './reservations.ts';

/** What would be sent for an account, and what that makes of it: what `-o json` prints. Amounts in the token, unless said otherwise. */
export interface StakePlan {
  readonly account: { readonly namespace: string; readonly name: string; readonly address: string };
  readonly network: {
    readonly name: string;
    readonly chainId: number;
    /** Number of the block that was looked at. */
    readonly block: number;
  };
  /** What the token is called. */
  readonly token: string;
  /** Why the operator does not send it as it is here, for people. */
  readonly notes: readonly string[];
  readonly steps: readonly PlanStep[];
  readonly stake: { readonly now: StakeFigures; readonly after: StakeFigures };
  /** What the account is to have behind miners. */
  readonly wanted: string;
  /** What it has for gas, in the coin of the chain. */
  readonly coin: string;
  readonly shortages: readonly PlanShortage[];
  /** Stake on its way out. */
  readonly unlocks: readonly Unlock[];
  /** Absent: the network has none. */
  readonly rewards?: PlanRewards;
}

/** One transaction. */
export interface PlanStep {
  /** Now: the chain would take it. Then: once those before it are done. */
  readonly when: 'Now' | 'Then';
  readonly kind: string;
  /** What tells it from others of its kind, amounts in the smallest unit of the token. */
  readonly key: string;
  /** What it does, for people. */
  readonly effect: string;
  /** Units of gas, with the operator's margin; absent: not known yet. */
  readonly gasLimit?: number;
  /** The most that it may ever cost, in the coin of the chain. */
  readonly maxCost?: string;
  /** Why it would not be sent. */
  readonly obstacle?: string;
}

/** Where the tokens of an account are. */
export interface StakeFigures {
  readonly wallet: string;
  readonly idle: string;
  readonly provisioned: string;
  readonly thawing: string;
  /** What the registered miners need. */
  readonly required: string;
  readonly miners: number;
}

/** What is missing. */
export interface PlanShortage {
  readonly kind: Shortage['kind'];
  readonly needed: string;
  /** What there is: in the wallet, or by the cap. */
  readonly available: string;
}

/** Stake that thaws. */
export interface Unlock {
  readonly tokens: string;
  /** RFC 3339: it can be taken out from then on, or later if its thaw is not sent yet. */
  readonly dueTime: string;
  /** Whether its thaw is one of the steps. */
  readonly isForeseen: boolean;
}

/** What a plan is told from. */
export interface PlanSight {
  readonly objects: AccountObjects;
  readonly network: {
    readonly name: string;
    readonly chainId: bigint;
    readonly block: { readonly number: number };
    readonly facts: { readonly paused: readonly string[]; readonly token: Amounts };
  };
  readonly foresight: Foresight;
  /** Of the steps that the chain would take now, in their order. */
  readonly prices: readonly Price[];
  /** Pools that cannot be understood. */
  readonly problems: readonly string[];
  /** Undefined: the network has none. */
  readonly rewards: PlanRewards | undefined;
}

/** Pure. */
export function stakePlan(sight: PlanSight): StakePlan {
  const { objects, network, foresight, prices } = sight;
  const { metadata, spec } = objects.account;
  const { picture, steps, end } = foresight;
  const { state, plan, goal } = picture;
  const { token } = network.facts;
  const text = (amount: TokenUnits): string => formatTokens(amount, token.decimals);
  return {
    account: { namespace: metadata.namespace ?? '', name: metadata.name, address: spec.address },
    network: { name: network.name, chainId: Number(network.chainId), block: network.block.number },
    token: token.symbol,
    notes: reservations(sight),
    steps: steps.map((step, index) => planStep(step, prices[index], token)),
    stake: { now: figures(state, text), after: figures(end.state, text) },
    wanted: text(goal.desired.provisioned),
    coin: formatEth(state.coin),
    shortages: plan.shortages.map((shortage) => shortageOf(shortage, text)),
    unlocks: unlocks(state.thaws, end, text),
    ...(sight.rewards === undefined ? {} : { rewards: sight.rewards }),
  };
}

function planStep(step: ForeseenStep, price: Price | undefined, token: Amounts): PlanStep {
  const { move, isNow } = step;
  const { gasLimit, maxCostWei, obstacle } = price ?? {};
  return {
    when: isNow ? 'Now' : 'Then',
    kind: move.kind,
    key: move.key,
    effect: effectText(step, token),
    ...(gasLimit === undefined ? {} : { gasLimit }),
    ...(maxCostWei === undefined ? {} : { maxCost: formatEth(maxCostWei) }),
    ...(obstacle === undefined ? {} : { obstacle }),
  };
}

function figures(state: AccountState, text: (amount: TokenUnits) => string): StakeFigures {
  return {
    wallet: text(state.walletTokens),
    idle: text(state.idle),
    provisioned: text(state.provisioned),
    thawing: text(state.thawing),
    required: text(state.required),
    miners: state.miners,
  };
}

function shortageOf(shortage: Shortage, text: (amount: TokenUnits) => string): PlanShortage {
  const { kind, needed } = shortage;
  const available = shortage.kind === 'Tokens' ? shortage.held : shortage.allowed;
  return { kind, needed: text(needed), available: text(available) };
}

/** Thaws that are taken out by the steps are among them: they can be. */
function unlocks(
  now: readonly Thaw[],
  { state }: Holdings,
  text: (amount: TokenUnits) => string,
): readonly Unlock[] {
  const isKnown = (thaw: Thaw): boolean => now.includes(thaw);
  return [...now, ...state.thaws.filter((thaw) => !isKnown(thaw))]
    .map((thaw) => ({
      tokens: text(tokenUnits(thaw.tokens)),
      dueTime: rfc3339(thaw.dueAt),
      isForeseen: !isKnown(thaw),
    }))
    .sort((a, b) => Date.parse(a.dueTime) - Date.parse(b.dueTime));
}
