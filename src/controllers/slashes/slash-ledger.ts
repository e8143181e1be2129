import type { Immutable } from '../../api/kube-object.ts';
import type { SlashedStatus } from '../../api/stake-account/status.ts';
import { tokenUnits } from '../../chain/amounts/amount.ts';
import { formatTokens, parseTokens } from '../../chain/amounts/decimal.ts';
import type { SlashLook } from './slash-look.ts';

/*
 * How a slash is counted once: the sum and the block of the last one that is in it are one write of the status, which the API server refuses
 * when it is not based on the last one. Slashes come in the order of their blocks, those of a block together, and again after a restart:
 * what is not behind that block is counted.
 */

/**
 * The next state of the ledger. Pure: the same look does not change it again.
 * @param look undefined while slashes are not looked for
 * @param decimals digits of the token after the point
 */
export function slashedFigures(
  before: Immutable<SlashedStatus> | undefined,
  look: SlashLook | undefined,
  decimals: number,
): SlashedStatus | undefined {
  if (look === undefined || before === undefined) {
    return before ?? (look && { tokens: '0', throughBlock: look.scannedTo });
  }
  const fresh = look.slashes.filter(({ block }) => block > before.throughBlock);
  const sum = fresh.reduce<bigint>((so, { tokens }) => so + tokens, parseTokens(before.tokens, decimals));
  return {
    tokens: formatTokens(tokenUnits(sum), decimals),
    throughBlock: Math.max(before.throughBlock, ...fresh.map(({ block }) => block)),
  };
}
