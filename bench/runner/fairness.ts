import { MinerPools } from '../../src/api/miner-pool.ts';
import { sleep, systemClock } from '../../src/time/clock.ts';
import { poolManifest } from '../generator/owners.ts';
import type { FairnessScenario } from '../scenarios/scenario.ts';
import { median } from '../statistics.ts';
import { clearNamespace, makeNamespace } from '../world/namespaces.ts';
import { watchPods } from '../world/pod-watch.ts';
import type { World } from '../world/world.ts';
import { type Reading, single } from './reading.ts';

const NAMESPACE = 'bench-fairness';
const LARGE = 'large';
/** Small pools come when so much of the large one is there: it is in full swing then. */
const BEGIN_AT = 0.05;
const TIMEOUT_MS = 120_000;

/** Fills a large pool and creates small ones meanwhile. */
export async function fairness(scenario: FairnessScenario, world: World): Promise<Reading[]> {
  const { largeReplicas, smallPools, everyMs } = scenario;
  const { client, transport, log } = world;
  await makeNamespace(client, NAMESPACE);
  const watch = await watchPods(transport, NAMESPACE, log);
  try {
    const large = { namespace: NAMESPACE, name: LARGE, replicas: largeReplicas };
    await client.create(MinerPools, poolManifest(large));
    const begin = Math.ceil(largeReplicas * BEGIN_AT);
    await watch.until(({ createdAt }) => createdAt.size >= begin, 'the large pool', TIMEOUT_MS);
    const from = { at: systemClock.monotonic(), pods: watch.createdAt.size };
    const answered = new Map<string, number>();
    for (let index = 0; index < smallPools; index++) {
      const name = `small${index}`;
      await client.create(MinerPools, poolManifest({ namespace: NAMESPACE, name, replicas: 1 }));
      answered.set(`${name}-0`, systemClock.monotonic());
      await sleep(systemClock, everyMs);
    }
    const pods = [...answered.keys()];
    await watch.until(
      ({ createdAt }) => pods.every((pod) => createdAt.has(pod)),
      'the small pools',
      TIMEOUT_MS,
    );
    const seconds = (systemClock.monotonic() - from.at) / 1000;
    const busy = watch.createdAt.size < largeReplicas + smallPools;
    const waits = pods.map((pod) => (watch.createdAt.get(pod) ?? NaN) - (answered.get(pod) ?? NaN));
    return [
      { id: 'smallPoolWorst', value: Math.max(...waits), samples: waits },
      { id: 'smallPoolMedian', value: median(waits), samples: waits },
      single('largeRate', busy ? (watch.createdAt.size - from.pods) / seconds : NaN),
    ];
  } finally {
    await watch.stop();
    await clearNamespace(world, NAMESPACE, MinerPools);
  }
}
