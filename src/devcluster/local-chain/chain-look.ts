import type { ContractEvent, ContractRead, EventLog } from '../../chain/contracts/binding.ts';
import type { JsonRpc } from './json-rpc.ts';

/** A block to read at: `latest`, or a number as a 0x-string. */
export type BlockTag = string;

/** A log of an event, with the block in which it was written. */
export interface SeenEvent<Fields> {
  readonly fields: Fields;
  readonly block: BlockTag;
}

/** Reads contracts and logs of a local chain, as of one block. @throws JsonRpcError, and Error for an answer that is none of the contract's */
export interface ChainLook {
  read<Args extends readonly unknown[], Output>(
    to: string,
    read: ContractRead<Args, Output>,
    ...args: Args
  ): Promise<Output>;
  /** All events of a contract whose indexed fields are `where`, the first first. */
  events<Fields extends object, Indexed extends keyof Fields>(
    address: string,
    event: ContractEvent<Fields, Indexed>,
    where: Partial<Pick<Fields, Indexed>>,
  ): Promise<readonly SeenEvent<Fields>[]>;
}

/** Looks at one block. */
export function lookAt(rpc: JsonRpc, block: BlockTag = 'latest'): ChainLook {
  return {
    read: async (to, asked, ...args) =>
      asked.decodeOutput(await rpc.call<string>('eth_call', { to, data: asked.encode(...args) }, block)),
    async events(address, event, where) {
      const filter = { address, topics: event.topics(where), fromBlock: '0x0', toBlock: block };
      const logs = await rpc.call<(EventLog & { readonly blockNumber: string })[]>('eth_getLogs', filter);
      return logs.flatMap((log) => {
        const fields = event.decode(log);
        return fields === undefined ? [] : [{ fields, block: log.blockNumber }];
      });
    },
  };
}
