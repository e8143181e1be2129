import type { Pod } from '../../api/builtin.ts';
import { LOCAL_CLUSTER } from '../../api/compute-cluster.ts';
import { type Immutable, controllerOf } from '../../api/kube-object.ts';
import type { Site } from './observed.ts';
import type { RemovalCause, Step } from './plan.ts';
import { type Replica, isReadyPhase, podName } from './replica.ts';
import { restartOf } from './restart-backoff.ts';
import {
  type Scope,
  availableCount,
  isOutdated,
  isRolling,
  isSurplus,
  mayMake,
  orderFor,
  revisionFor,
  surgeWanted,
} from './scope.ts';

/** One question about the pool, answered with what to do. Pure. Each looks at other ordinals than the rest. */
export type Policy = (scope: Scope) => readonly Step[];

/** In the order in which the steps are done: make room first, then fill. */
export const policies: readonly Policy[] = [
  removeStrays,
  removeBeyondWanted,
  leavePlaces,
  retireWithinBudget,
  replaceLost,
  replaceFinished,
  createMissing,
];

/** What came back with a cluster, or was told to go elsewhere. */
function removeStrays({ strays }: Scope): Step[] {
  return removals(strays, 'stray');
}

/**
 * Replicas that may not stay where they are, or have a cheaper place: they are made again there once they are gone here. So do surge pods
 * that may not stay.
 */
function leavePlaces(scope: Scope): Step[] {
  return scope.replicas
    .filter((replica) => !isSurplus(scope, replica))
    .flatMap((replica) => {
      const cause = scope.placing?.leaving.get(replica.ordinal);
      return cause === undefined ? [] : removals([replica], cause);
    });
}

/** Ordinals that nobody wants, not even a surge: unready pods go before ready ones, higher ordinals before lower. */
function removeBeyondWanted(scope: Scope): Step[] {
  const surplus = scope.replicas.filter((replica) => isSurplus(scope, replica));
  return removals(unreadyFirst(surplus), scope.pool.spec.suspend ? 'suspend' : 'scaleDown');
}

/**
 * Outdated pods and surge pods that have served their turn. A pod that is not available costs nothing; an available one only as
 * long as `wanted - maxUnavailable` stay available, at every moment.
 */
function retireWithinBudget(scope: Scope): Step[] {
  if (!isRolling(scope)) {
    return [];
  }
  const surgeEnd = scope.wanted + surgeWanted(scope);
  const isLeavingPlace = ({ ordinal }: Replica): boolean => scope.placing?.leaving.has(ordinal) === true;
  const retirable = scope.replicas.filter(
    (replica) =>
      replica.phase !== 'terminating' &&
      !isLeavingPlace(replica) &&
      !isSurplus(scope, replica) &&
      // What could not be made again stays.
      (replica.ordinal >= scope.wanted || mayMake(scope, replica.ordinal)) &&
      (replica.ordinal >= surgeEnd || isOutdated(scope, replica)),
  );
  const leaving = scope.replicas.filter(
    (replica) => replica.phase === 'available' && !isSurplus(scope, replica) && isLeavingPlace(replica),
  ).length;
  let allowance = Math.max(0, availableCount(scope) - leaving - (scope.wanted - scope.maxUnavailable));
  const retired = unreadyFirst(retirable).filter(
    (replica) => replica.phase !== 'available' || allowance-- > 0,
  );
  return retired.map((replica) => ({
    kind: 'remove',
    replica,
    cause: replica.ordinal < scope.wanted ? 'update' : 'surgeOver',
  }));
}

/** A node that is away cannot confirm a deletion, so the pod is deleted without it. */
function replaceLost(scope: Scope): Step[] {
  return replaceable(scope)
    .filter((replica) => replica.phase === 'lost')
    .map((replica) => again(scope, replica, 'lost'));
}

/** Pods that have ended are made again after a pause that grows; at once when the template is another one now. */
function replaceFinished(scope: Scope): Step[] {
  return replaceable(scope)
    .filter((replica) => replica.phase === 'finished')
    .flatMap((replica): Step[] => {
      if (!mayMake(scope, replica.ordinal)) {
        return [];
      }
      if (replica.revision !== revisionFor(scope, replica.ordinal)) {
        return [again(scope, replica, 'update')];
      }
      const restart = restartOf(replica);
      if (restart.dueAt > scope.now) {
        return [];
      }
      return [again(scope, replica, 'failed', restart.attempt)];
    });
}

/** The pod goes and is made again at once, unless it belongs elsewhere by now, or nowhere, or has no miner. */
function again(scope: Scope, replica: Replica, cause: RemovalCause, attempt = 0): Step {
  const place = scope.placing?.record.places.get(replica.ordinal);
  const staysHere = scope.placing === undefined || place?.cluster === replica.cluster;
  return staysHere && mayMake(scope, replica.ordinal)
    ? { kind: 'replace', replica, cause, order: orderFor(scope, replica.ordinal, attempt) }
    : { kind: 'remove', replica, cause };
}

/** Wanted ordinals, surge included, that no pod has. A pod of somebody else keeps its name. */
function createMissing(scope: Scope): Step[] {
  return missingOrdinals(scope).map((ordinal) => ({ kind: 'create', order: orderFor(scope, ordinal) }));
}

/**
 * Wanted ordinals without a pod of ours and without one of somebody else's, that have a place in a cluster that answers, and a miner
 * if they need one.
 */
export function missingOrdinals(scope: Scope): readonly number[] {
  return emptyOrdinals(scope).filter(
    (ordinal) =>
      siteOf(scope, ordinal) !== undefined &&
      strangerAt(scope, ordinal) === undefined &&
      mayMake(scope, ordinal),
  );
}

/** The cluster in which the pod of an ordinal is to be made; undefined when there is none now. */
function siteOf({ observed, placing }: Scope, ordinal: number): Site | undefined {
  const cluster = placing === undefined ? LOCAL_CLUSTER : placing.record.places.get(ordinal)?.cluster;
  return observed.sites.find((site) => site.cluster === cluster);
}

/** Names of wanted pods that pods of others have. */
export function takenNames(scope: Scope): readonly string[] {
  return emptyOrdinals(scope)
    .map((ordinal) => strangerAt(scope, ordinal))
    .filter((pod) => pod !== undefined)
    .filter((pod) => !isLeaving(scope, pod))
    .map((pod) => pod.metadata.name);
}

/** On its way out already, or left over from a former pool of the same name: garbage collection is about to delete it. */
function isLeaving({ pool }: Scope, pod: Immutable<Pod>): boolean {
  const owner = controllerOf(pod);
  return (
    pod.metadata.deletionTimestamp !== undefined ||
    (owner?.kind === pool.kind && owner.name === pool.metadata.name)
  );
}

function emptyOrdinals(scope: Scope): number[] {
  const end = scope.wanted === 0 ? 0 : scope.wanted + surgeWanted(scope);
  const astray = ordinalsAstray(scope);
  return Array.from({ length: end }, (_, ordinal) => ordinal).filter(
    (ordinal) =>
      !scope.byOrdinal.has(ordinal) && !astray.has(ordinal) && scope.placing?.heldBack.has(ordinal) !== true,
  );
}

/** Until a stray is gone nobody can say that its ordinal does not run: no other pod of it is made. */
function ordinalsAstray({ strays }: Scope): ReadonlySet<number> {
  return new Set(strays.map(({ ordinal }) => ordinal));
}

/** What is in its place and may go and be made again in one step. */
function replaceable(scope: Scope): readonly Replica[] {
  const astray = ordinalsAstray(scope);
  return inPlace(scope).filter(({ ordinal }) => !astray.has(ordinal));
}

function strangerAt(scope: Scope, ordinal: number): Immutable<Pod> | undefined {
  return siteOf(scope, ordinal)?.podNamed(podName(scope.pool.metadata.name, ordinal));
}

/** Pods of ordinals that are to stay, surge included. What a larger pool left where the surge is to be does not stay. */
function inPlace(scope: Scope): readonly Replica[] {
  const end = scope.wanted + surgeWanted(scope);
  return scope.replicas.filter((replica) => replica.ordinal < end && !isSurplus(scope, replica));
}

export function removals(replicas: readonly Replica[], cause: RemovalCause): Step[] {
  return replicas
    .filter((replica) => replica.phase !== 'terminating')
    .map((replica) => ({ kind: 'remove', replica, cause }));
}

/** Keeps the order (highest ordinal first) within unready and ready. */
function unreadyFirst(replicas: readonly Replica[]): readonly Replica[] {
  return [
    ...replicas.filter((replica) => !isReadyPhase(replica)),
    ...replicas.filter((replica) => isReadyPhase(replica)),
  ];
}
