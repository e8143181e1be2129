import { sleep, systemClock, type Clock } from '../../time/clock.ts';
import type { JsonRpc } from './json-rpc.ts';

/** What a block says of a transaction that is in it. */
export interface Receipt {
  /** `0x1`: it did what it was sent for. */
  readonly status: string;
  /** Of a transaction that creates a contract. */
  readonly contractAddress: string;
}

/** A transaction from an account that the node signs for. */
export interface LocalTransaction {
  readonly from: string;
  readonly to: string;
  readonly data: string;
}

/** With blocks at intervals the receipt comes with the next one. */
const RECEIPT_TIMEOUT_MS = 60_000;
const RECEIPT_POLL_MS = 50;

/**
 * Sends a transaction and waits for its block.
 * @throws JsonRpcError when the node sees that it would be reverted; Error when it is reverted, or in no block within a minute
 */
export async function transact(rpc: JsonRpc, transaction: LocalTransaction, clock?: Clock): Promise<Receipt> {
  const hash = await rpc.call<string>('eth_sendTransaction', transaction);
  const receipt = await receiptOf(rpc, hash, clock);
  if (receipt.status !== '0x1') {
    throw new Error(`transaction ${hash} to ${transaction.to} was reverted`);
  }
  return receipt;
}

/** The receipt of a transaction, be it a success or not. @throws Error when it is in no block within a minute */
export async function receiptOf(rpc: JsonRpc, hash: string, clock: Clock = systemClock): Promise<Receipt> {
  const deadline = clock.monotonic() + RECEIPT_TIMEOUT_MS;
  for (;;) {
    const receipt = await rpc.call<Receipt | null>('eth_getTransactionReceipt', hash);
    if (receipt !== null) {
      return receipt;
    }
    if (clock.monotonic() > deadline) {
      throw new Error(`transaction ${hash} was not mined within a minute`);
    }
    await sleep(clock, RECEIPT_POLL_MS);
  }
}
