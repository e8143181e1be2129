import { HexError } from '../rpc/hex.ts';
import type { ChainReader } from '../rpc/chain-reader.ts';
import { RpcError } from '../rpc/rpc-error.ts';

/** @throws RpcError for what is not what a node should have said */
export function understood<T>({ endpoint }: ChainReader, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof HexError) {
      throw new RpcError(
        'Malformed',
        endpoint,
        `endpoint '${endpoint}' answered what cannot be: ${error.message}`,
      );
    }
    throw error;
  }
}
