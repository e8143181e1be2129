import type { BlockHeader } from '../rpc/block.ts';
import type { BlockName, ChainReader } from '../rpc/chain-reader.ts';
import { HexError, toQuantity } from '../rpc/hex.ts';
import { RpcError } from '../rpc/rpc-error.ts';
import { finalBlock } from '../reads/finality.ts';
import type { FinalityRule } from '../reads/finality.ts';
import { chainEvents } from './chain-event.ts';
import type { ChainEvent } from './chain-event.ts';

/** Which logs are looked for: of these contracts, and, if given, with one of these first topics. */
export interface EventFilter {
  readonly addresses: readonly string[];
  readonly topics?: readonly string[];
}

/** What a scan asks of one node, as the chain is at that moment. Fails with RpcErrors. */
export interface EventSource {
  blockAt(name: BlockName): Promise<BlockHeader | undefined>;
  /** The number of the latest final block; undefined when there is none. */
  finalNumber(): Promise<number | undefined>;
  events(from: number, to: number): Promise<ChainEvent[]>;
}

export function eventSource(reader: ChainReader, filter: EventFilter, rule: FinalityRule): EventSource {
  const { addresses, topics } = filter;
  return {
    blockAt: (name) => reader.blockAt(name),
    finalNumber: async () => (await finalBlock(reader, rule))?.number,
    async events(from, to) {
      const asked = {
        address: addresses,
        ...(topics !== undefined && { topics: [topics] }),
        fromBlock: toQuantity(from),
        toBlock: toQuantity(to),
      };
      const answered = await reader.request('eth_getLogs', [asked]);
      try {
        return within(chainEvents(answered), from, to);
      } catch (error) {
        const why = error instanceof HexError ? error.message : 'the logs cannot be read';
        throw new RpcError(
          'Malformed',
          reader.endpoint,
          `endpoint '${reader.endpoint}' answered what cannot be: ${why}`,
        );
      }
    },
  };
}

/** Nodes have been seen to answer with logs of other blocks than those that were asked for. @throws HexError */
function within(events: ChainEvent[], from: number, to: number): ChainEvent[] {
  if (events.some(({ blockNumber }) => blockNumber < from || blockNumber > to)) {
    throw new HexError('a log is of a block that was not asked for');
  }
  return events;
}
