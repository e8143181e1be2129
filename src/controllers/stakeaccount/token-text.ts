import { type TokenUnits, tokenUnits } from '../../chain/amounts/amount.ts';
import { formatTokens } from '../../chain/amounts/decimal.ts';
import type { SeenAccount } from './standing.ts';

/** An amount for people, such as '12.5 HFT'. */
export function tokens({ network }: SeenAccount, amount: TokenUnits | bigint): string {
  const { decimals, symbol } = network.facts.token;
  return `${formatTokens(tokenUnits(amount), decimals)} ${symbol}`;
}
