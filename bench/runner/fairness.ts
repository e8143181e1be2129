import { MinerPools } from '../../src/api/miner-pool.ts';
import { sleep, systemClock } from '../../src/time/clock.ts';
import { poolManifest } from '../generator/owners.ts';
import type { FairnessScenario } from '../scenarios/scenario.ts';
import { median } from '../statistics.ts';
import { type AuditEntry, entriesByName, microseconds, readAudit } from '../world/audit.ts';
import { clearNamespace, makeNamespace } from '../world/namespaces.ts';
import { watchPods } from '../world/pod-watch.ts';
import { SMALL_POOLS_NAMESPACE, type World } from '../world/world.ts';
import { type Reading, single } from './reading.ts';

const LARGE_NAMESPACE = 'bench-fairness';
/** Small pools come when so much of the large one is there: it is in full swing then. */
const BEGIN_AT = 0.05;
const TIMEOUT_MS = 120_000;

/** Fills a large pool, creates small ones meanwhile, and looks up in the audit log when they had their pods. */
export async function fairness(scenario: FairnessScenario, world: World): Promise<Reading[]> {
  const { largeReplicas, smallPools, everyMs } = scenario;
  const { client, transport, log } = world;
  await makeNamespace(client, LARGE_NAMESPACE);
  await makeNamespace(client, SMALL_POOLS_NAMESPACE);
  const largePods = await watchPods(transport, LARGE_NAMESPACE, log);
  const smallPods = await watchPods(transport, SMALL_POOLS_NAMESPACE, log);
  try {
    await client.create(
      MinerPools,
      poolManifest({ namespace: LARGE_NAMESPACE, name: 'large', replicas: largeReplicas }),
    );
    const begin = Math.ceil(largeReplicas * BEGIN_AT);
    await largePods.until(({ createdAt }) => createdAt.size >= begin, 'the large pool', TIMEOUT_MS);
    const from = { at: systemClock.monotonic(), pods: largePods.createdAt.size };
    const names = Array.from({ length: smallPools }, (_, index) => `small${index}`);
    for (const name of names) {
      await client.create(MinerPools, poolManifest({ namespace: SMALL_POOLS_NAMESPACE, name, replicas: 1 }));
      await sleep(systemClock, everyMs);
    }
    await smallPods.until(({ createdAt }) => createdAt.size >= smallPools, 'the small pools', TIMEOUT_MS);
    const seconds = (systemClock.monotonic() - from.at) / 1000;
    const made = largePods.createdAt.size;
    const waits = podWaits(await readAudit(world.auditFile), names);
    return [
      { id: 'smallPoolWorst', value: Math.max(...waits), samples: waits },
      { id: 'smallPoolMedian', value: median(waits), samples: waits },
      single('largeRate', made < largeReplicas ? (made - from.pods) / seconds : NaN),
    ];
  } finally {
    await Promise.all([largePods.stop(), smallPods.stop()]);
    await clearNamespace(world, SMALL_POOLS_NAMESPACE, MinerPools);
    await clearNamespace(world, LARGE_NAMESPACE, MinerPools);
  }
}

/** For each pool, the milliseconds from the answer to its POST until its first pod was stored. NaN where the log lacks one. */
export function podWaits(entries: readonly AuditEntry[], pools: readonly string[]): number[] {
  const said = entriesByName(entries, 'create', 'minerpools');
  const made = entriesByName(entries, 'create', 'pods');
  return pools.map((pool) => {
    const [poolEntry, podEntry] = [said.get(pool), made.get(`${pool}-0`)];
    return poolEntry === undefined || podEntry === undefined
      ? NaN
      : (microseconds(podEntry.stageTimestamp) - microseconds(poolEntry.stageTimestamp)) / 1000;
  });
}
