import { Transaction } from 'ethers';
import { SigningError } from './signer.ts';
import { toTransaction } from './transaction.ts';
import type { SignedTransaction, UnsignedTransaction } from './transaction.ts';

/** Every field that a transaction of type 2 can have, as ethers names them. */
const fields = [
  'type',
  'chainId',
  'nonce',
  'to',
  'value',
  'data',
  'gasLimit',
  'maxFeePerGas',
  'maxPriorityFeePerGas',
  'gasPrice',
] as const;

/**
 * Checks what a signer returned: that every field is what was to be signed, that the key is the account's, and that the bytes are the
 * only ones that say so. What passes is exactly what was asked for; nothing else is ever broadcast.
 * @param address of the account
 * @throws SigningError `Altered`, or `WrongAccount`
 */
export function checkSigned(raw: string, unsigned: UnsignedTransaction, address: string): SignedTransaction {
  const { signed, from, hash } = decode(raw);
  const expected = toTransaction(unsigned);
  const different = fields.find((field) => signed[field] !== expected[field]);
  if (different !== undefined) {
    throw new SigningError(
      'Altered',
      `the signer changed ${different}: it was to be ${String(expected[different])}, and is ${String(signed[different])}`,
    );
  }
  if (signed.unsignedSerialized !== expected.unsignedSerialized) {
    throw new SigningError(
      'Altered',
      'the signer added something to the transaction, such as an access list',
    );
  }
  if (from === null || hash === null) {
    throw new SigningError('Altered', 'the signer returned the transaction without a signature');
  }
  if (from.toLowerCase() !== address.toLowerCase()) {
    throw new SigningError('WrongAccount', `the signer signed as ${from}, and the account is ${address}`);
  }
  if (signed.serialized !== raw.toLowerCase()) {
    throw new SigningError(
      'Altered',
      'the signer returned the transaction in another form than the canonical one',
    );
  }
  return { raw: signed.serialized, hash };
}

interface Decoded {
  readonly signed: Transaction;
  readonly from: string | null;
  readonly hash: string | null;
}

function decode(raw: string): Decoded {
  try {
    const signed = Transaction.from(raw);
    // A signature that is no point of the curve shows only when the sender is asked for.
    return { signed, from: signed.from, hash: signed.hash };
  } catch {
    // The reason would quote what a stranger sent.
    throw new SigningError('Altered', 'the signer returned something that is no signed transaction');
  }
}
