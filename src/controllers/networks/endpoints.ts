import { isDeepStrictEqual } from 'node:util';
import type { Immutable } from '../../api/kube-object.ts';
import type { StakingNetworkSpec } from '../../api/staking-network/spec.ts';
import type { RpcEndpoint } from '../../chain/rpc/endpoint.ts';
import type { RpcMetrics } from '../../chain/rpc/metrics.ts';
import { rpcPool } from '../../chain/rpc/rpc-pool.ts';
import type { EndpointStatus, RpcPool } from '../../chain/rpc/rpc-pool.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../time/clock.ts';
import type { SecretPace } from '../fleet/member.ts';
import { endpointAccess } from './endpoint-access.ts';
import type { EndpointLook } from './network-look.ts';
import { isProblem, entryReader } from './network-secrets.ts';
import type { SecretProblem } from './network-secrets.ts';

/** What all networks have in common. */
export interface EndpointsParts {
  /** Of the cluster in which Headframe runs. */
  readonly client: KubeClient;
  /** In which Headframe runs, and the Secrets are. */
  readonly namespace: string;
  /** How often Secrets are read. */
  readonly pace: SecretPace;
  readonly clock: Clock;
  readonly rpcMetrics?: RpcMetrics | undefined;
}

/** The endpoints of one network, with the connections to those whose URL and token are known. */
export interface Endpoints {
  /**
   * The connections; others than before when what the Secrets hold has changed. Undefined: of no endpoint is the way known.
   * @param isFailing whether the last look failed: another URL may be the remedy
   */
  open(isFailing: boolean): Promise<RpcPool | undefined>;
  /** As of now, in the order of the spec. */
  looks(): EndpointLook[];
  /** Of the first endpoint whose way is not known. */
  problem(): SecretProblem | undefined;
  close(): void;
}

/** As long as a poll, but not longer than a minute: a node that is back is not left alone for long. */
const LONGEST_PAUSE_MS = 60_000;

/** Failures in a row that pause an endpoint, as OpenZeppelin's relayer has it. */
const FAILURE_THRESHOLD = 3;

const MAX_MESSAGE = 512;

export function createEndpoints(
  network: string,
  spec: Pick<Immutable<StakingNetworkSpec>, 'chainId' | 'endpoints' | 'pollSeconds'>,
  { client, namespace, pace, clock, rpcMetrics }: EndpointsParts,
): Endpoints {
  let known: readonly RpcEndpoint[] = [];
  let problems: ReadonlyMap<string, SecretProblem> = new Map();
  let pool: RpcPool | undefined;
  let readAtMs = -Infinity;
  let closed = false;

  async function read(): Promise<void> {
    const readEntry = entryReader(client, namespace);
    const accesses = await Promise.all(spec.endpoints.map((each) => endpointAccess(each, readEntry)));
    const found: RpcEndpoint[] = [];
    const failed = new Map<string, SecretProblem>();
    for (const { name, found: way } of accesses) {
      // That a Secret cannot be read now says nothing against what it said.
      const former =
        isProblem(way) && way.isUnreadable ? known.find((each) => each.name === name) : undefined;
      const now = former ?? way;
      if (isProblem(now)) {
        failed.set(name, now);
      } else {
        found.push(now);
      }
    }
    problems = failed;
    if (!closed && !isDeepStrictEqual(found.map(fingerprint), known.map(fingerprint))) {
      // The old one first: they share the names of their metrics.
      pool?.close();
      known = found;
      pool = found.length === 0 ? undefined : connect(found);
    }
  }

  function connect(endpoints: readonly RpcEndpoint[]): RpcPool {
    const pauseMs = Math.min(spec.pollSeconds * 1000, LONGEST_PAUSE_MS);
    return rpcPool({
      network,
      chainId: BigInt(spec.chainId),
      endpoints,
      clock,
      circuit: { failureThreshold: FAILURE_THRESHOLD, pauseMs, maxPauseMs: LONGEST_PAUSE_MS },
      ...(rpcMetrics === undefined ? {} : { metrics: rpcMetrics }),
    });
  }

  return {
    async open(isFailing) {
      const isWell = !isFailing && problems.size === 0;
      if (clock.monotonic() - readAtMs >= (isWell ? pace.rereadMs : pace.retryMs)) {
        readAtMs = clock.monotonic();
        await read();
      }
      return pool;
    },
    looks() {
      const statuses = new Map(pool?.status().map((status) => [status.name, status]));
      return spec.endpoints.map(({ name }) => {
        const problem = problems.get(name);
        return problem === undefined
          ? endpointLook(name, statuses.get(name))
          : { name, state: 'Unknown', message: shortened(problem.message) };
      });
    },
    problem: () => [...problems.values()][0],
    close() {
      closed = true;
      pool?.close();
      pool = undefined;
    },
  };
}

/** Equal for two ways that lead to the same place with the same credentials. */
function fingerprint({ name, url, headers }: RpcEndpoint): unknown {
  return [name, url.href, headers];
}

const states = {
  up: 'Up',
  lagging: 'Lagging',
  paused: 'Paused',
  wrongChain: 'WrongChain',
  unknown: 'Unknown',
} as const satisfies Record<EndpointStatus['state'], EndpointLook['state']>;

function endpointLook(name: string, status: EndpointStatus | undefined): EndpointLook {
  const state = states[status?.state ?? 'unknown'];
  const message = state === 'Up' ? '' : (status?.explanation ?? 'it has not answered yet');
  return { name, state, message: shortened(message) };
}

function shortened(message: string): string {
  return message.length <= MAX_MESSAGE ? message : `${message.slice(0, MAX_MESSAGE - 1)}…`;
}
