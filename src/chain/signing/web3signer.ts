import { createSecureContext } from 'node:tls';
import { getAddress, isAddress } from 'ethers';
import type { Clock } from '../../time/clock.ts';
import type { TlsOptions } from '../http/http-target.ts';
import { toQuantity } from '../rpc/hex.ts';
import { rpcClient } from '../rpc/rpc-client.ts';
import type { RpcClient } from '../rpc/rpc-client.ts';
import { RpcError } from '../rpc/rpc-error.ts';
import { SigningError, opaqueSigner } from './signer.ts';
import type { Signer } from './signer.ts';
import type { UnsignedTransaction } from './transaction.ts';

/** A web3signer, or anything else that speaks `eth_signTransaction` over mutual TLS. */
export interface Web3signerOptions {
  /** https. */
  readonly url: URL;
  /** The account whose key it holds. */
  readonly address: string;
  /** PEM; all of it is needed: without a client certificate anybody in the cluster could sign. */
  readonly tls: Required<TlsOptions>;
  readonly clock: Clock;
  /** Milliseconds from a request to its answer; a vault behind it takes its time. @default 10_000 */
  readonly timeoutMs?: number;
}

/** A signer with connections. */
export interface RemoteSigner {
  readonly signer: Signer;
  /** Cuts them. */
  close(): void;
}

/** A signed transaction is no larger than what was to be signed. */
const MAX_BYTES = 1024 * 1024;

/** @throws SigningError when the address or the certificates cannot be */
export function web3signer(options: Web3signerOptions): RemoteSigner {
  const { url, tls, clock, timeoutMs = 10_000 } = options;
  check(options);
  const client = rpcClient({ name: 'web3signer', url, tls }, { clock, timeoutMs, maxBytes: MAX_BYTES });
  const address = getAddress(options.address);
  const signer = opaqueSigner({
    address,
    async sign(transaction, { signal } = {}) {
      const answer = await ask(client, parameters(transaction, address), signal);
      // web3signer answers with the bytes, geth's clef with an object around them.
      const raw = typeof answer === 'object' && answer !== null && 'raw' in answer ? answer.raw : answer;
      if (typeof raw !== 'string') {
        throw new SigningError('Altered', 'the web3signer returned something that is no signed transaction');
      }
      return raw;
    },
  });
  return { signer, close: () => client.close() };
}

async function ask(client: RpcClient, params: object, signal: AbortSignal | undefined): Promise<unknown> {
  try {
    return await client.call('eth_signTransaction', [params], { signal });
  } catch (error) {
    const why = error instanceof RpcError ? error.message : 'it cannot be asked';
    throw new SigningError('Unavailable', `the web3signer did not sign: ${why}`);
  }
}

function parameters(transaction: UnsignedTransaction, from: string): object {
  const { to, data, nonce, gasLimit, valueWei, chainId } = transaction;
  return {
    from,
    to,
    data,
    nonce: toQuantity(nonce),
    gas: toQuantity(gasLimit),
    value: toQuantity(valueWei),
    chainId: toQuantity(chainId),
    maxFeePerGas: toQuantity(transaction.maxFeePerGas),
    maxPriorityFeePerGas: toQuantity(transaction.maxPriorityFeePerGas),
  };
}

function check({ url, address, tls }: Web3signerOptions): void {
  if (url.protocol !== 'https:') {
    throw new SigningError(
      'Misconfigured',
      `the URL of a web3signer must begin with https, not ${url.protocol}`,
    );
  }
  if (!isAddress(address)) {
    throw new SigningError(
      'Misconfigured',
      'the address of a web3signer must be that of its account: 0x and 40 hex digits',
    );
  }
  for (const part of ['ca', 'cert', 'key'] as const) {
    if ((tls[part] ?? '').length === 0) {
      throw new SigningError('Misconfigured', `a web3signer needs mutual TLS: '${part}' is missing`);
    }
  }
  try {
    createSecureContext(tls);
  } catch {
    throw new SigningError(
      'Misconfigured',
      'the certificates for the web3signer are not PEM, or certificate and key do not belong together',
    );
  }
}
