import { occupied } from './occupy.ts';
import { type ClusterOffer, replicasFitting, replicasSpared } from './offer.ts';
import { placeKey } from './question.ts';
import type { Place } from './request.ts';

/** What became of replicas that have a place but no GPUs there yet. */
export interface Admitted<P extends Place> {
  readonly admitted: readonly P[];
  /** Those for which the place has no room any more. */
  readonly refused: readonly P[];
  /** The offers without what the admitted ones take. */
  readonly offers: readonly ClusterOffer[];
}

/**
 * Lets replicas keep the places that were chosen for them, in their order, as far as there is room beside what owners keep. What an
 * owner keeps of one model is not looked at: it is spread anew whenever others take GPUs, and no replica should be sent elsewhere for
 * that. What is kept in all is.
 */
export function admit<P extends Place>(
  offers: readonly ClusterOffer[],
  places: readonly P[],
  countPerReplica: number,
): Admitted<P> {
  const room = new Map<string, number>();
  const spare = new Map<string, number>();
  for (const offer of offers) {
    spare.set(offer.name, replicasSpared(offer, countPerReplica));
    for (const line of offer.lines) {
      room.set(placeKey({ cluster: offer.name, model: line.model }), replicasFitting(line, countPerReplica));
    }
  }
  const admitted: P[] = [];
  const refused: P[] = [];
  for (const place of places) {
    const key = placeKey(place);
    const here = room.get(key) ?? 0;
    const inCluster = spare.get(place.cluster) ?? 0;
    if (here < 1 || inCluster < 1) {
      refused.push(place);
      continue;
    }
    room.set(key, here - 1);
    spare.set(place.cluster, inCluster - 1);
    admitted.push(place);
  }
  return { admitted, refused, offers: occupied(offers, admitted, countPerReplica) };
}
