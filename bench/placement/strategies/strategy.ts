import type { ClusterOffer } from '../../../src/compute/placement/offer.ts';
import type { PlacementPlan } from '../../../src/compute/placement/plan.ts';
import type { PlacementRequest, Standing } from '../../../src/compute/placement/request.ts';

/** A way to choose places. Whoever it is, what it may choose from passed the same filters. */
export interface Strategy {
  readonly name: string;
  place(
    request: PlacementRequest,
    offers: readonly ClusterOffer[],
    standings: readonly Standing[],
    now: number,
  ): Pick<PlacementPlan, 'assignments' | 'moves'>;
}
