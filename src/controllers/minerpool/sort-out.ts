import { LOCAL_CLUSTER } from '../../api/compute-cluster.ts';
import type { PlaceRecord } from './places.ts';
import type { Observed } from './observed.ts';
import { type Replica, isAlive } from './replica.ts';

/** A pool's pods, one an ordinal, and those that are one too many. */
export interface SortedOut {
  /** Highest ordinal first. */
  readonly replicas: readonly Replica[];
  readonly strays: readonly Replica[];
}

/**
 * Chooses the pod of each ordinal: the one where the ordinal belongs. Where it belongs nowhere yet, the one that lives, of several the
 * oldest. Pods of other clusters with the ordinal's name are strays.
 */
export function sortOut(
  pods: readonly Replica[],
  recorded: PlaceRecord,
  { clusters, placing }: Pick<Observed, 'clusters' | 'placing'>,
): SortedOut {
  const chosen = new Map<number, Replica>();
  const strays: Replica[] = [];
  for (const pod of pods) {
    const place = recorded.places.get(pod.ordinal);
    const belongsElsewhere =
      place !== undefined &&
      clusters.has(place.cluster) &&
      (place.cluster !== pod.cluster || (pod.placedOn ?? place.model) !== place.model);
    const rival = chosen.get(pod.ordinal);
    if (belongsElsewhere || (placing === undefined && pod.cluster !== LOCAL_CLUSTER)) {
      strays.push(pod);
    } else if (rival === undefined) {
      chosen.set(pod.ordinal, pod);
    } else {
      const [better, worse] = isBetter(pod, rival) ? [pod, rival] : [rival, pod];
      chosen.set(pod.ordinal, better);
      strays.push(worse);
    }
  }
  return { replicas: [...chosen.values()].sort((a, b) => b.ordinal - a.ordinal), strays };
}

/** Of pods of different clusters. */
function isBetter(a: Replica, b: Replica): boolean {
  return isAlive(a) === isAlive(b) ? bornAt(a) < bornAt(b) : isAlive(a);
}

function bornAt({ pod, cluster }: Replica): string {
  return `${pod.metadata.creationTimestamp} ${cluster}`;
}
