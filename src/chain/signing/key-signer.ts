import { SigningKey, computeAddress } from 'ethers';
import { SigningError, opaqueSigner } from './signer.ts';
import type { Signer } from './signer.ts';
import { toTransaction } from './transaction.ts';

/** Chains that live on one machine: hardhat's and anvil's, and geth's in development. */
const LOCAL_CHAINS: readonly bigint[] = [31337n, 1337n];

/** Whether money on the chain is worth nothing. */
export function isLocalChain(chainId: bigint): boolean {
  return LOCAL_CHAINS.includes(chainId);
}

/**
 * Signs with a key in this process. The key lives in this closure and nowhere else.
 * @param key 32 bytes; yours to overwrite when this returns
 * @throws SigningError when it is no key
 */
export function keySigner(key: Uint8Array): Signer {
  const { signingKey, address } = parse(key);
  return opaqueSigner({
    address,
    sign: (unsigned) =>
      new Promise((resolve) => {
        const transaction = toTransaction(unsigned);
        transaction.signature = signingKey.sign(transaction.unsignedHash);
        resolve(transaction.serialized);
      }),
  });
}

/**
 * Signs with a key that lies about in plain text: only for chains on which money is worth nothing.
 * @param key 64 hex digits, with or without 0x; white space around them is forgiven, as Secrets often end with a line break
 * @throws SigningError
 */
export function plainKeySigner(key: string, chainId: bigint): Signer {
  if (!isLocalChain(chainId)) {
    throw new SigningError(
      'Misconfigured',
      `a plain key is allowed only on local chains (${LOCAL_CHAINS.join(', ')}), and this is chain ${chainId}: use a keystore or a web3signer`,
    );
  }
  const digits = /^\s*(?:0x)?([0-9a-f]{64})\s*$/i.exec(key)?.[1];
  if (digits === undefined) {
    throw new SigningError('Misconfigured', 'the plain key must be 64 hex digits, with or without 0x');
  }
  return keySigner(Buffer.from(digits, 'hex'));
}

function parse(key: Uint8Array): { signingKey: SigningKey; address: string } {
  try {
    const signingKey = new SigningKey(key);
    // Zero, and what is beyond the order of the curve, shows only in the public key.
    return { signingKey, address: computeAddress(signingKey.publicKey) };
  } catch {
    throw new SigningError('Misconfigured', 'the key is not one of the curve: it must be 32 bytes, not zero');
  }
}
