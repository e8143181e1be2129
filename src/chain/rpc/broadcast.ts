import { keccak256 } from 'ethers';
import type { NodeErrorKind } from '../node-answers/node-error.ts';
import type { PooledEndpoint } from './pooled-endpoint.ts';
import { RpcError } from './rpc-error.ts';

/** What one endpoint made of a transaction. */
export interface BroadcastOutcome {
  readonly endpoint: string;
  /** Undefined when it accepted it. */
  readonly error: RpcError | undefined;
}

/** `accepted`: at least one node has it. `unreachable`: no node said anything about it; one may have it all the same. */
export type BroadcastVerdict = 'accepted' | 'unreachable' | NodeErrorKind;

export interface Broadcast {
  readonly verdict: BroadcastVerdict;
  /** Of the endpoints that answered in time. */
  readonly outcomes: readonly BroadcastOutcome[];
}

/** Where nodes refuse for different reasons, the first of these counts: what is certain before what may heal by itself. */
const precedence: readonly NodeErrorKind[] = [
  'nonceTooLow',
  'badSignature',
  'insufficientFunds',
  'replacementUnderpriced',
  'feeTooLow',
  'feeTooHigh',
  'badGasLimit',
  'revert',
  'nonceTooHigh',
  'invalidRequest',
  'unsupported',
  'rangeTooLarge',
  'blockUnavailable',
  'mempoolFull',
  'unknown',
  'rateLimited',
  'transient',
];

/** What the answers of all come to. One node that has it is enough, whatever the others say: they may be behind, or lie. */
export function verdictOf(outcomes: readonly BroadcastOutcome[]): BroadcastVerdict {
  const kinds = outcomes.map(({ error }) => (error === undefined ? 'accepted' : error.nodeError?.kind));
  if (kinds.some((kind) => kind === 'accepted' || kind === 'alreadyKnown')) {
    return 'accepted';
  }
  return precedence.find((kind) => kinds.includes(kind)) ?? 'unreachable';
}

/** Sends a signed transaction to one endpoint, once it is certain which chain that serves. Never rejects. */
export async function sendRaw(
  endpoint: PooledEndpoint,
  raw: string,
  signal: AbortSignal | undefined,
): Promise<BroadcastOutcome> {
  const { endpoint: name } = endpoint.client;
  try {
    await endpoint.verifyChain();
    const answered = await endpoint.client.call('eth_sendRawTransaction', [raw], { signal });
    if (typeof answered !== 'string' || answered.toLowerCase() !== keccak256(raw)) {
      const message = `endpoint '${name}' accepted a transaction, and named another`;
      const error = new RpcError('Malformed', name, message);
      endpoint.report(error);
      return { endpoint: name, error };
    }
    return { endpoint: name, error: undefined };
  } catch (error) {
    const known = error instanceof RpcError;
    return {
      endpoint: name,
      error: known ? error : new RpcError('Malformed', name, `endpoint '${name}' could not be asked`),
    };
  }
}
