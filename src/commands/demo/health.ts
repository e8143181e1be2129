import { Pods } from '../../api/builtin.ts';
import { type ComputeCluster, ComputeClusters } from '../../api/compute-cluster.ts';
import { findCondition } from '../../api/conditions.ts';
import { labels } from '../../api/group.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { type MinerPool, MinerPools } from '../../api/miner-pool.ts';
import { type Clock, sleep } from '../../time/clock.ts';
import { type Looked, type StakeHealth, readStakeHealth } from './stake-health.ts';

/** How the demo's cluster fares. */
export interface Health {
  /** Every pool and every cluster is Ready, there is at least one of each, the cheapest places are taken first, and the stake is as it should be. */
  readonly healthy: boolean;
  readonly pools: number;
  readonly readyPools: number;
  /** Pools and clusters that are not Ready, each with the reason that its status gives. */
  readonly notReady: readonly string[];
  readonly pods: number;
  readonly runningPods: number;
  readonly clusters: number;
  /** Replicas of the pools that are placed over clusters, by cluster. */
  readonly placed: Readonly<Record<string, number>>;
  /** Whether no replica is at a place that costs more per V100-equivalent hour than one with room. */
  readonly cheapestFirst: boolean;
  /** Of all clusters. */
  readonly gpus: number;
  readonly petaflops: string;
  readonly stake: StakeHealth;
}

/** How long to look, and who wants to hear of it. */
export interface Patience {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Called at each look at which every pool is Ready: the stake's epochs take longer. */
  readonly onPoolsReady: () => void;
}

const LOOK_EVERY_MS = 500;

/** Looks at cluster and chain until all is well, `timeoutMs` have passed or `signal` is aborted; the last look either way. */
export async function waitUntilHealthy(looked: Looked, patience: Patience): Promise<Health> {
  const { clock, timeoutMs, signal, onPoolsReady } = patience;
  const deadline = clock.monotonic() + timeoutMs;
  for (;;) {
    const health = await readHealth(looked);
    if (health.pools > 0 && health.readyPools === health.pools) {
      onPoolsReady();
    }
    if (health.healthy || signal.aborted || clock.monotonic() >= deadline) {
      return health;
    }
    await sleep(clock, LOOK_EVERY_MS, signal);
  }
}

async function readHealth(looked: Looked): Promise<Health> {
  const { client } = looked;
  const [pools, clusters, pods, stake] = await Promise.all([
    client.list(MinerPools),
    client.list(ComputeClusters),
    client.list(Pods, { labelSelector: labels.pool }),
    readStakeHealth(looked),
  ]);
  const unreadyPools = notReady('pool', pools.items);
  const unreadyClusters = notReady('cluster', clusters.items);
  const places = pools.items.flatMap(({ status }) => status?.placement?.places ?? []);
  const cheapestFirst = isCheapestFirst(places, clusters.items);
  return {
    healthy:
      pools.items.length > 0 &&
      clusters.items.length > 0 &&
      unreadyPools.length === 0 &&
      unreadyClusters.length === 0 &&
      cheapestFirst &&
      stake.healthy,
    pools: pools.items.length,
    readyPools: pools.items.length - unreadyPools.length,
    notReady: [...unreadyPools, ...unreadyClusters],
    pods: pods.items.length,
    runningPods: pods.items.filter(({ status }) => status?.phase === 'Running').length,
    clusters: clusters.items.length,
    placed: countPlaced(places),
    cheapestFirst,
    gpus: sum(clusters.items.map(({ status }) => status?.totals.allocatable ?? 0)),
    petaflops: sum(clusters.items.map(({ status }) => Number(status?.totals.petaflops ?? 0))).toFixed(3),
    stake,
  };
}

/** Those of which the status does not say, of the spec as it is now, that they are Ready; and why. */
export function notReady(what: string, objects: readonly Immutable<MinerPool | ComputeCluster>[]): string[] {
  return objects.flatMap(({ metadata, status }) => {
    const ready = findCondition(status?.conditions, 'Ready');
    const name = `${what} ${metadata.name}`;
    if (ready === undefined || status?.observedGeneration !== metadata.generation) {
      return [`${name} has no status of its spec as it is now`];
    }
    return ready.status === 'True' ? [] : [`${name} is not ready: ${ready.reason}: ${ready.message}`];
  });
}

type Places = NonNullable<NonNullable<MinerPool['status']>['placement']>['places'];

function countPlaced(places: Places): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { cluster, replicas } of places) {
    counts[cluster] = (counts[cluster] ?? 0) + replicas;
  }
  return counts;
}

/** By the prices and the free GPUs that the clusters' status shows. */
function isCheapestFirst(places: Places, clusters: readonly ComputeCluster[]): boolean {
  const lines = clusters.flatMap(({ metadata, status }) =>
    (status?.gpus ?? []).map(({ model, vendor, freeForGuests, price }) => ({
      key: `${metadata.name}/${model}`,
      isWanted: vendor === 'NVIDIA',
      free: freeForGuests,
      price: Number(price?.perV100EquivalentHour ?? Infinity),
    })),
  );
  const prices = new Map(lines.map(({ key, price }) => [key, price]));
  const paid = places.map(({ cluster, model }) => prices.get(`${cluster}/${model}`) ?? Infinity);
  const cheapestFree = Math.min(
    ...lines.filter(({ free, isWanted }) => free > 0 && isWanted).map(({ price }) => price),
  );
  return paid.every((price) => price <= cheapestFree);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
