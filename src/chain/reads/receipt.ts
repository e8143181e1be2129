import { wei } from '../amounts/amount.ts';
import type { ChainReader } from '../rpc/chain-reader.ts';
import { HexError, bytes, quantity, smallQuantity } from '../rpc/hex.ts';
import { RpcError } from '../rpc/rpc-error.ts';
import type { ReceiptCost } from '../spending/spend-ledger.ts';

/** What became of a transaction that is mined. */
export interface Receipt extends ReceiptCost {
  readonly transactionHash: string;
  readonly blockNumber: number;
  readonly blockHash: string;
  /** False when it was reverted: it cost its gas, and did nothing. */
  readonly succeeded: boolean;
}

/**
 * The receipt of a transaction; undefined while it is not mined, or no more.
 * @throws RpcError
 */
export async function readReceipt(reader: ChainReader, hash: string): Promise<Receipt | undefined> {
  const answered = await reader.request('eth_getTransactionReceipt', [hash]);
  if (answered === null) {
    return undefined;
  }
  try {
    return receiptOf(answered, hash);
  } catch (error) {
    const why = error instanceof HexError ? error.message : 'the receipt cannot be read';
    throw new RpcError(
      'Malformed',
      reader.endpoint,
      `endpoint '${reader.endpoint}' answered what cannot be: ${why}`,
    );
  }
}

/** @throws HexError */
export function receiptOf(answered: unknown, hash: string): Receipt {
  if (typeof answered !== 'object') {
    throw new HexError('the receipt is not an object');
  }
  const fields = answered as Record<string, unknown>;
  const transactionHash = bytes(fields['transactionHash'], 'the hash of the transaction', 32);
  if (transactionHash !== hash.toLowerCase()) {
    throw new HexError('the receipt is of another transaction');
  }
  // Only OP-stack chains have it.
  const l1Fee = fields['l1Fee'] ?? undefined;
  return {
    transactionHash,
    blockNumber: smallQuantity(fields['blockNumber'], 'the number of the block'),
    blockHash: bytes(fields['blockHash'], 'the hash of the block', 32),
    succeeded: quantity(fields['status'], 'the status') === 1n,
    gasUsed: quantity(fields['gasUsed'], 'the used gas'),
    effectiveGasPrice: wei(quantity(fields['effectiveGasPrice'], 'the price of gas')),
    l1Fee: l1Fee === undefined ? undefined : wei(quantity(l1Fee, 'the fee of L1')),
  };
}
