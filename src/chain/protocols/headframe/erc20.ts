import { testToken } from '../../contracts/generated/test-token.ts';

const { symbol, decimals, balanceOf, allowance } = testToken.reads;

/** What of the token is used: ERC-20, which every token has. */
export const erc20 = {
  name: 'ERC-20 token',
  reads: { symbol, decimals, balanceOf, allowance },
  writes: { approve: testToken.writes.approve },
} as const;
