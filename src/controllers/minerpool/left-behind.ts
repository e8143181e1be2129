import type { Place } from '../../compute/placement/request.ts';
import type { PlaceRecord } from './places.ts';
import type { ClusterState } from './placing.ts';

/**
 * Ordinals that may run in clusters that cannot be asked although they belong elsewhere, or nowhere, by now. Once a cluster answers,
 * its pods say for themselves; one without a ComputeCluster is nobody's any more.
 */
export function leftBehindNow(
  recorded: PlaceRecord,
  places: ReadonlyMap<number, Place>,
  clusters: ReadonlyMap<string, ClusterState>,
): ReadonlyMap<string, ReadonlySet<number>> {
  const left = new Map<string, Set<number>>();
  const leave = (cluster: string, ordinal: number): void => {
    const state = clusters.get(cluster);
    if (state === undefined || state.kind === 'reachable' || places.get(ordinal)?.cluster === cluster) {
      return;
    }
    left.set(cluster, (left.get(cluster) ?? new Set()).add(ordinal));
  };
  for (const [cluster, ordinals] of recorded.leftBehind) {
    ordinals.forEach((ordinal) => leave(cluster, ordinal));
  }
  for (const [ordinal, { cluster }] of recorded.places) {
    leave(cluster, ordinal);
  }
  return left;
}
