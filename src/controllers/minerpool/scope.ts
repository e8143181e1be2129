import { resolveIntOrPercent } from '../../api/int-or-percent.ts';
import { LOCAL_CLUSTER } from '../../api/compute-cluster.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { MinerPool } from '../../api/miner-pool.ts';
import { freeTerms } from '../fleet/guest-terms.ts';
import type { Observed } from './observed.ts';
import type { PodOrder } from './pod.ts';
import { isToldOf } from './pod-identity.ts';
import { leftBehindNow } from './left-behind.ts';
import { type PlaceRecord, readPlaces, underNamesOfToday } from './places.ts';
import { type Placing, placingOf } from './placing.ts';
import { type Replica, isAlive, readReplica } from './replica.ts';
import { sortOut } from './sort-out.ts';
import { type SeenStake, hasMiner, identityOf, mostReplicas, stakeSeen } from './stake.ts';
import { type PodSource, podSource, revisionName, sourceOf } from './revision.ts';

/** The observed state with its numbers worked out: what all policies and the status are computed from. */
export interface Scope {
  readonly observed: Observed;
  readonly pool: Immutable<MinerPool>;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Replicas that the user wants: 0 while suspended. */
  readonly asked: number;
  /** Replicas that should exist: as many of them as the stake covers. */
  readonly wanted: number;
  /** Undefined when the pool needs none. */
  readonly stake: SeenStake | undefined;
  /** Pods of the pool, one an ordinal, highest ordinal first. */
  readonly replicas: readonly Replica[];
  readonly byOrdinal: ReadonlyMap<number, Replica>;
  /** Pods of ordinals that have their pod, or their place, elsewhere. */
  readonly strays: readonly Replica[];
  /** What the last status said of places. */
  readonly recorded: PlaceRecord;
  /** Ordinals that run, or may run, in clusters where they do not belong, by cluster. */
  readonly leftBehind: ReadonlyMap<string, ReadonlySet<number>>;
  /** Undefined when the scheduler of the cluster in which Headframe runs finds places. */
  readonly placing: Placing | undefined;
  /** Revision of today's spec. */
  readonly updateRevision: string;
  /** Revision that a finished rollout left, or the same when none is under way. */
  readonly currentRevision: string;
  /** Most replicas that may be unavailable during an update. */
  readonly maxUnavailable: number;
  /** Most pods above {@link wanted} during an update. */
  readonly maxSurge: number;
  /** Replicas from this ordinal on are to be of {@link updateRevision}. */
  readonly partition: number;
}

/** Works the numbers out. Pure: the same observation and time give the same scope. */
export function scopeOf(observed: Observed, now: number): Scope {
  const { pool } = observed;
  const recorded = underNamesOfToday(readPlaces(pool.status?.placement), observed.renamed);
  const { replicas, strays } = sortOut(readReplicas(observed, now), recorded, observed);
  const asked = pool.spec.suspend ? 0 : pool.spec.replicas;
  const stake = stakeSeen(pool, observed.account);
  const wanted =
    stake === undefined
      ? asked
      : Math.min(
          asked,
          mostReplicas(stake, pool, [...replicas.map(({ ordinal }) => ordinal), ...recorded.places.keys()]),
        );
  const updateRevision = revisionName(pool.metadata.name, podSource(pool));
  const scope: Scope = {
    observed,
    pool,
    now,
    asked,
    wanted,
    stake,
    replicas,
    byOrdinal: new Map(replicas.map((replica) => [replica.ordinal, replica])),
    strays,
    recorded,
    leftBehind: new Map(),
    placing: undefined,
    updateRevision,
    currentRevision: pool.status?.currentRevision ?? updateRevision,
    ...budget(pool, wanted),
  };
  const placing = placingIn(scope);
  return { ...scope, placing, leftBehind: placing?.record.leftBehind ?? abroad(scope) };
}

/** What a pool that Headframe does not place has in other clusters. */
function abroad({ recorded, observed, replicas, strays }: Scope): Scope['leftBehind'] {
  const pods = [...replicas, ...strays].filter(({ cluster }) => cluster !== LOCAL_CLUSTER);
  return leftBehindNow({ recorded, places: new Map(), clusters: observed.clusters, pods });
}

function placingIn(scope: Scope): Placing | undefined {
  const { pool, observed, wanted, byOrdinal, replicas, strays, recorded, now } = scope;
  const grounds = observed.placing;
  if (grounds === undefined || pool.metadata.deletionTimestamp !== undefined) {
    return undefined;
  }
  const desired = wanted === 0 ? 0 : wanted + surgeWanted(scope);
  const pods = [...replicas, ...strays];
  return placingOf({ pool, desired, byOrdinal, pods, recorded, grounds, movable: movable(scope), now });
}

/** Moving waits for updates to end, and never leaves fewer available than an update would. */
function movable(scope: Scope): number {
  const { replicas, wanted, maxUnavailable, strays } = scope;
  const isQuiet =
    strays.length === 0 &&
    !replicas.some((replica) => isOutdated(scope, replica) || !mayMake(scope, replica.ordinal));
  return isQuiet ? Math.max(0, availableCount(scope) - (wanted - Math.max(1, maxUnavailable))) : 0;
}

function readReplicas({ pool, sites }: Observed, now: number): readonly Replica[] {
  const { minReadySeconds, nodeLostGraceSeconds } = pool.spec;
  return sites.flatMap(({ cluster, pods, awaySince }) => {
    const rules = { now, minReadySeconds, nodeLostGraceSeconds, awaySince, cluster };
    return pods.flatMap((pod) => readReplica(pod, rules) ?? []);
  });
}

/**
 * The update budget in replicas. As in Kubernetes, percentages of maxUnavailable round down and those of maxSurge up, and when
 * rounding leaves both at 0, one replica may be unavailable, or no update could ever proceed.
 */
function budget(
  pool: Immutable<MinerPool>,
  wanted: number,
): Pick<Scope, 'maxUnavailable' | 'maxSurge' | 'partition'> {
  const { type, rollingUpdate } = pool.spec.updateStrategy;
  if (type === 'OnDelete') {
    return { maxUnavailable: 0, maxSurge: 0, partition: 0 };
  }
  // Each replica has a miner, and a surge would need one more.
  const maxSurge =
    pool.spec.stake === undefined ? resolveIntOrPercent(rollingUpdate.maxSurge, wanted, 'up') : 0;
  const maxUnavailable = resolveIntOrPercent(rollingUpdate.maxUnavailable, wanted, 'down');
  return {
    maxUnavailable: maxUnavailable === 0 && maxSurge === 0 ? 1 : maxUnavailable,
    maxSurge,
    partition: rollingUpdate.partition,
  };
}

/** The revision that a new pod of the ordinal is made from. */
export function revisionFor(scope: Scope, ordinal: number): string {
  return ordinal < scope.partition && storedSource(scope, scope.currentRevision) !== undefined
    ? scope.currentRevision
    : scope.updateRevision;
}

/** Whether a pod of the ordinal may be made: of a pool that needs stake, only with a registered miner. */
export function mayMake({ stake }: Scope, ordinal: number): boolean {
  return stake === undefined || hasMiner(stake, ordinal);
}

/** What to make the pod of an ordinal from. */
export function orderFor(scope: Scope, ordinal: number, attempt = 0): PodOrder {
  const revision = revisionFor(scope, ordinal);
  const identity = scope.stake && identityOf(scope.stake, scope.pool.metadata.name, ordinal);
  const source = revision === scope.updateRevision ? podSource(scope.pool) : storedSource(scope, revision);
  return {
    ordinal,
    attempt,
    revision,
    source: source ?? podSource(scope.pool),
    surge: ordinal >= scope.wanted,
    ...placeFor(scope, ordinal),
    ...(identity === undefined ? {} : { identity }),
  };
}

/** Where the pod of an ordinal is made. */
function placeFor({ observed, placing }: Scope, ordinal: number): Pick<PodOrder, 'terms' | 'model'> {
  const place = placing?.record.places.get(ordinal);
  const site = observed.sites.find(({ cluster }) => cluster === (place?.cluster ?? LOCAL_CLUSTER));
  return { terms: site?.terms ?? freeTerms, ...(place === undefined ? {} : { model: place.model }) };
}

function storedSource({ observed }: Scope, name: string): PodSource | undefined {
  const revision = observed.revisions.find((candidate) => candidate.metadata.name === name);
  return revision === undefined ? undefined : sourceOf(revision);
}

/**
 * Whether an update should replace the pod: it lives, and is made from another template, at or above the partition, or for another miner
 * than it has today.
 */
export function isOutdated(scope: Scope, replica: Replica): boolean {
  if (!isAlive(replica)) {
    return false;
  }
  const isOlder = replica.ordinal >= scope.partition && replica.revision !== scope.updateRevision;
  return isOlder || isMisled(scope, replica);
}

/** Made before the pool was on the account, or on another account of the name. Nobody knows better as long as it has no miner today. */
function isMisled({ stake }: Scope, { pod, ordinal }: Replica): boolean {
  return stake?.origin !== undefined && hasMiner(stake, ordinal) && !isToldOf(pod, stake.origin);
}

/** Whether a rolling update replaces outdated pods, rather than waiting for someone to delete them. */
export function isRolling(scope: Scope): boolean {
  return scope.pool.spec.updateStrategy.type === 'RollingUpdate';
}

/**
 * Ordinals above the wanted ones that an update may use now: one for each outdated replica, up to maxSurge. Outside an update,
 * none.
 */
export function surgeWanted(scope: Scope): number {
  if (!isRolling(scope) || scope.maxSurge === 0) {
    return 0;
  }
  const outdated = scope.replicas.filter(
    (replica) => replica.ordinal < scope.wanted && isOutdated(scope, replica),
  ).length;
  return Math.min(scope.maxSurge, outdated);
}

/**
 * Whether nobody wants the pod's ordinal any more: it goes at once, whatever the budget. A pod that an update made above the wanted
 * number is not surplus while its place may be needed: it goes as the budget allows.
 */
export function isSurplus(scope: Scope, replica: Replica): boolean {
  if (replica.ordinal < scope.wanted) {
    return false;
  }
  return scope.wanted === 0 || !replica.surge || replica.ordinal >= scope.wanted + scope.maxSurge;
}

/** Pods that serve and may stay: what the budget counts, surge pods included. */
export function availableCount(scope: Scope): number {
  return scope.replicas.filter((replica) => replica.phase === 'available' && !isSurplus(scope, replica))
    .length;
}
