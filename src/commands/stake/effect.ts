import { tokenUnits } from '../../chain/amounts/amount.ts';
import { formatTokens } from '../../chain/amounts/decimal.ts';
import { type AccountState, type Move, type Token, claimsOf } from '../../chain/protocols/protocol.ts';
import type { ForeseenStep } from './foresight.ts';

/** What an amount is said with. */
export type Amounts = Pick<Token, 'symbol' | 'decimals'>;

/** Where tokens of an account can be, and what that is called. */
const POTS = {
  walletTokens: 'the wallet',
  idle: 'idle stake',
  provisioned: 'the stake behind miners',
  thawing: 'thawing stake',
} as const;

type Pot = keyof typeof POTS;

/** What a step does, in words: what is another after it than before. Where that is nothing that can be told, its key. Pure. */
export function effectText(
  { move, before, after }: Pick<ForeseenStep, 'move' | 'before' | 'after'>,
  token: Amounts,
): string {
  return (
    flow(before.state, after.state, token) ??
    allowance(before.state, after.state, token) ??
    miners(before.state, after.state) ??
    claimed(move, token) ??
    move.key
  );
}

function flow(before: AccountState, after: AccountState, token: Amounts): string | undefined {
  const pots = Object.keys(POTS) as Pot[];
  const from = pots.find((pot) => after[pot] < before[pot]);
  const to = pots.find((pot) => after[pot] > before[pot]);
  return from === undefined || to === undefined
    ? undefined
    : `${amount(after[to] - before[to], token)} from ${POTS[from]} to ${POTS[to]}`;
}

function allowance(before: AccountState, after: AccountState, token: Amounts): string | undefined {
  return before.allowance === after.allowance
    ? undefined
    : `the contract may take ${amount(after.allowance, token)} from the wallet`;
}

function miners(before: AccountState, after: AccountState): string | undefined {
  const more = after.miners - before.miners;
  return more === 0 ? undefined : `${Math.abs(more)} miner${Math.abs(more) === 1 ? '' : 's'}`;
}

function claimed(move: Move, token: Amounts): string | undefined {
  const sum = claimsOf(move)?.reduce((so, each) => so + each.amount, 0n);
  return sum === undefined ? undefined : `${amount(sum, token)} of ${move.key}`;
}

function amount(units: bigint, { symbol, decimals }: Amounts): string {
  return `${formatTokens(tokenUnits(units), decimals)} ${symbol}`.trimEnd();
}
