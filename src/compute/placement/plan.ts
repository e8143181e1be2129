import type { clusterCauses } from './cluster-filters.ts';
import type { termCauses } from './line-filters.ts';
import type { Place } from './request.ts';

/** Where a pool's replicas belong, and why. */
export interface PlacementPlan {
  /** One a placed replica, by ordinal. A replica that stands somewhere stays assigned to that place. */
  readonly assignments: readonly Assignment[];
  /** Replicas whose move to another place is worth it now; the plan keeps the GPUs for them. Once moved, they stand there. */
  readonly moves: readonly Move[];
  /** Replicas whose place would be refused today. They stay until the caller leaves them out of the standings. */
  readonly misplaced: readonly Misplaced[];
  /** Replicas that found no place. */
  readonly unplaced: number;
  readonly explanation: Explanation;
}

export interface Assignment extends Place {
  readonly ordinal: number;
}

/** A replica that should leave its place for a cheaper one. */
export interface Move {
  readonly ordinal: number;
  readonly from: Place;
  readonly to: Place;
  /** Per V100e-hour, in percent of what is paid now. */
  readonly savingPercent: number;
}

/** What is against a place, whatever room there is. `gone`: its ComputeCluster is. */
export type MisplacedCause = 'gone' | (typeof clusterCauses)[number] | (typeof termCauses)[number];

/** A replica where it could not be placed today. */
export interface Misplaced extends Assignment {
  readonly cause: MisplacedCause;
  /** As in a summary: `unreachable`. */
  readonly reason: string;
}

/** Why the plan is as it is, once the plan is done. */
export interface Explanation {
  /**
   * How many clusters could take one more replica (of a gang that found no place: the gang), and what is wrong with the others:
   * `0/3 clusters: 1 price above cap 2.50 USD, 1 unreachable, 1 has no NVIDIA-A100`.
   */
  readonly summary: string;
  /** By name. */
  readonly clusters: readonly ClusterExplanation[];
}

export interface ClusterExplanation {
  readonly cluster: string;
  /** Replicas of the pool that stand there. */
  readonly standing: number;
  /** Replicas that the plan adds; moves are not among them. */
  readonly placed: number;
  /** The most telling reason why it takes no further replica; absent when it does. */
  readonly refusal?: string;
  /** By model. */
  readonly lines: readonly LineExplanation[];
}

export interface LineExplanation {
  readonly model: string;
  readonly product: string;
  /** Replicas for which the nodes had room before the plan, whatever the line was refused for. */
  readonly fits: number;
  readonly placed: number;
  readonly microUsdPerGpuHour?: number;
  readonly microUsdPerV100eHour?: number;
  /** Why the line, taken by itself, takes no further replica; absent when it does. */
  readonly refusal?: string;
}
