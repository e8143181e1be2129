import type { ChainReader, ContractCall } from '../rpc/chain-reader.ts';
import { RpcError, nodeErrorKind } from '../rpc/rpc-error.ts';
import { decodeAggregate3, encodeAggregate3 } from './aggregate3.ts';
import type { CallResult } from './aggregate3.ts';

/** Where Multicall3 is on nearly every chain (github.com/mds1/multicall3). `startLocalChain` puts a small one of our own there. */
export const MULTICALL3_ADDRESS = '0xcA11bde05977b3631167028862bE2a173976CA11';

/** Calls in one `eth_call`. More than some hundred of them meet limits of gas and of time at providers. */
const CHUNK = 500;

// The first four bytes of keccak256('getBlockNumber()').
const GET_BLOCK_NUMBER = '0x42cbb15c';

export interface Multicall {
  /** In the order of the calls. */
  readonly results: CallResult[];
  /** The block in which the calls ran, as the chain itself says: on Arbitrum that is one of L1. */
  readonly blockNumber: bigint;
}

export interface MulticallOptions {
  /** @default MULTICALL3_ADDRESS */
  readonly multicall3?: string;
  /** Calls in one `eth_call`. @default 500 */
  readonly chunk?: number;
  /** False where `block.number` of the chain is not its height (Arbitrum). @default true */
  readonly blockNumberIsHeight?: boolean;
}

/** Multicall3 is missing, or answers what it cannot: nothing was read. */
export class MulticallError extends Error {
  override readonly name = 'MulticallError';
}

/**
 * Reads many contracts at the reader's block: one `eth_call` for every 500. Each call may fail alone. Where a chunk is too much for
 * the node it is halved.
 * @throws RpcError as the reader does, MulticallError
 */
export async function multicall(
  reader: ChainReader,
  calls: readonly Pick<ContractCall, 'to' | 'data'>[],
  options: MulticallOptions = {},
): Promise<Multicall> {
  const { chunk = CHUNK, blockNumberIsHeight = true } = options;
  // At least one chunk: also no calls have a block.
  const starts = Array.from(
    { length: Math.max(1, Math.ceil(calls.length / chunk)) },
    (_, index) => index * chunk,
  );
  const parts = await Promise.all(
    starts.map((start) => aggregate(reader, calls.slice(start, start + chunk), options)),
  );
  const numbers = new Set(parts.map(({ blockNumber }) => blockNumber));
  const [blockNumber = 0n] = numbers;
  if (numbers.size > 1 || (blockNumberIsHeight && blockNumber !== BigInt(reader.block.number))) {
    throw new MulticallError(
      `endpoint '${reader.endpoint}' read block ${[...numbers].join(' and ')} where it was asked for ${reader.block.number}`,
    );
  }
  return { results: parts.flatMap(({ results }) => results), blockNumber };
}

async function aggregate(
  reader: ChainReader,
  calls: readonly Pick<ContractCall, 'to' | 'data'>[],
  options: MulticallOptions,
): Promise<Multicall> {
  try {
    return await aggregateOnce(reader, calls, options.multicall3 ?? MULTICALL3_ADDRESS);
  } catch (error) {
    if (!isTooMuch(error) || calls.length < 2) {
      throw error;
    }
    const middle = Math.ceil(calls.length / 2);
    const first = await aggregate(reader, calls.slice(0, middle), options);
    const second = await aggregate(reader, calls.slice(middle), options);
    if (first.blockNumber !== second.blockNumber) {
      throw new MulticallError(`endpoint '${reader.endpoint}' read two blocks where it was asked for one`);
    }
    return { ...first, results: [...first.results, ...second.results] };
  }
}

async function aggregateOnce(
  reader: ChainReader,
  calls: readonly Pick<ContractCall, 'to' | 'data'>[],
  to: string,
): Promise<Multicall> {
  const blockCall = { target: to, allowFailure: false, callData: GET_BLOCK_NUMBER };
  const targets = calls.map((each) => ({ target: each.to, allowFailure: true, callData: each.data }));
  const data = encodeAggregate3([blockCall, ...targets]);
  const answer = await reader.call({ to, data });
  const [block, ...results] = decoded(answer, reader.endpoint, to);
  if (block === undefined || results.length !== calls.length) {
    throw new MulticallError(
      `${to} is no Multicall3: it answered ${results.length} of ${calls.length} calls`,
    );
  }
  return { results, blockNumber: BigInt(block.data) };
}

/** @throws MulticallError */
function decoded(answer: string, endpoint: string, to: string): CallResult[] {
  if (answer === '0x') {
    throw new MulticallError(
      `there is no Multicall3 at ${to}, says endpoint '${endpoint}': deploy it there, or name its address`,
    );
  }
  try {
    return decodeAggregate3(answer);
  } catch {
    throw new MulticallError(`${to} is no Multicall3: its answer cannot be read`);
  }
}

/** More gas, time or bytes than the node spends on one call. */
function isTooMuch(error: unknown): boolean {
  const kind = nodeErrorKind(error);
  return (
    kind === 'badGasLimit' ||
    kind === 'rangeTooLarge' ||
    (error instanceof RpcError && (error.kind === 'TooLarge' || error.kind === 'Timeout'))
  );
}
