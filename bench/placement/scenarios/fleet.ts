import { nodeKinds } from './kinds.ts';
import { pool } from './pool.ts';
import type { PlacementScenario } from './scenario.ts';

/** So many replicas; of the pools, those with the least choice are placed first. */
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
 */
export function fleet(share = 1): PlacementScenario {
  const some = (replicas: number): number => Math.round(share * replicas);
  return {
    seed: 20_261_124,
    fleet: { clusters: 20, nodes: 1000, kindsPerCluster: 5, largestReserve: 0.1, kinds: nodeKinds },
    prices: {
      // The price of the research: $0.40 per V100e-hour is $3.17 for an H100.
      usdPerV100eHour: 0.4,
      spread: 0.25,
      hourly: 0.03,
      reversion: 0.05,
      jumps: { probability: 0.01, size: 0.4 },
    },
    hours: 72,
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
