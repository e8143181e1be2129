import type { BlockHeader } from '../rpc/block.ts';
import type { ChainReader } from '../rpc/chain-reader.ts';

/** When a block is taken to stay for ever: when the chain calls it final, or, where it calls none so, when it is so deep. */
export type FinalityRule =
  { readonly kind: 'tag' } | { readonly kind: 'depth'; readonly confirmations: number };

/** op-txmgr: a block has `confirmations` when height + confirmations <= head + 1. */
export function confirmedHeight(head: number, confirmations: number): number {
  return head + 1 - confirmations;
}

/**
 * The latest block that is final, as the reader's node sees it; undefined when none is yet.
 * @throws RpcError
 */
export async function finalBlock(reader: ChainReader, rule: FinalityRule): Promise<BlockHeader | undefined> {
  if (rule.kind === 'tag') {
    return reader.blockAt('finalized');
  }
  const height = confirmedHeight(reader.block.number, Math.max(1, rule.confirmations));
  return height < 0 ? undefined : reader.blockAt(height);
}
