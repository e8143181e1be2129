import type { Wei } from '../amounts/amount.ts';
import type { FeeMarket } from '../fees/fees.ts';

/** A block, and so a chain: its hash stands for everything before it. */
export interface BlockRef {
  readonly number: number;
  readonly hash: string;
}

/** What a node says of a transaction that a block includes. */
export interface InclusionReceipt {
  readonly hash: string;
  readonly blockNumber: number;
  readonly blockHash: string;
  readonly succeeded: boolean;
  readonly gasUsed: bigint;
  readonly effectiveGasPriceWei: Wei;
  /** What a rollup charges on top for data on its first layer, in wei. */
  readonly l1FeeWei?: Wei | undefined;
}

/** The transaction that used a nonce, found in a block: not what a node says about it, but the transaction itself. */
export interface NonceUser {
  readonly hash: string;
  readonly blockNumber: number;
}

/**
 * What one node says of one account, all as of one block: nothing in it is from another node or from another chain than the rest.
 */
export interface ChainView {
  readonly head: BlockRef;
  /** Blocks up to this number are never replaced. */
  readonly finalNumber: number;
  /** Of the account at the head: how many of its transactions are included, so the next nonce. */
  readonly nonce: number;
  readonly balanceWei: Wei;
  readonly market: FeeMarket;
  /** By hash, of the transactions that were asked for and are in blocks up to the head. */
  readonly receipts: ReadonlyMap<string, InclusionReceipt>;
  /** Hashes, of those that were asked for, that the node knows but no block includes. */
  readonly pending: ReadonlySet<string>;
  /**
   * Who used nonces that should be ours, in final blocks, as far as it could be found. By nonce. Without such proof nothing is believed to
   * be used by others: a node that counts wrongly must not have an effect happen twice.
   */
  readonly users: ReadonlyMap<number, NonceUser>;
}
