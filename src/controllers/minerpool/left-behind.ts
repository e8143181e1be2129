import type { Place } from '../../compute/placement/request.ts';
import type { PlaceRecord } from './places.ts';
import type { ClusterState } from './placing.ts';
import type { Replica } from './replica.ts';

/** What is known of where pods of a pool are. */
export interface Whereabouts {
  readonly recorded: PlaceRecord;
  /** Of every ordinal that belongs somewhere. */
  readonly places: ReadonlyMap<number, Place>;
  readonly clusters: ReadonlyMap<string, ClusterState>;
  /** All pods that can be seen. */
  readonly pods: readonly Pick<Replica, 'cluster' | 'ordinal'>[];
}

/**
 * Ordinals that run, or may run, in clusters where they do not belong, by cluster: those that are seen there, and, in clusters that
 * cannot be asked, those of which it was known. It is written down before they are deleted: the cluster may be gone before they are. One
 * without a ComputeCluster is nobody's any more.
 */
export function leftBehindNow({
  recorded,
  places,
  clusters,
  pods,
}: Whereabouts): ReadonlyMap<string, ReadonlySet<number>> {
  const left = new Map<string, Set<number>>();
  const leave = (cluster: string, ordinal: number): void => {
    if (places.get(ordinal)?.cluster !== cluster) {
      left.set(cluster, (left.get(cluster) ?? new Set()).add(ordinal));
    }
  };
  const isUnseen = (cluster: string): boolean => {
    const state = clusters.get(cluster);
    return state !== undefined && state.kind !== 'reachable';
  };
  for (const { cluster, ordinal } of pods) {
    if (clusters.has(cluster)) {
      leave(cluster, ordinal);
    }
  }
  for (const [cluster, ordinals] of recorded.leftBehind) {
    if (isUnseen(cluster)) {
      ordinals.forEach((ordinal) => leave(cluster, ordinal));
    }
  }
  for (const [ordinal, { cluster }] of recorded.places) {
    if (isUnseen(cluster)) {
      leave(cluster, ordinal);
    }
  }
  return left;
}
