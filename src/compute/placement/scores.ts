import type { PlacementPolicy } from './request.ts';

/** The place that a cluster would give to the next replica, in the numbers that scores look at. */
export interface Prospect {
  /** Place of the model among those wanted; 0 is wanted most. */
  readonly rank: number;
  /** Infinity without a price, or when the model's worth is not known. */
  readonly microUsdPerV100eHour: number;
  /** Infinity without a price. */
  readonly microUsdPerGpuHour: number;
  /** Replicas of the pool in the cluster. */
  readonly replicasInCluster: number;
  /** Replicas that the cluster can still take on models of the same rank. */
  readonly roomInCluster: number;
  /** Replicas that still want a place, this one included. */
  readonly remaining: number;
}

/** Less is better. */
export type Score = (prospect: Prospect) => number;

/**
 * The scores of each policy: the first in which two places differ decides. The preferred model comes first everywhere: a pool
 * that names models in an order wants the earlier one, at any price up to its cap. Without a price per V100e-hour a place comes
 * last among its equals: first the models of unknown worth, by price per GPU-hour, then what has no price at all.
 *
 * While a plan grows, places that it does not touch never get better; `fill` relies on that.
 */
export const scoresOf: Readonly<Record<PlacementPolicy, readonly Score[]>> = {
  Cheapest: [preferredModel, pricePerV100eHour, pricePerGpuHour],
  Spread: [preferredModel, fewestReplicas, pricePerV100eHour, pricePerGpuHour],
  Pack: [preferredModel, mostReplicas, mostOfTheRest, pricePerV100eHour, pricePerGpuHour],
};

/** Negative when `a` is the better place, 0 when no score tells them apart. */
export function compareByScores(scores: readonly Score[], a: Prospect, b: Prospect): number {
  for (const score of scores) {
    const [ofA, ofB] = [score(a), score(b)];
    if (ofA !== ofB) {
      return ofA < ofB ? -1 : 1;
    }
  }
  return 0;
}

export function preferredModel({ rank }: Prospect): number {
  return rank;
}

export function pricePerV100eHour({ microUsdPerV100eHour }: Prospect): number {
  return microUsdPerV100eHour;
}

/** Tells apart what costs the same per V100e-hour, or nothing known: the smaller GPU, which costs less in all. */
export function pricePerGpuHour({ microUsdPerGpuHour }: Prospect): number {
  return microUsdPerGpuHour;
}

/** Spreads: the cluster with the fewest replicas of the pool. */
export function fewestReplicas({ replicasInCluster }: Prospect): number {
  return replicasInCluster;
}

/** Packs: the cluster that holds most of the pool already. */
export function mostReplicas({ replicasInCluster }: Prospect): number {
  return -replicasInCluster;
}

/** Packs: the cluster that takes most of what is left. Clusters that take all of it are equals, and the price decides. */
export function mostOfTheRest({ roomInCluster, remaining }: Prospect): number {
  return -Math.min(roomInCluster, remaining);
}
