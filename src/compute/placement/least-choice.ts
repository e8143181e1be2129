import { type ClusterOffer, spareGpus } from './offer.ts';
import { compareNumbers } from './order.ts';
import { questionOf } from './question.ts';
import type { PlacementRequest } from './request.ts';
import { roomsOf } from './room.ts';
import { suitableLines } from './suitable-lines.ts';

/**
 * The order in which pools that wait for a place are best placed one after the other: the one that can use the fewest GPUs first,
 * or a pool that any GPU would do for takes them. Pools with as much choice keep their order.
 */
export function leastChoiceFirst<T extends { readonly request: PlacementRequest }>(
  pools: readonly T[],
  offers: readonly ClusterOffer[],
): readonly T[] {
  return pools
    .map((pool) => ({ pool, gpus: usableGpus(pool.request, offers) }))
    .sort((a, b) => compareNumbers(a.gpus, b.gpus))
    .map(({ pool }) => pool);
}

/** Free GPUs on which replicas of the pool could run. */
function usableGpus(request: PlacementRequest, offers: readonly ClusterOffer[]): number {
  const { countPerReplica, replicas } = request;
  const rooms = roomsOf(offers, [], countPerReplica);
  const byCluster = new Map<ClusterOffer, number>();
  for (const { cluster, room } of suitableLines(rooms, questionOf(request, [], replicas))) {
    byCluster.set(cluster.offer, (byCluster.get(cluster.offer) ?? 0) + room.fits * countPerReplica);
  }
  return [...byCluster].reduce((sum, [offer, gpus]) => sum + Math.min(gpus, spareGpus(offer)), 0);
}
