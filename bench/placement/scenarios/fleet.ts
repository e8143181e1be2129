import { nodeKinds } from './kinds.ts';
import { pool } from './pool.ts';
import type { PlacementScenario } from './scenario.ts';

/** So many replicas. */
const replicasOf = {
  hopperPairs: 100,
  amd: 150,
  a100: 1000,
  memory: 1500,
  spread: 592,
  capped: 2500,
  any: 4150,
};

/**
 * The fleet of the product's goal: 1000 nodes, 20 clusters, 10 000 replicas, three days of prices.
 * @param share of the replicas that are wanted, in (0, 1]; the gang is always whole
 * @param scale of nodes, clusters, replicas and hours, in (0, 1]
 */
export function fleet({
  share = 1,
  scale = 1,
}: { readonly share?: number; readonly scale?: number } = {}): PlacementScenario {
  const some = (replicas: number): number => Math.ceil(share * scale * replicas);
  return {
    seed: 20_261_124,
    fleet: {
      clusters: atLeast(4, 20 * scale),
      nodes: atLeast(24, 1000 * scale),
      kindsPerCluster: 5,
      largestReserve: 0.1,
      kinds: nodeKinds,
    },
    prices: {
      // The price of the research: $0.40 per V100e-hour is $3.17 for an H100.
      usdPerV100eHour: 0.4,
      spread: 0.25,
      hourly: 0.03,
      reversion: 0.05,
      jumps: { probability: 0.01, size: 0.4 },
    },
    hours: atLeast(6, 72 * scale),
    startMinutes: 5,
    pools: [
      pool('gang', 8, { models: ['h100-sxm5-80gb'], countPerReplica: 8, gang: true }),
      pool('pairs', some(replicasOf.hopperPairs), {
        models: ['h200-sxm-141gb', 'h100-sxm5-80gb'],
        countPerReplica: 2,
      }),
      pool('amd', some(replicasOf.amd), { vendor: 'AMD' }),
      pool('a100', some(replicasOf.a100), { models: ['a100-sxm4-80gb'] }),
      pool('memory', some(replicasOf.memory), { minMemoryMiB: 40_960 }),
      pool('spread', some(replicasOf.spread), { policy: 'Spread', minMemoryMiB: 24_000 }),
      pool('capped', some(replicasOf.capped), { usdCap: 1 }),
      pool('any', some(replicasOf.any)),
    ],
  };
}

/** A whole number that still makes a scenario. */
function atLeast(least: number, count: number): number {
  return Math.max(least, Math.round(count));
}
