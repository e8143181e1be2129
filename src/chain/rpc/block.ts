import { wei } from '../amounts/amount.ts';
import type { Wei } from '../amounts/amount.ts';
import { HexError, bytes, quantity, smallQuantity } from './hex.ts';

/** The head of a block. */
export interface BlockHeader {
  readonly number: number;
  readonly hash: string;
  readonly parentHash: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
  /** 0 on a chain without EIP-1559. */
  readonly baseFeePerGas: Wei;
}

/** @param value what eth_getBlockByNumber answered; null is no block @throws HexError */
export function blockHeader(value: unknown): BlockHeader | undefined {
  if (value === null) {
    return undefined;
  }
  if (typeof value !== 'object') {
    throw new HexError('the block is not an object');
  }
  const { number, hash, parentHash, timestamp, baseFeePerGas } = value as Record<string, unknown>;
  return {
    number: smallQuantity(number, 'the number of the block'),
    hash: bytes(hash, 'the hash of the block', 32),
    parentHash: bytes(parentHash, 'the parent hash of the block', 32),
    timestamp: smallQuantity(timestamp, 'the time of the block'),
    baseFeePerGas: wei(
      baseFeePerGas === undefined || baseFeePerGas === null
        ? 0n
        : quantity(baseFeePerGas, 'the base fee of the block'),
    ),
  };
}
