import { wei } from '../amounts/amount.ts';
import type { BlockHeader } from './block.ts';
import type { ChainReader } from './chain-reader.ts';
import { bytes, quantity, smallQuantity, toQuantity } from './hex.ts';

/**
 * Reads the state of a block that stays for ever, from the node of another reader. By number: what is final has no other block there.
 * Nodes that keep little history fail with a node error.
 */
export function readerAt(reader: ChainReader, block: BlockHeader): ChainReader {
  const at = toQuantity(block.number);
  const ask = (method: string, argument: unknown): Promise<unknown> => reader.request(method, [argument, at]);
  return {
    ...reader,
    block,
    call: async (call) => bytes(await ask('eth_call', call), 'the result'),
    balance: async (address) => wei(quantity(await ask('eth_getBalance', address), 'the balance')),
    nonce: async (address) => smallQuantity(await ask('eth_getTransactionCount', address), 'the nonce'),
    code: async (address) => bytes(await ask('eth_getCode', address), 'the code'),
  };
}
