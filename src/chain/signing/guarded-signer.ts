import { isAddress, isHexString } from 'ethers';
import { objectionTo } from './allow-list.ts';
import type { AllowedCall } from './allow-list.ts';
import { checkSigned } from './check-signed.ts';
import { SigningError } from './signer.ts';
import type { SignOptions, Signer } from './signer.ts';
import type { SignedTransaction, UnsignedTransaction } from './transaction.ts';

/** What an account may sign. */
export interface SigningPolicy {
  readonly chainId: bigint;
  readonly allowed: readonly AllowedCall[];
}

/** A signer that signs nothing but what its policy allows, and returns nothing but what it was asked to sign. */
export interface GuardedSigner {
  readonly address: string;
  /** @throws SigningError */
  sign(transaction: UnsignedTransaction, options?: SignOptions): Promise<SignedTransaction>;
}

/** The one way from a key to the chain: everything else is given this, and never a bare {@link Signer}. */
export function guardedSigner(signer: Signer, policy: SigningPolicy): GuardedSigner {
  const { address } = signer;
  return Object.freeze({
    address,
    async sign(unsigned: UnsignedTransaction, options?: SignOptions): Promise<SignedTransaction> {
      // A copy: what was checked is what is signed, whatever becomes of the original meanwhile.
      const transaction = Object.freeze({ ...unsigned });
      const objection =
        malformation(transaction, policy) ?? objectionTo(transaction, policy.allowed, address);
      if (objection !== undefined) {
        throw new SigningError('NotAllowed', objection);
      }
      return checkSigned(await signer.sign(transaction, options), transaction, address);
    },
  });
}

/** What no transaction may be like, for people. */
function malformation(transaction: UnsignedTransaction, { chainId }: SigningPolicy): string | undefined {
  const { to, data, nonce, gasLimit, maxFeePerGas, maxPriorityFeePerGas } = transaction;
  const rules: readonly [boolean, string][] = [
    [
      transaction.chainId === chainId,
      `a transaction of chain ${transaction.chainId}, where only chain ${chainId} is allowed`,
    ],
    [isAddress(to), 'a transaction must have the address of its receiver'],
    [isHexString(data) && data.length % 2 === 0, 'the data of a transaction must be whole bytes in hex'],
    [Number.isSafeInteger(nonce) && nonce >= 0, 'the nonce of a transaction must be a whole number from 0'],
    [gasLimit >= 21_000n, 'the gas limit of a transaction must be at least 21000'],
    [maxPriorityFeePerGas <= maxFeePerGas, 'the tip of a transaction must not be more than its maxFeePerGas'],
  ];
  return rules.find(([holds]) => !holds)?.[1];
}
