import { type Objection, firstObjection } from './objection.ts';
import type { ClusterOffer } from './offer.ts';
import type { ClusterSelector, PlacementRequest } from './request.ts';

/** One question to a cluster, whatever its GPUs. The answer is a reason; undefined: no objection. */
type ClusterFilter = (offer: ClusterOffer, request: PlacementRequest) => string | undefined;

/** What a user wants to know first comes first: a cluster that was not meant is not worth another word. */
const clusterFilters: readonly ClusterFilter[] = [selected, reachable, openToGuests, takesPods];

/** Why no replica of the pool may be in the cluster. */
export function objectionToCluster(offer: ClusterOffer, request: PlacementRequest): Objection | undefined {
  return firstObjection(clusterFilters, (filter) => filter(offer, request));
}

/** What each of the filters means for replicas that stand in the cluster, in their order. */
export const clusterCauses = ['notSelected', 'unreachable', 'closed', 'refusing'] as const;

function selected(offer: ClusterOffer, { clusterSelector }: PlacementRequest): string | undefined {
  return isSelected(offer, clusterSelector) ? undefined : 'outside the cluster selector';
}

/** Whether a pool with the selector may use the cluster. */
export function isSelected(
  { name, labels }: Pick<ClusterOffer, 'name' | 'labels'>,
  { names, matchLabels }: ClusterSelector,
): boolean {
  return (
    (names.length === 0 || names.includes(name)) &&
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value)
  );
}

function reachable(offer: ClusterOffer): string | undefined {
  return offer.reachable ? undefined : 'unreachable';
}

function openToGuests({ closed }: ClusterOffer): string | undefined {
  return closed;
}

function takesPods({ refusal }: ClusterOffer): string | undefined {
  return refusal === undefined || refusal.isOver ? undefined : `refuses pods: ${refusal.reason}`;
}
