import type { Immutable } from '../../api/kube-object.ts';
import type { MinerPool } from '../../api/miner-pool.ts';
import type { Placement } from '../../api/placement.ts';
import { admit } from '../../compute/placement/admit.ts';
import { isSelected } from '../../compute/placement/cluster-filters.ts';
import { occupied } from '../../compute/placement/occupy.ts';
import type { ClusterOffer } from '../../compute/placement/offer.ts';
import { misplacedAmong, place } from '../../compute/placement/place.ts';
import type { Explanation, MisplacedCause, PlacementPlan } from '../../compute/placement/plan.ts';
import type { Place, PlacementRequest } from '../../compute/placement/request.ts';
import { parseUsd } from '../../compute/pricing/micro-usd.ts';
import { gpuDemand } from './demand.ts';
import { leftBehindNow } from './left-behind.ts';
import type { PlaceRecord } from './places.ts';
import type { Replica } from './replica.ts';
import { type Seat, isAwayTooLong, seatsOf, spareSeatsOf } from './seats.ts';
import { refusedSeats, stuckSeats, withoutPlaces } from './stuck.ts';

/** Whether a cluster can be asked now. `away`: since when it cannot, in milliseconds since 1970. */
export type ClusterState =
  { readonly kind: 'reachable' | 'connecting' } | { readonly kind: 'away'; readonly since: number };

/** What decides where the replicas of a pool go. */
export interface PlacingGrounds {
  readonly placement: Immutable<Placement>;
  /** Without what the replicas of other pools are about to take. */
  readonly offers: readonly ClusterOffer[];
  /** All clusters that have a ComputeCluster, whether they have an offer or not. */
  readonly clusters: ReadonlyMap<string, ClusterState>;
  /** The GPU model of a node of a cluster, as its inventory lists it. */
  readonly modelOn: (cluster: string, node: string) => string | undefined;
}

/** A pool's replicas and their places, before anything is decided. */
export interface PlacingQuestion {
  readonly pool: Immutable<MinerPool>;
  /** Ordinals below this one are to have a place: the wanted ones, and those of a surge. */
  readonly desired: number;
  readonly byOrdinal: ReadonlyMap<number, Replica>;
  /** All pods of the pool that can be seen, strays included. */
  readonly pods: readonly Replica[];
  readonly recorded: PlaceRecord;
  readonly grounds: PlacingGrounds;
  /** Available replicas that may be taken down now for a cheaper place. */
  readonly movable: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Where the replicas belong. */
export interface Placing {
  readonly record: PlaceRecord;
  /** Replicas that have to leave the place where they are, by ordinal. */
  readonly leaving: ReadonlyMap<number, 'moved' | 'misplaced'>;
  /** Ordinals that may run in a cluster that may be back soon: nothing is made of them anywhere until the grace is over. */
  readonly heldBack: ReadonlySet<number>;
  /** Replicas for which no cluster has a place. */
  readonly unplaced: number;
  readonly explanation: Explanation;
  readonly offers: readonly ClusterOffer[];
}

const HOUR_MS = 3_600_000;

/**
 * Decides where the replicas belong. A replica stays where it is or where it was told to go, unless it must not be there, or its cluster
 * has been away for longer than the grace and another one takes it. Pure.
 */
export function placingOf(question: PlacingQuestion): Placing {
  const { recorded, grounds, now } = question;
  const request = requestOf(question);
  const seats = seatsOf(question);
  const first = planWith(request, seats, grounds.offers, now);
  const kinds = new Map(seats.map(({ ordinal, kind }) => [ordinal, kind]));
  const leaving = first.plan.misplaced.filter(({ ordinal, cause }) => mustLeave(kinds.get(ordinal), cause));
  const gone = new Set(leaving.map(({ ordinal }) => ordinal));
  const stuck = [
    ...stuckSeats(seats, grounds.offers, request.countPerReplica, now),
    ...refusedSeats(seats, grounds.offers),
  ].filter(({ ordinal }) => !gone.has(ordinal));
  const loose = new Set([...gone, ...stuck.map(({ ordinal }) => ordinal)]);
  const {
    plan,
    offers,
    seats: kept,
  } = loose.size === 0
    ? first
    : planWith(
        request,
        seats.filter(({ ordinal }) => !loose.has(ordinal)),
        withoutPlaces(grounds.offers, stuck),
        now,
      );
  const places = placesOf(question, plan, kept);
  const freed = stuck.filter(({ ordinal }) => places.has(ordinal));
  // Nobody else takes them: they wait on.
  for (const { ordinal, cluster, model } of stuck.filter((seat) => !places.has(seat.ordinal))) {
    places.set(ordinal, { cluster, model });
  }
  // Who waits for an answer may hear of a better place still.
  const movable = isWaitingForAnswers(grounds) ? 0 : question.movable;
  const moves = plan.moves.filter(({ ordinal }) => kinds.get(ordinal) === 'live').slice(0, movable);
  for (const { ordinal, to } of moves) {
    places.set(ordinal, to);
  }
  const leftBehind = leftBehindNow({ recorded, places, clusters: grounds.clusters, pods: question.pods });
  return {
    record: {
      places,
      leftBehind,
      recentMoves: [
        ...recorded.recentMoves.filter(({ at }) => at > now - HOUR_MS),
        ...moves.map(({ ordinal }) => ({ ordinal, at: now })),
      ],
    },
    leaving: new Map([
      ...leaving
        .filter(({ ordinal }) => kinds.get(ordinal) === 'live')
        .map(({ ordinal }) => [ordinal, 'misplaced'] as const),
      ...freed.map(({ ordinal }) => [ordinal, 'misplaced'] as const),
      ...sparesThatLeave(question, request).map((ordinal) => [ordinal, 'misplaced'] as const),
      ...moves.map(({ ordinal }) => [ordinal, 'moved'] as const),
    ]),
    heldBack: ordinalsThatMayRun(leftBehind, grounds, now),
    unplaced: question.desired - places.size,
    explanation: plan.explanation,
    offers,
  };
}

/** Plans with those of the waiting seats for which there still is room. */
function planWith(
  request: PlacementRequest,
  seats: readonly Seat[],
  open: readonly ClusterOffer[],
  now: number,
): { plan: PlacementPlan; seats: readonly Seat[]; offers: readonly ClusterOffer[] } {
  const { countPerReplica } = request;
  const unbound = seats.filter(({ kind, bound }) => kind === 'live' && !bound);
  const waiting = seats.filter(({ kind }) => kind === 'waiting');
  const { admitted, offers } = admit(occupied(open, unbound, countPerReplica), waiting, countPerReplica);
  const kept = [...seats.filter(({ kind }) => kind !== 'waiting'), ...admitted];
  return { plan: place(request, offers, kept, now), seats: kept, offers };
}

/** What is against a replica that runs, so that it leaves at once. What the update strategy, or giving back, has to see to is not. */
const reasonsToLeave: ReadonlySet<MisplacedCause> = new Set(['gone', 'notSelected', 'noPrice', 'aboveCap']);

/** Whether a replica that could not be placed where it is today has to be placed anew. One that is refused may: see stuck.ts. */
function mustLeave(kind: Seat['kind'] | undefined, cause: MisplacedCause): boolean {
  return (kind === 'waiting' && cause !== 'refusing') || (kind === 'live' && reasonsToLeave.has(cause));
}

/**
 * Surge pods that have served and may not be where they are. Else each would stay for as long as the pool lacks replicas: the budget lets
 * none go that is available.
 */
function sparesThatLeave(question: PlacingQuestion, request: PlacementRequest): readonly number[] {
  const spares = spareSeatsOf(question).filter(({ kind }) => kind === 'live');
  return misplacedAmong(request, question.grounds.offers, spares)
    .filter(({ cause }) => reasonsToLeave.has(cause))
    .map(({ ordinal }) => ordinal);
}

function requestOf({ pool, desired, recorded, grounds }: PlacingQuestion): PlacementRequest {
  const { policy, clusterSelector, maxPricePerGpuHour, moves } = grounds.placement;
  return {
    ...gpuDemand(pool.spec.gpus),
    replicas: desired,
    clusterSelector,
    ...(maxPricePerGpuHour === undefined
      ? {}
      : { maxMicroUsdPerGpuHour: Number(parseUsd(maxPricePerGpuHour)) }),
    policy,
    gang: false,
    hysteresis: {
      minSavingPercent: moves.minSavingPercent,
      minRunSeconds: moves.minRunSeconds,
      maxMovesPerHour: moves.maxPerHour,
      recentMoves: recorded.recentMoves.map(({ at }) => at),
    },
  };
}

/**
 * The places by ordinal. As long as a cluster that would do has not answered yet, nothing new gets a place: it may be the better one.
 * Nor does an ordinal that was left behind where it may still run, until the grace is over. Whoever is stranded in a cluster that is
 * away, and finds no other, goes on belonging there.
 */
function placesOf(
  { recorded, grounds, desired, now }: PlacingQuestion,
  plan: PlacementPlan,
  seats: readonly Seat[],
): Map<number, Place> {
  const seated = new Set(seats.map(({ ordinal }) => ordinal));
  const waits = isWaitingForAnswers(grounds);
  const mayRun = ordinalsThatMayRun(recorded.leftBehind, grounds, now);
  const places = new Map<number, Place>();
  for (const { ordinal, cluster, model } of plan.assignments) {
    if (seated.has(ordinal) || (!waits && !mayRun.has(ordinal))) {
      places.set(ordinal, { cluster, model });
    }
  }
  for (const [ordinal, place] of recorded.places) {
    const isAway = grounds.clusters.get(place.cluster)?.kind === 'away';
    if (isAway && ordinal < desired && !places.has(ordinal)) {
      places.set(ordinal, place);
    }
  }
  return places;
}

/** Those that were left behind in clusters that may be back soon. */
function ordinalsThatMayRun(
  leftBehind: PlaceRecord['leftBehind'],
  grounds: PlacingGrounds,
  now: number,
): ReadonlySet<number> {
  const ordinals = [...leftBehind].flatMap(([cluster, left]) => {
    const state = grounds.clusters.get(cluster);
    const mayBeBack =
      state?.kind === 'connecting' || (state?.kind === 'away' && !isAwayTooLong(state, grounds, now));
    return mayBeBack ? [...left] : [];
  });
  return new Set(ordinals);
}

function isWaitingForAnswers({ clusters, offers, placement }: PlacingGrounds): boolean {
  return offers.some(
    (offer) =>
      clusters.get(offer.name)?.kind === 'connecting' && isSelected(offer, placement.clusterSelector),
  );
}
