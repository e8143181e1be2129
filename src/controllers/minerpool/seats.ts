import type { Place, Standing } from '../../compute/placement/request.ts';
import type { ClusterState, PlacingGrounds, PlacingQuestion } from './placing.ts';
import type { Replica } from './replica.ts';

/** Where one ordinal stands, before the plan. */
export type Seat = Standing & {
  /**
   * - `live`: a pod of it is there.
   * - `waiting`: it belongs there, and has no pod that holds GPUs.
   * - `held`: it belongs to a cluster that cannot be asked.
   */
  readonly kind: 'live' | 'waiting' | 'held';
  /** Its pod has GPUs of a node. */
  readonly bound: boolean;
  /** A pod of it is there, be it one that has ended. */
  readonly hasPod: boolean;
};

/** Where the ordinals that are to have a place stand; those that stand nowhere are left out. */
export function seatsOf(question: PlacingQuestion): readonly Seat[] {
  return Array.from({ length: question.desired }, (_, ordinal) => seatOf(ordinal, question)).filter(
    (seat) => seat !== undefined,
  );
}

/** Where pods stand that a surge has left above the ordinals that are to have a place. */
export function spareSeatsOf({ byOrdinal, desired, recorded, grounds }: PlacingQuestion): readonly Seat[] {
  return [...byOrdinal.values()]
    .filter(({ ordinal }) => ordinal >= desired)
    .map((replica) => seatOfReplica(replica, recorded.places.get(replica.ordinal), grounds));
}

function seatOf(ordinal: number, { byOrdinal, recorded, grounds, now }: PlacingQuestion): Seat | undefined {
  const replica = byOrdinal.get(ordinal);
  const record = recorded.places.get(ordinal);
  if (replica !== undefined) {
    return seatOfReplica(replica, record, grounds);
  }
  const state = record && grounds.clusters.get(record.cluster);
  if (record === undefined || state === undefined) {
    return undefined;
  }
  const seat = { ordinal, ...record, since: now, bound: false, hasPod: false };
  if (state.kind === 'reachable') {
    return { ...seat, kind: 'waiting' };
  }
  return isAwayTooLong(state, grounds, now) ? undefined : { ...seat, kind: 'held' };
}

/** What the pod itself says goes before what is written down of it: a move may have been written, and not made. */
function seatOfReplica(replica: Replica, record: Place | undefined, grounds: PlacingGrounds): Seat {
  const { ordinal, cluster, pod, phase, placedOn } = replica;
  const isOver = phase === 'finished' || phase === 'lost';
  return {
    ordinal,
    cluster,
    model: placedOn ?? modelFound(replica, grounds) ?? record?.model ?? UNKNOWN,
    since: Date.parse(pod.metadata.creationTimestamp),
    kind: isOver ? 'waiting' : 'live',
    bound: pod.spec.nodeName !== undefined,
    hasPod: true,
  };
}

/** No model has this name: that of a pod without a node for which nobody chose one. */
const UNKNOWN = 'unknown';

/** The model of the node that the scheduler found; undefined when it has found none. */
function modelFound({ pod, cluster }: Replica, { modelOn }: PlacingGrounds): string | undefined {
  return pod.spec.nodeName === undefined ? undefined : modelOn(cluster, pod.spec.nodeName);
}

/** Whether replicas of the cluster are to be replaced elsewhere. */
export function isAwayTooLong(state: ClusterState, { placement }: PlacingGrounds, now: number): boolean {
  return state.kind === 'away' && now - state.since >= placement.clusterLostGraceSeconds * 1000;
}
