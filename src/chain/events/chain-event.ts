import { HexError, address, bytes, smallQuantity } from '../rpc/hex.ts';

/** A log of a contract, in one certain block. */
export interface ChainEvent {
  readonly address: string;
  /** In hex, in lower case. */
  readonly topics: readonly string[];
  readonly data: string;
  readonly blockNumber: number;
  readonly blockHash: string;
  readonly transactionHash: string;
  readonly logIndex: number;
}

/** The same event of the same block. After a reorg the same transaction makes another event, in another block. */
export function eventKey({ blockHash, logIndex }: Pick<ChainEvent, 'blockHash' | 'logIndex'>): string {
  return `${blockHash}:${logIndex}`;
}

/** @param value what eth_getLogs answered @throws HexError */
export function chainEvents(value: unknown): ChainEvent[] {
  if (!Array.isArray(value)) {
    throw new HexError('the logs are not a list');
  }
  // A log that is marked as removed belongs to a block that is no more.
  return (value as unknown[]).filter((each) => !isRemoved(each)).map(chainEvent);
}

function isRemoved(log: unknown): boolean {
  return typeof log === 'object' && log !== null && (log as { removed?: unknown }).removed === true;
}

function chainEvent(log: unknown): ChainEvent {
  if (typeof log !== 'object' || log === null) {
    throw new HexError('a log is not an object');
  }
  const fields = log as Record<string, unknown>;
  const topics = Array.isArray(fields['topics']) ? (fields['topics'] as unknown[]) : [];
  return {
    address: address(fields['address'], 'the address of a log'),
    topics: topics.map((topic) => bytes(topic, 'a topic', 32)),
    data: bytes(fields['data'], 'the data of a log'),
    blockNumber: smallQuantity(fields['blockNumber'], 'the block of a log'),
    blockHash: bytes(fields['blockHash'], 'the block hash of a log', 32),
    transactionHash: bytes(fields['transactionHash'], 'the transaction of a log', 32),
    logIndex: smallQuantity(fields['logIndex'], 'the index of a log'),
  };
}
