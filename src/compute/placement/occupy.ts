import type { ClusterOffer, OfferLine } from './offer.ts';
import { placeKey } from './question.ts';
import type { Place } from './request.ts';

/**
 * The offers once replicas have their places: for replicas that are placed but not seen among the pods that hold GPUs yet, and for
 * what the next pool may have. Which nodes they get is for kube-scheduler to say; here it is the fullest that hold them, which
 * leaves whole nodes to large replicas.
 * @param places one a replica; of models that an offer does not know, too: they leave less to guests
 */
export function occupied(
  offers: readonly ClusterOffer[],
  places: readonly Place[],
  countPerReplica: number,
): readonly ClusterOffer[] {
  const atPlace = new Map<string, number>();
  const inCluster = new Map<string, number>();
  for (const { cluster, model } of places) {
    const key = placeKey({ cluster, model });
    atPlace.set(key, (atPlace.get(key) ?? 0) + 1);
    inCluster.set(cluster, (inCluster.get(cluster) ?? 0) + 1);
  }
  return offers.map((offer) => ({
    ...offer,
    freeForGuests: offer.freeForGuests - (inCluster.get(offer.name) ?? 0) * countPerReplica,
    lines: offer.lines.map((line) => {
      const replicas = atPlace.get(placeKey({ cluster: offer.name, model: line.model }));
      return replicas === undefined
        ? line
        : {
            ...line,
            freeByNode: freeAfter(line, replicas, countPerReplica),
            freeForGuests: line.freeForGuests - replicas * countPerReplica,
          };
    }),
  }));
}

function freeAfter({ freeByNode }: OfferLine, replicas: number, countPerReplica: number): readonly number[] {
  let left = replicas;
  const fullestFirst = [...freeByNode].sort((a, b) => a - b);
  return fullestFirst.map((free) => {
    const here = Math.min(left, Math.max(0, Math.floor(free / countPerReplica)));
    left -= here;
    return free - here * countPerReplica;
  });
}
