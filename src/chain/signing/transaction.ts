import { Transaction } from 'ethers';
import type { Wei } from '../amounts/amount.ts';
import type { Fees } from '../fees/fees.ts';

/** A transaction before it is signed: every field that the signature covers. Always of type 2 (EIP-1559), without an access list. */
export interface UnsignedTransaction extends Fees {
  readonly chainId: bigint;
  readonly nonce: number;
  readonly to: string;
  readonly valueWei: Wei;
  /** In hex. */
  readonly data: string;
  readonly gasLimit: bigint;
}

/** A transaction that can be sent, and be known again. */
export interface SignedTransaction {
  /** In hex, in lower case. */
  readonly raw: string;
  readonly hash: string;
}

/** As ethers has it. Every field is set, so that none is left to a default of whoever signs. */
export function toTransaction(unsigned: UnsignedTransaction): Transaction {
  const { valueWei, ...fields } = unsigned;
  return Transaction.from({ ...fields, type: 2, value: valueWei, accessList: [] });
}
