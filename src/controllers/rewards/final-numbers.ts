import { confirmedHeight, finalBlock } from '../../chain/reads/finality.ts';
import type { ChainReader } from '../../chain/rpc/chain-reader.ts';
import { RpcError } from '../../chain/rpc/rpc-error.ts';
import type { UsableNetwork } from '../networks/network-view.ts';

/** Which blocks of networks are final, asked once for each block, however many accounts want to know. */
export interface FinalNumbers {
  /** The number of the latest one as of the last look at the network; -1 where none is, or none can be asked for. */
  at(network: Pick<UsableNetwork, 'name' | 'block' | 'finality'>, reader: ChainReader): Promise<number>;
}

export function createFinalNumbers(): FinalNumbers {
  const known = new Map<string, { readonly hash: string; readonly number: Promise<number> }>();
  return {
    at({ name, block, finality }, reader) {
      if (finality.kind === 'depth') {
        return Promise.resolve(Math.max(-1, confirmedHeight(block.number, finality.confirmations)));
      }
      const former = known.get(name);
      const number = former?.hash === block.hash ? former.number : tagged(reader);
      known.set(name, { hash: block.hash, number });
      return number;
    },
  };
}

async function tagged(reader: ChainReader): Promise<number> {
  try {
    return (await finalBlock(reader, { kind: 'tag' }))?.number ?? -1;
  } catch (error) {
    if (error instanceof RpcError) {
      return -1;
    }
    throw error;
  }
}
