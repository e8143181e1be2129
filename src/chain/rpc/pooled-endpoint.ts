import type { Clock } from '../../time/clock.ts';
import { blockHeader } from './block.ts';
import type { BlockHeader } from './block.ts';
import { afterFailure, afterSuccess, closedCircuit, isOnTrial, isPaused } from './circuit-breaker.ts';
import type { CircuitPolicy } from './circuit-breaker.ts';
import type { RpcEndpoint } from './endpoint.ts';
import { HexError, quantity } from './hex.ts';
import { endpointMetrics } from './metrics.ts';
import type { EndpointMetrics, RpcMetrics } from './metrics.ts';
import { rpcClient } from './rpc-client.ts';
import type { CompletedRequest, RpcClient } from './rpc-client.ts';
import { RpcError, isEndpointFault } from './rpc-error.ts';

export interface PooledEndpointOptions {
  readonly network: string;
  readonly chainId: bigint;
  readonly clock: Clock;
  readonly circuit: CircuitPolicy;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** How often the chain id is asked for again: an address may come to lead elsewhere. */
  readonly chainCheckMs: number;
  readonly metrics?: RpcMetrics | undefined;
}

/** An endpoint with what is known of its health. */
export interface PooledEndpoint {
  readonly client: RpcClient;
  readonly metrics: EndpointMetrics;
  /** Whether it is left alone for now, and for how many milliseconds more; 0 when it is not. */
  pausedForMs(): number;
  /** What it last answered, if that is not older than so many milliseconds. */
  headWithin(ageMs: number): BlockHeader | undefined;
  /** How many milliseconds it has owed an answer to {@link refresh}; 0 when it owes none. */
  overdueMs(): number;
  /** The chain that it serves, if it is not ours. */
  readonly wrongChainId: bigint | undefined;
  readonly lastError: RpcError | undefined;
  /** False once it has refused to read at a block by its hash (EIP-1898). */
  pinsByHash: boolean;
  /**
   * Asks for the head. All who ask while an answer is under way share it.
   * @throws RpcError
   */
  refresh(): Promise<BlockHeader>;
  /** Makes sure that it serves our chain, unless that was seen not long ago. @throws RpcError */
  verifyChain(): Promise<void>;
  /** Counts an answer that was no answer after all. */
  report(error: RpcError): void;
}

/** An endpoint of another chain is asked again after this time: its owner may have put it right. */
const WRONG_CHAIN_PAUSE_MS = 60_000;

export function pooledEndpoint(endpoint: RpcEndpoint, options: PooledEndpointOptions): PooledEndpoint {
  const { network, chainId, clock, timeoutMs, maxBytes } = options;
  const { name } = endpoint;
  const metrics = endpointMetrics(options.metrics, network, name);
  let circuit = closedCircuit;
  let head: { block: BlockHeader; atMs: number } | undefined;
  let verifiedAtMs: number | undefined;
  let wrongChainId: bigint | undefined;
  let lastError: RpcError | undefined;
  let refreshing: { head: Promise<BlockHeader>; sinceMs: number } | undefined;

  function report(error: RpcError): void {
    lastError = error;
    // What it said before it failed is good for the status only.
    head = head === undefined ? undefined : { ...head, atMs: -Infinity };
    circuit = afterFailure(circuit, options.circuit, clock.monotonic(), error.retryAfterMs);
    if (isPaused(circuit, clock.monotonic())) {
      // Whoever comes back may have become another.
      verifiedAtMs = undefined;
      metrics.setUp(false);
    }
  }

  function onDone({ calls, seconds }: CompletedRequest): void {
    for (const { method, error } of calls) {
      metrics.countCall(method, error === undefined ? 'ok' : (error.nodeError?.kind ?? error.kind));
    }
    metrics.observeRequest(seconds);
    const errors = calls.map(({ error }) => error).filter((error) => error !== undefined);
    const fault = errors.find(isEndpointFault);
    if (fault !== undefined) {
      report(fault);
    } else if (!errors.some(({ kind }) => kind === 'Aborted')) {
      circuit = afterSuccess();
    }
  }

  async function verifyChain(): Promise<void> {
    const now = clock.monotonic();
    if (verifiedAtMs !== undefined && now - verifiedAtMs < options.chainCheckMs && !isOnTrial(circuit)) {
      return;
    }
    const answered = quantity(await client.call('eth_chainId', []), 'the chain id');
    if (answered !== chainId) {
      wrongChainId = answered;
      verifiedAtMs = undefined;
      const message = `endpoint '${name}' serves chain ${answered}, and network '${network}' is chain ${chainId}`;
      const error = new RpcError('WrongChain', name, message, { retryAfterMs: WRONG_CHAIN_PAUSE_MS });
      report(error);
      throw error;
    }
    wrongChainId = undefined;
    verifiedAtMs = now;
  }

  async function askHead(): Promise<BlockHeader> {
    await verifyChain();
    const block = blockHeader(await client.call('eth_getBlockByNumber', ['latest', false]));
    if (block === undefined) {
      throw new HexError('there is no latest block');
    }
    head = { block, atMs: clock.monotonic() };
    metrics.setHead(block.number);
    return block;
  }

  const client = rpcClient(endpoint, { clock, timeoutMs, maxBytes, onDone });
  return {
    client,
    metrics,
    pinsByHash: true,
    pausedForMs: () => Math.max(0, circuit.pausedUntilMs - clock.monotonic()),
    headWithin: (ageMs) =>
      head !== undefined && clock.monotonic() - head.atMs <= ageMs ? head.block : undefined,
    overdueMs: () => (refreshing === undefined ? 0 : clock.monotonic() - refreshing.sinceMs),
    get wrongChainId() {
      return wrongChainId;
    },
    get lastError() {
      return lastError;
    },
    refresh() {
      refreshing ??= {
        sinceMs: clock.monotonic(),
        head: guarded(askHead, { name, report }).finally(() => {
          refreshing = undefined;
        }),
      };
      return refreshing.head;
    },
    verifyChain: () => guarded(verifyChain, { name, report }),
    report,
  };
}

/** Turns answers that cannot be into an RpcError, and counts them. */
export async function guarded<T>(
  read: () => Promise<T>,
  { name, report }: { readonly name: string; readonly report: (error: RpcError) => void },
): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof HexError)) {
      throw error;
    }
    const malformed = new RpcError(
      'Malformed',
      name,
      `endpoint '${name}' answered what cannot be: ${error.message}`,
    );
    report(malformed);
    throw malformed;
  }
}
