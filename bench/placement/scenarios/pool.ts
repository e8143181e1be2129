import type { PlacementRequest } from '../../../src/compute/placement/request.ts';
import type { SimulatedPool } from './scenario.ts';

/** Cheapest, any NVIDIA GPU, no cap; a twentieth of the replicas may move in an hour, for a tenth less, after two hours. */
export function pool(
  name: string,
  replicas: number,
  { usdCap, ...more }: Partial<PlacementRequest> & { usdCap?: number } = {},
): SimulatedPool {
  return {
    name,
    request: {
      replicas,
      vendor: 'NVIDIA',
      countPerReplica: 1,
      models: [],
      minMemoryMiB: 0,
      clusterSelector: { matchLabels: {}, names: [] },
      policy: 'Cheapest',
      gang: false,
      hysteresis: {
        minSavingPercent: 10,
        minRunSeconds: 7200,
        maxMovesPerHour: Math.ceil(replicas / 20),
        recentMoves: [],
      },
      ...(usdCap !== undefined && { maxMicroUsdPerGpuHour: usdCap * 1_000_000 }),
      ...more,
    },
  };
}
