import type { Reason } from '../../api/reasons.ts';
import { describeDemand } from '../../compute/gpu-demand.ts';
import { annotations } from '../../api/group.ts';
import { gpuDemand } from './demand.ts';
import { isHeld } from './finalizer.ts';
import { rfc3339 } from '../../time/clock.ts';
import type { Outcome } from './outcome.ts';
import type { Placing } from './placing.ts';
import { plural } from './plural.ts';
import { missingOrdinals, takenNames } from './policies.ts';
import { type Scope, isOutdated, isRolling } from './scope.ts';
import { stakeShort } from './stake-verdict.ts';

/** Why a pool is not Ready, or that it is. */
export interface Verdict {
  readonly ready: boolean;
  readonly reason: Reason;
  readonly message: string;
  /** Whether work goes on by itself, or waits for the user; neither when all is as wanted. */
  readonly progress: 'reconciling' | 'stalled' | 'settled';
}

/** One question. Undefined: no objection. */
type Gate = (scope: Scope, outcome: Outcome) => Verdict | undefined;

/** The first gate that objects explains the pool; the order is what a user wants to know first. */
const gates: readonly Gate[] = [
  deleting,
  suspended,
  nameTaken,
  creationRefused,
  clusterAway,
  gpusMissing,
  podsFailing,
  stakeShort,
  updating,
  creating,
  scalingDown,
  starting,
];

/** The verdict on a pool: exactly one, so that a status never contradicts itself. */
export function verdictOf(scope: Scope, outcome: Outcome): Verdict {
  for (const gate of gates) {
    const verdict = gate(scope, outcome);
    if (verdict !== undefined) {
      return verdict;
    }
  }
  return allReady(scope);
}

function deleting(scope: Scope): Verdict | undefined {
  const { pool, replicas, strays } = scope;
  if (pool.metadata.deletionTimestamp === undefined) {
    return undefined;
  }
  const left = `the pool is being deleted, ${plural(replicas.length + strays.length, 'pod')} left`;
  const unseen = isHeld(pool) ? unseenReplicas(scope) : undefined;
  return reconciling(
    'Deleting',
    unseen === undefined
      ? left
      : `${left}. ${unseen}. Bring the cluster back, or release it: kubectl annotate computecluster NAME ${annotations.release}=true, then delete it`,
  );
}

function suspended({ pool, replicas }: Scope): Verdict | undefined {
  if (!pool.spec.suspend) {
    return undefined;
  }
  const left = replicas.length === 0 ? 'it has no pods' : `${plural(replicas.length, 'pod')} still ending`;
  return {
    ready: false,
    reason: 'Suspended',
    message: `spec.suspend is true: ${left}; set it to false to run ${plural(pool.spec.replicas, 'replica')}`,
    progress: replicas.length === 0 ? 'settled' : 'reconciling',
  };
}

function nameTaken(scope: Scope, outcome: Outcome): Verdict | undefined {
  const names = [...new Set([...takenNames(scope), ...outcome.taken])].sort();
  return names.length === 0
    ? undefined
    : stalled(
        'PodNameConflict',
        `${quotedList(names)} ${names.length === 1 ? 'is a pod that does' : 'are pods that do'} not belong to this pool and stand in the way of its replicas; delete or rename them, or rename the pool`,
      );
}

function creationRefused(_scope: Scope, { refusal }: Outcome): Verdict | undefined {
  return refusal === undefined ? undefined : stalled('PodCreationFailed', refusal);
}

/** Replicas in clusters that cannot be asked. */
function clusterAway(scope: Scope): Verdict | undefined {
  const message = unseenReplicas(scope);
  return message === undefined || unavailable(scope) === 0
    ? undefined
    : reconciling('ClusterUnreachable', message);
}

/** What is said of replicas that may run where nobody can look; undefined when there are none. */
export function unseenReplicas({ placing, leftBehind, observed, wanted }: Scope): string | undefined {
  const places = placing?.record.places ?? new Map<number, never>();
  const sentences = [...observed.clusters].flatMap(([cluster, state]) => {
    const belong = [...places].filter(
      ([ordinal, place]) => place.cluster === cluster && ordinal < wanted,
    ).length;
    const behind = leftBehind.get(cluster)?.size ?? 0;
    if (state.kind !== 'away' || belong + behind === 0) {
      return [];
    }
    const what = [
      belong === 0
        ? undefined
        : `${plural(belong, 'replica')} ${belong === 1 ? 'belongs' : 'belong'} there and cannot be seen`,
      behind === 0
        ? undefined
        : `${behind} more may still run there, and ${behind === 1 ? 'is' : 'are'} removed when it returns`,
    ].filter((part) => part !== undefined);
    return [`cluster ${cluster} has been unreachable since ${rfc3339(state.since)}: ${what.join('; ')}`];
  });
  return sentences.length === 0 ? undefined : sentences.join('. ');
}

/** GPUs short for the replicas that have no node yet. */
export function gpusMissing(scope: Scope): Verdict | undefined {
  return scope.placing === undefined ? gpusMissingHere(scope) : placesMissing(scope, scope.placing);
}

/** Replicas for which no cluster has a place. Those that have one wait for no GPU. */
function placesMissing(scope: Scope, { record, unplaced, explanation }: Placing): Verdict | undefined {
  if (unplaced === 0) {
    return undefined;
  }
  const demand = gpuDemand(scope.pool.spec.gpus);
  // With those of a surge.
  const all = record.places.size + unplaced;
  return reconciling(
    'NoPlace',
    `no place for ${unplaced} of ${plural(all, 'replica')} with ${demand.countPerReplica} x ${describeDemand(demand)}; ${explanation.summary}`,
  );
}

function gpusMissingHere(scope: Scope): Verdict | undefined {
  const { supply, products } = scope.observed;
  const waiting = waitingReplicas(scope);
  if (waiting <= supply.replicasFitting) {
    return undefined;
  }
  const demand = gpuDemand(scope.pool.spec.gpus);
  const wants = `wants ${waiting * demand.countPerReplica} x ${describeDemand(demand)}`;
  const perReplica = demand.countPerReplica > 1 ? ` (${demand.countPerReplica} on one node per replica)` : '';
  if (supply.total === 0) {
    const has = products.length === 0 ? 'no GPUs' : products.join(', ');
    return reconciling('NoMatchingGPUs', `${wants}${perReplica}, no node has any; the cluster has ${has}`);
  }
  return reconciling(
    'InsufficientGPUs',
    `${wants}${perReplica}, ${supply.free} free on ${plural(supply.nodesWithFree, 'node')}`,
  );
}

/** Replicas that wait for a node: their pods are not bound, or not made yet. */
export function waitingReplicas(scope: Scope): number {
  return (
    scope.replicas.filter((replica) => replica.phase === 'pending').length + missingOrdinals(scope).length
  );
}

function podsFailing({ replicas, wanted }: Scope): Verdict | undefined {
  const failing = replicas.filter((replica) => replica.failing && replica.ordinal < wanted);
  const [worst] = failing;
  if (worst === undefined) {
    return undefined;
  }
  const name = worst.pod.metadata.name;
  return reconciling(
    'PodsFailing',
    `${plural(failing.length, 'pod')} of ${wanted} ${failing.length === 1 ? 'fails' : 'fail'} again and again; see kubectl logs ${name} --previous`,
  );
}

function updating(scope: Scope): Verdict | undefined {
  if (!isRolling(scope)) {
    return undefined;
  }
  const outdated = scope.replicas.filter((replica) => isOutdated(scope, replica)).length;
  const surge = scope.replicas.filter((replica) => replica.ordinal >= scope.wanted).length;
  const rolled = scope.currentRevision !== scope.updateRevision && scope.partition === 0;
  if (outdated === 0 && !(rolled && (surge > 0 || unavailable(scope) > 0))) {
    return undefined;
  }
  return reconciling(
    'RollingUpdate',
    `${scope.wanted - Math.min(outdated, scope.wanted)} of ${scope.wanted} replicas run the current template, ${scope.wanted - unavailable(scope)} available`,
  );
}

function creating(scope: Scope, { created }: Outcome): Verdict | undefined {
  const missing = missingOrdinals(scope).length;
  return missing === 0
    ? undefined
    : reconciling(
        'CreatingPods',
        `${plural(missing - Math.min(created.length, missing), 'pod')} to be created`,
      );
}

function scalingDown({ replicas, wanted }: Scope): Verdict | undefined {
  const surplus = replicas.filter((replica) => replica.ordinal >= wanted).length;
  return surplus === 0
    ? undefined
    : reconciling('ScalingDown', `${plural(surplus, 'pod')} above ${plural(wanted, 'replica')} still ending`);
}

function starting(scope: Scope): Verdict | undefined {
  const missing = unavailable(scope);
  if (missing === 0) {
    return undefined;
  }
  const why = schedulerSays(scope);
  return reconciling(
    'PodsStarting',
    `${scope.wanted - missing} of ${plural(scope.wanted, 'replica')} available${why === undefined ? '' : `; ${why}`}`,
  );
}

function allReady(scope: Scope): Verdict {
  const outdated = scope.replicas.filter((replica) => isOutdated(scope, replica)).length;
  const message = `${plural(scope.wanted, 'replica')} available`;
  return outdated === 0
    ? { ready: true, reason: 'AllReplicasReady', message, progress: 'settled' }
    : {
        ready: true,
        reason: 'PodsOutdated',
        message: `${message}, ${outdated} of an older template; updateStrategy OnDelete replaces a pod when it is deleted`,
        progress: 'settled',
      };
}

/** Wanted replicas that are not available. */
function unavailable({ replicas, wanted }: Scope): number {
  const available = replicas.filter((replica) => replica.phase === 'available' && replica.ordinal < wanted);
  return wanted - available.length;
}

/** Why kube-scheduler has not found a node for one of the pods, in its words. */
function schedulerSays({ replicas }: Scope): string | undefined {
  for (const { pod, phase } of replicas) {
    if (phase !== 'pending') {
      continue;
    }
    const scheduled = pod.status?.conditions?.find((condition) => condition.type === 'PodScheduled');
    if (scheduled?.status === 'False' && scheduled.message !== undefined) {
      return `the scheduler says of ${pod.metadata.name}: ${scheduled.message}`;
    }
  }
  return undefined;
}

function reconciling(reason: Reason, message: string): Verdict {
  return { ready: false, reason, message, progress: 'reconciling' };
}

function stalled(reason: Reason, message: string): Verdict {
  return { ready: false, reason, message, progress: 'stalled' };
}

/** `'a', 'b'`, cut after five names. */
function quotedList(names: readonly string[]): string {
  const shown = names
    .slice(0, 5)
    .map((name) => `'${name}'`)
    .join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
