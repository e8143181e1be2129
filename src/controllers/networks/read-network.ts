import type { AccountState, NetworkFacts, StakingProtocol } from '../../chain/protocols/protocol.ts';
import { ProtocolMismatch } from '../../chain/protocols/protocol.ts';
import { MulticallError } from '../../chain/reads/multicall.ts';
import type { ChainReader } from '../../chain/rpc/chain-reader.ts';
import { RpcError } from '../../chain/rpc/rpc-error.ts';
import type { RpcPool } from '../../chain/rpc/rpc-pool.ts';
import type { EndpointLook, LookFailure } from './network-look.ts';
import type { LookedAt } from './network-view.ts';

/** What a network and its accounts are like at one block. */
export interface NetworkReading {
  readonly block: LookedAt;
  readonly facts: NetworkFacts;
  /** By address, in lower case. */
  readonly states: ReadonlyMap<string, AccountState>;
}

export interface ReadingOptions {
  readonly pool: Pick<RpcPool, 'reader'>;
  readonly protocol: StakingProtocol;
  /** In lower case, each once. */
  readonly addresses: readonly string[];
  /** What was read last: of the same block and the same addresses nothing is read again. */
  readonly previous: NetworkReading | undefined;
  readonly signal: AbortSignal;
}

/**
 * Reads everything at one block of one node. When that node fails in the middle it is tried once more, with whichever is fit then.
 * @throws RpcError, MulticallError, ProtocolMismatch
 */
export async function readNetwork(options: ReadingOptions): Promise<NetworkReading> {
  const { pool, signal } = options;
  const reader = await pool.reader({ signal });
  try {
    return await readAt(reader, options);
  } catch (error) {
    if (!(error instanceof RpcError) || signal.aborted) {
      throw error;
    }
    return readAt(await pool.reader({ signal }), options);
  }
}

async function readAt(
  reader: ChainReader,
  { protocol, addresses, previous }: ReadingOptions,
): Promise<NetworkReading> {
  const { number, hash, timestamp } = reader.block;
  if (previous?.block.hash === hash && hasExactly(previous.states, addresses)) {
    return previous;
  }
  const facts = await protocol.readFacts(reader);
  const read = addresses.length === 0 ? [] : await protocol.readAccounts(reader, facts, addresses);
  return {
    block: { number, hash, time: timestamp * 1000 },
    facts,
    states: new Map(read.map((state) => [state.address.toLowerCase(), state])),
  };
}

function hasExactly(states: ReadonlyMap<string, unknown>, addresses: readonly string[]): boolean {
  return states.size === addresses.length && addresses.every((address) => states.has(address));
}

/** Why reading came to nothing, for whoever looks at the network. Undefined for what nobody foresaw. */
export function readingFailure(error: unknown, endpoints: readonly EndpointLook[]): LookFailure | undefined {
  if (error instanceof ProtocolMismatch) {
    return failed('Contracts', 'WrongContracts', error.message);
  }
  if (error instanceof MulticallError) {
    return failed('Contracts', 'ProtocolReadFailed', error.message);
  }
  if (!(error instanceof RpcError)) {
    return undefined;
  }
  if (error.kind === 'WrongChain') {
    return failed('Chain', 'WrongChain', `${error.message}: correct the endpoint’s URL`);
  }
  return error.kind === 'NodeError'
    ? failed('Contracts', 'ProtocolReadFailed', error.message)
    : failed('Endpoints', 'EndpointsUnreachable', unreachable(error, endpoints));
}

function unreachable({ kind, message }: RpcError, endpoints: readonly EndpointLook[]): string {
  if (kind === 'Aborted') {
    return 'no endpoint answered in time';
  }
  return kind === 'NoEndpoint' ? `no endpoint can be used: ${reasonsOf(endpoints)}` : message;
}

/** The same text as long as the same is wrong, whether an endpoint is paused for it just now or not. */
function reasonsOf(endpoints: readonly EndpointLook[]): string {
  return endpoints.map(({ name, message }) => (message === '' ? name : message)).join('; ');
}

function failed(at: LookFailure['at'], reason: LookFailure['reason'], message: string): LookFailure {
  return { kind: 'failed', at, reason, message };
}
