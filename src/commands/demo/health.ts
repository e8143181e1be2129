import { Pods } from '../../api/builtin.ts';
import { ComputeClusters } from '../../api/compute-cluster.ts';
import { isTrue } from '../../api/conditions.ts';
import { labels } from '../../api/group.ts';
import { MinerPools } from '../../api/miner-pool.ts';
import type { KubeClient } from '../../kube/client.ts';
import { type Clock, sleep } from '../../time/clock.ts';

/** How the demo's cluster fares. */
export interface Health {
  /** Every pool and every cluster is Ready, and there is at least one of each. */
  readonly healthy: boolean;
  readonly pools: number;
  readonly readyPools: number;
  readonly pods: number;
  readonly runningPods: number;
  readonly gpus: number;
  readonly petaflops: string;
}

const LOOK_EVERY_MS = 500;

/** Looks at the cluster until all is well, `timeoutMs` have passed or `signal` is aborted; the last look either way. */
export async function waitUntilHealthy(
  client: KubeClient,
  { clock, timeoutMs, signal }: { clock: Clock; timeoutMs: number; signal: AbortSignal },
): Promise<Health> {
  const deadline = clock.monotonic() + timeoutMs;
  for (;;) {
    const health = await readHealth(client);
    if (health.healthy || signal.aborted || clock.monotonic() >= deadline) {
      return health;
    }
    await sleep(clock, LOOK_EVERY_MS, signal);
  }
}

async function readHealth(client: KubeClient): Promise<Health> {
  const [pools, clusters, pods] = await Promise.all([
    client.list(MinerPools),
    client.list(ComputeClusters),
    client.list(Pods, { labelSelector: labels.pool }),
  ]);
  const readyPools = pools.items.filter(
    ({ metadata, status }) =>
      status?.observedGeneration === metadata.generation && isTrue(status?.conditions, 'Ready'),
  ).length;
  const readyClusters = clusters.items.filter(({ status }) => isTrue(status?.conditions, 'Ready')).length;
  const totals = clusters.items[0]?.status?.totals;
  return {
    healthy:
      readyPools > 0 &&
      readyClusters > 0 &&
      readyPools === pools.items.length &&
      readyClusters === clusters.items.length,
    pools: pools.items.length,
    readyPools,
    pods: pods.items.length,
    runningPods: pods.items.filter(({ status }) => status?.phase === 'Running').length,
    gpus: totals?.allocatable ?? 0,
    petaflops: totals?.petaflops ?? '0',
  };
}
