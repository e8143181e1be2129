import { wei } from '../amounts/amount.ts';
import type { Wei } from '../amounts/amount.ts';
import { blockHeader } from './block.ts';
import type { BlockHeader } from './block.ts';
import { bytes, quantity, smallQuantity, toQuantity } from './hex.ts';
import type { RpcCall } from './json-rpc.ts';
import { guarded } from './pooled-endpoint.ts';
import type { PooledEndpoint } from './pooled-endpoint.ts';
import type { Outcome } from './rpc-client.ts';
import { nodeErrorKind } from './rpc-error.ts';
import type { RpcError } from './rpc-error.ts';

/** A call of a contract that changes nothing. */
export interface ContractCall {
  readonly to: string;
  /** Selector and arguments, in hex. */
  readonly data: string;
  readonly from?: string;
}

/** A block by its number or by what the chain calls it. */
export type BlockName = number | 'latest' | 'safe' | 'finalized';

/**
 * What one reconcile reads, all from one node. State is that of one block, the same for every call, also while blocks are mined or
 * undone meanwhile. Every method fails with an RpcError; then the reconcile is to be begun again, with another reader.
 */
export interface ChainReader {
  readonly endpoint: string;
  /** The block whose state is read. */
  readonly block: BlockHeader;
  /** What the contract returns, in hex; '0x' also where there is no contract. A revert is a node error of kind `revert`. */
  call(call: ContractCall): Promise<string>;
  balance(address: string): Promise<Wei>;
  /** How many transactions of the account are mined: its next nonce. */
  nonce(address: string): Promise<number>;
  /** Of the contract, in hex; '0x' where there is none. */
  code(address: string): Promise<string>;
  /** The block as the node has it now, whatever is pinned; undefined when it has none. */
  blockAt(name: BlockName): Promise<BlockHeader | undefined>;
  /** Any other method of the same node, as the chain is now. */
  request(method: string, params: readonly unknown[]): Promise<unknown>;
  /** Several of them in one request. Never rejects: what is missing or refused is so alone. */
  requestAll(calls: readonly RpcCall[]): Promise<Outcome[]>;
}

/** @param signal ends everything that the reader does, with an RpcError of kind `Aborted` */
export function chainReader(
  endpoint: PooledEndpoint,
  block: BlockHeader,
  signal: AbortSignal | undefined,
): ChainReader {
  const { client } = endpoint;
  const guard = { name: client.endpoint, report: (error: RpcError) => endpoint.report(error) };
  const request = (method: string, params: readonly unknown[]): Promise<unknown> =>
    client.call(method, params, { signal });

  /** Reads at the block by its hash; by its number where a node knows only that. */
  async function pinned(method: string, params: readonly unknown[]): Promise<unknown> {
    if (endpoint.pinsByHash) {
      try {
        return await request(method, [...params, { blockHash: block.hash, requireCanonical: true }]);
      } catch (error) {
        if (nodeErrorKind(error) !== 'invalidRequest') {
          throw error;
        }
      }
    }
    const result = await request(method, [...params, toQuantity(block.number)]);
    // Only now is it known that the hash, and nothing else, was what the node did not understand.
    endpoint.pinsByHash = false;
    return result;
  }

  return {
    endpoint: client.endpoint,
    block,
    request,
    requestAll: (calls) => client.batch(calls, { signal }),
    call: (call) => guarded(async () => bytes(await pinned('eth_call', [call]), 'the result'), guard),
    balance: (address) =>
      guarded(async () => wei(quantity(await pinned('eth_getBalance', [address]), 'the balance')), guard),
    nonce: (address) =>
      guarded(
        async () => smallQuantity(await pinned('eth_getTransactionCount', [address]), 'the nonce'),
        guard,
      ),
    code: (address) => guarded(async () => bytes(await pinned('eth_getCode', [address]), 'the code'), guard),
    blockAt: (name) => {
      const wanted = typeof name === 'number' ? toQuantity(name) : name;
      return guarded(async () => blockHeader(await request('eth_getBlockByNumber', [wanted, false])), guard);
    },
  };
}
