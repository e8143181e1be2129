import { admit } from '../../compute/placement/admit.ts';
import type { ClusterOffer } from '../../compute/placement/offer.ts';
import { placeKey } from '../../compute/placement/question.ts';
import type { Place } from '../../compute/placement/request.ts';
import type { Seat } from './seats.ts';

/** How long a pod without a node may wait where others have taken the GPUs: caches of pods and of nodes do not move together. */
export const NO_ROOM_MS = 3000;

/** How long a pod may wait for a node where there seem to be GPUs: something else is in the way there. */
export const NO_NODE_MS = 30_000;

/**
 * Replicas whose pods find no node where they were placed, so that they may go elsewhere: pods of others, which nobody placed, have
 * taken the GPUs meanwhile, or the scheduler has objections that are not known here.
 * @param now milliseconds since 1970
 */
export function stuckSeats(
  seats: readonly Seat[],
  offers: readonly ClusterOffer[],
  countPerReplica: number,
  now: number,
): readonly Seat[] {
  const unbound = seats.filter(({ kind, bound }) => kind === 'live' && !bound);
  const without = new Set(admit(offers, unbound, countPerReplica).refused);
  return unbound.filter((seat) => now - seat.since >= (without.has(seat) ? NO_ROOM_MS : NO_NODE_MS));
}

/** Replicas without a pod in clusters that refuse to make one: they may go elsewhere. Those that have a pod there stay. */
export function refusedSeats(seats: readonly Seat[], offers: readonly ClusterOffer[]): readonly Seat[] {
  const refusing = new Set(offers.filter(({ refusal }) => refusal?.isOver === false).map(({ name }) => name));
  return seats.filter(({ kind, cluster, hasPod }) => kind === 'waiting' && !hasPod && refusing.has(cluster));
}

/** The offers with nothing free at the places: nobody else should be sent where some are stuck. */
export function withoutPlaces(
  offers: readonly ClusterOffer[],
  places: readonly Place[],
): readonly ClusterOffer[] {
  if (places.length === 0) {
    return offers;
  }
  const keys = new Set(places.map(placeKey));
  return offers.map((offer) => ({
    ...offer,
    lines: offer.lines.map((line) =>
      keys.has(placeKey({ cluster: offer.name, model: line.model })) ? { ...line, freeByNode: [] } : line,
    ),
  }));
}
