import { HexError } from '../../../src/chain/rpc/hex.ts';
import { wei } from '../../../src/chain/amounts/amount.ts';
import type { ChainEvent } from '../../../src/chain/events/chain-event.ts';
import type { EventSource } from '../../../src/chain/events/event-source.ts';
import type { BlockHeader } from '../../../src/chain/rpc/block.ts';
import { RpcError } from '../../../src/chain/rpc/rpc-error.ts';

interface ModelBlock {
  readonly header: BlockHeader;
  readonly events: readonly ChainEvent[];
}

/** A chain that is mined, undone and made final as a test tells it to, and a node of it with its limits and moods. */
export interface ChainModel {
  readonly source: EventSource;
  readonly height: number;
  /** Mines a block with so many events. */
  mine(events: number): void;
  /** Undoes so many blocks, but none that is final, and mines others in their place. */
  reorg(depth: number, instead: readonly number[]): void;
  /** Makes all but so many of the latest blocks final. */
  finalise(behind: number): void;
  /** Does something after so many more questions: in the middle of a step. */
  after(questions: number, action: () => void): void;
  /** The node is behind by so many blocks from now on. */
  lag(blocks: number): void;
  /** The node refuses more blocks than this at once, with or without a hint. */
  limit(blocks: number, hint: boolean): void;
  /** The next question is not answered at all. */
  failNext(): void;
  /** Every event of the final chain, oldest first. */
  finalEvents(): ChainEvent[];
}

export function chainModel(): ChainModel {
  let made = 0;
  let finalNumber = 0;
  let behind = 0;
  let most = Infinity;
  let hints = false;
  let failing = false;
  let later: { questions: number; action: () => void }[] = [];
  const blocks: ModelBlock[] = [];

  const hash = (id: number): string => `0x${id.toString(16).padStart(64, '0')}`;
  const visible = (): number => Math.max(finalNumber, blocks.length - 1 - behind);

  function mine(events: number): void {
    const number = blocks.length;
    const id = ++made;
    const header = {
      number,
      hash: hash(id),
      parentHash: blocks.at(-1)?.header.hash ?? hash(0),
      timestamp: id,
      baseFeePerGas: wei(0n),
    };
    const event = (logIndex: number): ChainEvent => ({
      address: `0x${'11'.repeat(20)}`,
      topics: [],
      data: '0x',
      blockNumber: number,
      blockHash: header.hash,
      transactionHash: hash(logIndex),
      logIndex,
    });
    blocks.push({ header, events: Array.from({ length: events }, (_, index) => event(index)) });
  }

  /** Everything that is asked passes here: time passes, and the chain with it. */
  function asked(): void {
    for (const each of later) {
      each.questions--;
    }
    const due = later.filter(({ questions }) => questions < 0);
    later = later.filter(({ questions }) => questions >= 0);
    due.forEach(({ action }) => action());
    if (failing) {
      failing = false;
      throw new RpcError('ConnectionFailed', 'model', 'the connection failed');
    }
  }

  function eventsOf(from: number, to: number): ChainEvent[] {
    if (to - from + 1 > most) {
      const hint = hints ? `, maximum is set to ${most}` : '';
      const nodeError = { kind: 'rangeTooLarge', code: -32005, revertData: undefined } as const;
      throw new RpcError('NodeError', 'model', `too many blocks${hint}`, { nodeError });
    }
    if (from > to) {
      throw new HexError('an empty range was asked for');
    }
    return blocks
      .slice(from, Math.min(to, visible()) + 1)
      .flatMap(({ events }) => events)
      .reverse();
  }

  /** Answers after the question, as a node does: never in the same instant. */
  async function answer<T>(give: () => T): Promise<T> {
    await Promise.resolve();
    asked();
    return give();
  }

  mine(0);
  return {
    get height() {
      return blocks.length - 1;
    },
    mine,
    reorg(depth, instead) {
      const from = Math.max(finalNumber + 1, blocks.length - depth);
      blocks.splice(from);
      instead.forEach(mine);
    },
    finalise(most) {
      finalNumber = Math.max(finalNumber, blocks.length - 1 - most);
    },
    after: (questions, action) => void later.push({ questions, action }),
    lag: (count) => (behind = count),
    limit(count, hint) {
      most = count;
      hints = hint;
    },
    failNext: () => (failing = true),
    finalEvents: () => blocks.slice(0, finalNumber + 1).flatMap(({ events }) => events),
    source: {
      finalNumber: () => answer(() => finalNumber),
      blockAt: (name) =>
        answer(() => {
          const number = name === 'latest' ? visible() : Number(name);
          return number <= visible() ? blocks[number]?.header : undefined;
        }),
      events: (from, to) => answer(() => eventsOf(from, to)),
    },
  };
}
