import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';

/** Every series is of one endpoint, named as in the spec, of one network. */
type EndpointLabel = 'network' | 'endpoint';

/** What is counted of JSON-RPC. `code` is `ok`, the kind of the RpcError, or the kind of the node's error. */
export interface RpcMetrics {
  readonly requests: Counter<EndpointLabel | 'method' | 'code'>;
  readonly seconds: Histogram<EndpointLabel>;
  /** 1 while the endpoint is used, 0 while it is paused, serves another chain or lags behind. */
  readonly up: Gauge<EndpointLabel>;
  readonly head: Gauge<EndpointLabel>;
}

/** Seconds. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Registers the metrics. Once per registry; all networks share them. */
export function rpcMetrics(registry: Registry): RpcMetrics {
  const registers = [registry];
  const ofEndpoint = ['network', 'endpoint'] as const;
  return {
    requests: new Counter({
      name: 'headframe_rpc_requests_total',
      help: 'JSON-RPC calls to chain endpoints, by method and by what came of them. Each call of a batch counts.',
      labelNames: [...ofEndpoint, 'method', 'code'],
      registers,
    }),
    seconds: new Histogram({
      name: 'headframe_rpc_request_duration_seconds',
      help: 'Seconds until a chain endpoint had answered a request in full, or failed. A batch is one request.',
      labelNames: ofEndpoint,
      buckets,
      registers,
    }),
    up: new Gauge({
      name: 'headframe_rpc_endpoint_up',
      help: '1 while the chain endpoint is used; 0 while it is paused, serves another chain or lags behind.',
      labelNames: ofEndpoint,
      registers,
    }),
    head: new Gauge({
      name: 'headframe_rpc_endpoint_head_block',
      help: 'Number of the latest block that the chain endpoint knows.',
      labelNames: ofEndpoint,
      registers,
    }),
  };
}

/** Methods that get a label of their own. Others come from nowhere in our code, and share one. */
const labelled = new Set([
  'eth_blockNumber',
  'eth_call',
  'eth_chainId',
  'eth_estimateGas',
  'eth_feeHistory',
  'eth_gasPrice',
  'eth_getBalance',
  'eth_getBlockByHash',
  'eth_getBlockByNumber',
  'eth_getCode',
  'eth_getLogs',
  'eth_getTransactionByHash',
  'eth_getTransactionCount',
  'eth_getTransactionReceipt',
  'eth_maxPriorityFeePerGas',
  'eth_sendRawTransaction',
]);

/** A label of a bounded set. */
function methodLabel(method: string): string {
  return labelled.has(method) ? method : 'other';
}

/** The metrics of one endpoint. */
export interface EndpointMetrics {
  countCall(method: string, code: string): void;
  observeRequest(seconds: number): void;
  setUp(up: boolean): void;
  setHead(block: number): void;
  /** Removes its series. What is still under way is counted no more. */
  end(): void;
}

/** @param metrics undefined where nobody asks for them */
export function endpointMetrics(
  metrics: RpcMetrics | undefined,
  network: string,
  endpoint: string,
): EndpointMetrics {
  const labels = { network, endpoint };
  // prom-client removes a series only by all of its labels.
  const counted = new Map<string, { method: string; code: string }>();
  let open = metrics;
  return {
    countCall(method, code) {
      const of = { method: methodLabel(method), code };
      counted.set(`${of.method} ${code}`, of);
      open?.requests.inc({ ...labels, ...of });
    },
    observeRequest: (seconds) => open?.seconds.observe(labels, seconds),
    setUp: (up) => open?.up.set(labels, up ? 1 : 0),
    setHead: (block) => open?.head.set(labels, block),
    end() {
      open = undefined;
      counted.forEach((of) => metrics?.requests.remove({ ...labels, ...of }));
      metrics?.seconds.remove(labels);
      metrics?.up.remove(labels);
      metrics?.head.remove(labels);
    },
  };
}
