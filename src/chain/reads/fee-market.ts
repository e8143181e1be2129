import { wei } from '../amounts/amount.ts';
import type { FeeMarket } from '../fees/fees.ts';
import type { ChainReader } from '../rpc/chain-reader.ts';
import { quantity } from '../rpc/hex.ts';
import { RpcError, nodeErrorKind } from '../rpc/rpc-error.ts';

/**
 * What the chain asks for at the reader's block. Where the node suggests no tip it is 0: the floors of the policy say what to offer.
 * @throws RpcError
 */
export async function readFeeMarket(reader: ChainReader): Promise<FeeMarket> {
  const { baseFeePerGas } = reader.block;
  try {
    const tip = await reader.request('eth_maxPriorityFeePerGas', []);
    return { baseFeePerGas, suggestedTip: wei(quantity(tip, 'the suggested tip')) };
  } catch (error) {
    if (nodeErrorKind(error) === 'unsupported') {
      return { baseFeePerGas, suggestedTip: wei(0n) };
    }
    throw error instanceof RpcError
      ? error
      : new RpcError(
          'Malformed',
          reader.endpoint,
          `endpoint '${reader.endpoint}' suggests a tip that cannot be`,
        );
  }
}
