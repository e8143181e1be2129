import { inspect } from 'node:util';
import type { UnsignedTransaction } from './transaction.ts';

export interface SignOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Whoever holds the key of an account. What it returns is not to be trusted: see {@link guardedSigner} in guarded-signer.ts. */
export interface Signer {
  /** With the checksum of its capitals. */
  readonly address: string;
  /**
   * The signed transaction, in hex.
   * @throws SigningError
   */
  sign(transaction: UnsignedTransaction, options?: SignOptions): Promise<string>;
}

/** Why nothing was signed. */
export type SigningErrorKind =
  /** The transaction is not one of those that this account may send. */
  | 'NotAllowed'
  /** What was returned is not what was to be signed. */
  | 'Altered'
  /** The key is that of another account. */
  | 'WrongAccount'
  | 'WrongPassword'
  /** A keystore, key, certificate or address that cannot be. */
  | 'Misconfigured'
  /** The remote signer did not answer, or refused. */
  | 'Unavailable';

/** The only error that signing fails with. Its message contains no key, no password and no address of a server; it has no cause. */
export class SigningError extends Error {
  override readonly name = 'SigningError';
  readonly kind: SigningErrorKind;

  constructor(kind: SigningErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Makes a signer of which nothing is seen but the address, whoever prints it and however. */
export function opaqueSigner(given: Signer): Signer {
  const { address } = given;
  const sign: Signer['sign'] = (transaction, options) => given.sign(transaction, options);
  const signer = { address, sign };
  const hidden = { enumerable: false, value: () => `Signer(${address})` };
  Object.defineProperty(signer, 'sign', { enumerable: false, value: sign });
  Object.defineProperty(signer, 'toJSON', { enumerable: false, value: () => ({ address }) });
  Object.defineProperty(signer, 'toString', hidden);
  Object.defineProperty(signer, inspect.custom, hidden);
  return Object.freeze(signer);
}
