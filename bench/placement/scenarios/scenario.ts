import type { PlacementRequest } from '../../../src/compute/placement/request.ts';

/** GPUs of one kind, as nodes have them. */
export interface NodeKind {
  /** Value of the vendor's product label. */
  readonly product: string;
  readonly vendor: 'NVIDIA' | 'AMD';
  /** GPUs (or time slices) of one node. */
  readonly gpusPerNode: number;
  /** Time slices of one GPU. @default 1 */
  readonly slices?: number;
  /** How much of the fleet is of this kind, relative to the others. */
  readonly weight: number;
}

/** A pool of the simulation: moves are counted by the runner. */
export interface SimulatedPool {
  readonly name: string;
  readonly request: PlacementRequest;
}

/** What the generator makes a fleet from. */
export interface FleetShape {
  readonly clusters: number;
  readonly nodes: number;
  /** GPU models of one cluster, at most. */
  readonly kindsPerCluster: number;
  /** Share of a cluster's GPUs that is kept for its owner, at most. */
  readonly largestReserve: number;
  readonly kinds: readonly NodeKind[];
}

/** How prices change, from hour to hour. All shares are of the price. */
export interface PriceShape {
  /** Of a V100e-hour, on average over clusters and models, in USD. */
  readonly usdPerV100eHour: number;
  /** How far the usual prices of two clusters or models lie apart: standard deviation of the logarithm. */
  readonly spread: number;
  /** Standard deviation of an hour's change. */
  readonly hourly: number;
  /** How much of the distance to its usual level a price makes good in an hour. */
  readonly reversion: number;
  /** Probability that a price jumps within an hour, and how far. */
  readonly jumps: { readonly probability: number; readonly size: number };
}

/** Pools on a fleet while prices change. */
export interface PlacementScenario {
  readonly seed: number;
  readonly fleet: FleetShape;
  readonly prices: PriceShape;
  readonly hours: number;
  /** After it has come to a place, a replica costs but delivers nothing for so long: image, model, warm-up. */
  readonly startMinutes: number;
  readonly pools: readonly SimulatedPool[];
}
