import type { BlockHeader } from '../rpc/block.ts';
import type { ChainReader } from '../rpc/chain-reader.ts';
import { type FinalityRule, finalBlock } from '../reads/finality.ts';
import { type EventFilter, type EventSource, eventSource } from './event-source.ts';

/**
 * The chain as far as it is final: its latest block is the latest final one, which is asked for once. A scan of it has nothing pending, and
 * its trail is one block, so that a checkpoint says all of its state. For one step.
 */
export function finalSource(reader: ChainReader, filter: EventFilter, rule: FinalityRule): EventSource {
  const whole = eventSource(reader, filter, rule);
  let latest: Promise<BlockHeader | undefined> | undefined;
  const final = (): Promise<BlockHeader | undefined> => (latest ??= finalBlock(reader, rule));
  return {
    events: (from, to) => whole.events(from, to),
    finalNumber: async () => (await final())?.number,
    async blockAt(name) {
      const header = await final();
      return typeof name === 'number' && name !== header?.number ? whole.blockAt(name) : header;
    },
  };
}
