import type { GpuDemand } from '../gpu-demand.ts';

/**
 * What is wanted of equals.
 * - `Cheapest`: where an hour of a V100 equivalent costs least.
 * - `Spread`: evenly over the clusters, so that losing one costs least; the cheapest among equals.
 * - `Pack`: in as few clusters as possible; the cheapest among equals.
 */
export type PlacementPolicy = 'Cheapest' | 'Spread' | 'Pack';

/** Which clusters a pool may use. */
export interface ClusterSelector {
  /** Labels that the ComputeCluster must carry; empty for any. */
  readonly matchLabels: Readonly<Record<string, string>>;
  /** Names of ComputeClusters; empty for any. */
  readonly names: readonly string[];
}

/** When a running replica is worth moving. Moving costs a restart, so a saving must be large, and moves must be few. */
export interface Hysteresis {
  /** Least saving per V100e-hour, in percent of what is paid now. A move that saves nothing is never made. */
  readonly minSavingPercent: number;
  /** So long a replica runs before it may move. */
  readonly minRunSeconds: number;
  /** Replicas of the pool that may move within any hour; 0 for never. */
  readonly maxMovesPerHour: number;
  /** When replicas of the pool were moved, in milliseconds since 1970, one entry a replica; older than an hour may be left out. */
  readonly recentMoves: readonly number[];
}

/**
 * What one pool wants: its GPUs (models in order of preference: an earlier model wins over a later one, whatever they cost) and
 * how clusters are chosen.
 */
export interface PlacementRequest extends GpuDemand {
  readonly replicas: number;
  readonly clusterSelector: ClusterSelector;
  /** Micro-USD. With a cap, GPUs without a price are refused. Absent: no cap. */
  readonly maxMicroUsdPerGpuHour?: number;
  readonly policy: PlacementPolicy;
  /**
   * All replicas on one model in one cluster, or none. No resource asks for it yet: MinerPools never do, TrainingJobs will. Until then
   * only tests and the bench get here.
   */
  readonly gang: boolean;
  readonly hysteresis: Hysteresis;
}

/** A GPU model of a cluster: as exact as a placement is. Which node it becomes is for kube-scheduler to say. */
export interface Place {
  readonly cluster: string;
  /** As the offer lists it: `h100-sxm5-80gb`. */
  readonly model: string;
}

/** Where a replica is. Its GPUs are not among the free ones of the offers. */
export interface Standing extends Place {
  readonly ordinal: number;
  /** Since when, in milliseconds since 1970. */
  readonly since: number;
}
