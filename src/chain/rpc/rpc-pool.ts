import type { Clock } from '../../time/clock.ts';
import { sendRaw, verdictOf } from './broadcast.ts';
import type { Broadcast } from './broadcast.ts';
import { chainReader } from './chain-reader.ts';
import type { ChainReader } from './chain-reader.ts';
import { chooseEndpoint, laggards } from './choose-endpoint.ts';
import { CIRCUIT_POLICY } from './circuit-breaker.ts';
import type { CircuitPolicy } from './circuit-breaker.ts';
import type { RpcEndpoint } from './endpoint.ts';
import { firstAndGrace } from './first-and-grace.ts';
import type { RpcMetrics } from './metrics.ts';
import { pooledEndpoint } from './pooled-endpoint.ts';
import type { PooledEndpoint } from './pooled-endpoint.ts';
import type { CallOptions } from './rpc-client.ts';
import { RpcError } from './rpc-error.ts';

export interface RpcPoolOptions {
  /** The name of the network: for metrics and errors. */
  readonly network: string;
  readonly chainId: bigint;
  /** In the order in which they are preferred; their names differ. */
  readonly endpoints: readonly RpcEndpoint[];
  readonly clock: Clock;
  readonly metrics?: RpcMetrics;
  /** Milliseconds from a call to its whole answer. @default 10_000 */
  readonly timeoutMs?: number;
  /** Bytes of an answer. @default 32 MiB */
  readonly maxBytes?: number;
  /** An endpoint that is more blocks behind the best is not read from. @default 3 */
  readonly maxHeadLagBlocks?: number;
  /** A head of this age, in milliseconds, is not asked for again: many reconciles share it. @default 1000 */
  readonly headTtlMs?: number;
  /** So many milliseconds slower endpoints are waited for, once one has answered. @default 500 */
  readonly graceMs?: number;
  /** The chain id is asked for again after this time, in milliseconds. @default 300_000 */
  readonly chainCheckMs?: number;
  /** @default CIRCUIT_POLICY */
  readonly circuit?: CircuitPolicy;
}

/** What a condition or a metric may say of an endpoint. */
export interface EndpointStatus {
  readonly name: string;
  readonly state: 'up' | 'lagging' | 'paused' | 'wrongChain' | 'unknown';
  /** The number of its latest block, as far as known. */
  readonly head: number | undefined;
  /** The chain that it serves, when it is not ours. */
  readonly wrongChainId: bigint | undefined;
  /** Of its last failure, if it is not up. */
  readonly explanation: string | undefined;
}

/** Several endpoints of one chain, any of which may be down, behind, slow, rationed or of another chain. */
export interface RpcPool {
  /**
   * Chooses the node that one reconcile reads from, at that node's latest block. Each reconcile asks for its own.
   * @throws RpcError `NoEndpoint` when none is fit, `WrongChain` when none is because all serve another chain, `Aborted`
   */
  reader(options?: CallOptions): Promise<ChainReader>;
  /**
   * Sends a signed transaction to every endpoint that is not paused; to all when all are. Never rejects: the verdict says what became of
   * it. Sending the same bytes again does no harm.
   */
  broadcast(raw: string, options?: CallOptions): Promise<Broadcast>;
  status(): EndpointStatus[];
  /** Cuts the connections and ends the metrics. */
  close(): void;
}

export function rpcPool(options: RpcPoolOptions): RpcPool {
  const { network, chainId, clock, metrics } = options;
  const { maxHeadLagBlocks = 3, headTtlMs = 1000, graceMs = 500 } = options;
  const { timeoutMs = 10_000, maxBytes = 32 * 1024 * 1024 } = options;
  const { chainCheckMs = 300_000, circuit = CIRCUIT_POLICY } = options;
  const endpoints = options.endpoints.map((endpoint) =>
    pooledEndpoint(endpoint, {
      network,
      chainId,
      clock,
      metrics,
      timeoutMs,
      maxBytes,
      chainCheckMs,
      circuit,
    }),
  );
  const fresh = (endpoint: PooledEndpoint): Promise<unknown> =>
    endpoint.headWithin(headTtlMs) === undefined ? endpoint.refresh() : Promise.resolve();

  /** Heads are compared as they were not long ago: one that is slow to answer today still says how far the chain is. */
  function candidates(ageMs: number): { name: string; head: number | undefined }[] {
    return endpoints.map((endpoint) => ({
      name: endpoint.client.endpoint,
      head: endpoint.pausedForMs() > 0 ? undefined : endpoint.headWithin(ageMs)?.number,
    }));
  }

  function statusOf(endpoint: PooledEndpoint, behind: readonly string[]): EndpointStatus {
    const { client, wrongChainId, lastError } = endpoint;
    const head = endpoint.headWithin(Infinity)?.number;
    const isBehind = behind.includes(client.endpoint);
    const state = stateOf(endpoint, isBehind);
    const explanation = isBehind
      ? `more than ${maxHeadLagBlocks} blocks behind another endpoint`
      : lastError?.message;
    return {
      name: client.endpoint,
      state,
      head,
      wrongChainId,
      explanation: state === 'up' ? undefined : explanation,
    };
  }

  function status(): EndpointStatus[] {
    const behind = laggards(candidates(Infinity), maxHeadLagBlocks);
    return endpoints.map((endpoint) => statusOf(endpoint, behind));
  }

  function showStatus(): void {
    status().forEach(({ state }, index) => endpoints[index]?.metrics.setUp(state === 'up'));
  }

  return {
    status,
    async reader({ signal } = {}) {
      const admitted = endpoints.filter((endpoint) => endpoint.pausedForMs() === 0);
      // One that hangs has been waited for by the first who met it; the others need not.
      const prompt = admitted.filter((endpoint) => endpoint.overdueMs() < graceMs);
      const asked = prompt.length > 0 ? prompt : admitted;
      await firstAndGrace(asked.map(fresh), () => true, { clock, graceMs, signal });
      showStatus();
      if (signal?.aborted === true) {
        throw new RpcError('Aborted', network, `reading from network '${network}' was given up`);
      }
      const heads = candidates(Math.max(headTtlMs, graceMs) * 2);
      const endpoint = endpoints[chooseEndpoint(heads, maxHeadLagBlocks) ?? -1];
      const block = endpoint?.headWithin(Infinity);
      if (endpoint === undefined || block === undefined) {
        throw noEndpoint(network, endpoints, status());
      }
      return chainReader(endpoint, block, signal);
    },
    async broadcast(raw, { signal } = {}) {
      const admitted = endpoints.filter((endpoint) => endpoint.pausedForMs() === 0);
      const asked = admitted.length > 0 ? admitted : endpoints;
      const sending = asked.map((endpoint) => sendRaw(endpoint, raw, signal));
      const settled = await firstAndGrace(sending, ({ error }) => error === undefined, {
        clock,
        graceMs,
        signal,
      });
      const outcomes = settled.flatMap((each) => (each?.status === 'fulfilled' ? [each.value] : []));
      return { verdict: verdictOf(outcomes), outcomes };
    },
    close() {
      for (const { client, metrics: series } of endpoints) {
        client.close();
        series.end();
      }
    },
  };
}

function stateOf(endpoint: PooledEndpoint, isBehind: boolean): EndpointStatus['state'] {
  if (endpoint.wrongChainId !== undefined) {
    return 'wrongChain';
  }
  if (endpoint.pausedForMs() > 0) {
    return 'paused';
  }
  // One that has failed since it answered has a head of infinite age.
  if (endpoint.headWithin(Number.MAX_VALUE) === undefined) {
    return 'unknown';
  }
  return isBehind ? 'lagging' : 'up';
}

function noEndpoint(
  network: string,
  endpoints: readonly PooledEndpoint[],
  statuses: readonly EndpointStatus[],
): RpcError {
  const [first] = endpoints;
  if (first?.lastError !== undefined && statuses.every(({ state }) => state === 'wrongChain')) {
    return first.lastError;
  }
  const reasons = statuses.map(
    ({ name, state, explanation }) => `${name} is ${state}: ${explanation ?? 'no answer yet'}`,
  );
  const pauses = endpoints.map((endpoint) => endpoint.pausedForMs());
  const message = `no endpoint of network '${network}' can be used now (${reasons.join('; ')})`;
  return new RpcError('NoEndpoint', network, message, {
    retryAfterMs: pauses.length > 0 ? Math.min(...pauses) : undefined,
  });
}
