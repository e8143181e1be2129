import { type Statement, condition, setConditions } from '../../api/conditions.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { MinerPoolStatus } from '../../api/miner-pool.ts';
import { vendorNames } from '../../compute/gpu-catalogue.ts';
import { podGpuRequest } from '../../compute/pod-gpus.ts';
import { idleStatement } from './idle-statement.ts';
import { type Verdict, gpusMissing, unseenReplicas } from './gates.ts';
import type { Outcome } from './outcome.ts';
import { placementStatus } from './placement-status.ts';
import { plural } from './plural.ts';
import { podSelector } from './pod.ts';
import { type Replica, isAlive, isReadyPhase } from './replica.ts';
import { currentRevisionNow } from './rollout.ts';
import type { Scope } from './scope.ts';
import { stakeAnswer } from './stake-answer.ts';
import { stakeVerdict } from './stake-verdict.ts';

/** The one derivation of a pool's status: from what was observed, what was done about it, and the verdict on both. */
export function statusOf(scope: Scope, outcome: Outcome, verdict: Verdict): MinerPoolStatus {
  const { pool, replicas, strays, wanted, updateRevision } = scope;
  const alive = replicas.filter(isAlive);
  const placement = placementStatus(scope);
  const stake = stakeAnswer(scope);
  const ready = alive.filter(isReadyPhase).length;
  const gpus = pool.spec.gpus.countPerReplica;
  const allocated = gpusOf(scope, [...replicas, ...strays].filter(holdsGpus));
  return {
    replicas: alive.length + strays.filter(isAlive).length,
    readyReplicas: ready,
    availableReplicas: alive.filter((replica) => replica.phase === 'available').length,
    updatedReplicas: alive.filter((replica) => replica.revision === updateRevision).length,
    selector: podSelector(pool.metadata.name),
    gpus: {
      desired: wanted * gpus,
      allocated,
      ready: gpusOf(scope, alive.filter(isReadyPhase)),
    },
    ...(placement === undefined ? {} : { placement }),
    ...(stake === undefined ? {} : { stake }),
    currentRevision: currentRevisionNow(scope),
    updateRevision,
    ...(pool.metadata.generation === undefined ? {} : { observedGeneration: pool.metadata.generation }),
    conditions: conditions(scope, verdict, allocated),
  };
}

/** A merge patch leaves alone what it does not name: what is not said any more has to be named. */
export function cleared(status: MinerPoolStatus, before: Immutable<MinerPoolStatus> | undefined): object {
  const gone = {
    ...(before?.placement !== undefined && status.placement === undefined ? { placement: null } : {}),
    ...stakeCleared(status.stake, before?.stake),
  };
  return Object.keys(gone).length === 0 ? status : { ...status, ...gone };
}

function stakeCleared(
  now: MinerPoolStatus['stake'],
  before: Immutable<MinerPoolStatus['stake']>,
): { stake?: object | null } {
  if (now === undefined) {
    return before === undefined ? {} : { stake: null };
  }
  return before?.allotmentId !== undefined && now.allotmentId === undefined
    ? { stake: { ...now, allotmentId: null } }
    : {};
}

/** What the pods themselves ask for: they may be of an older template. */
function gpusOf({ pool }: Scope, replicas: readonly Replica[]): number {
  const { resource } = vendorNames[pool.spec.gpus.vendor];
  return replicas.reduce((sum, { pod }) => sum + podGpuRequest(pod, resource), 0);
}

/** Bound to a node and not ended: the node keeps GPUs for it, also while it is being deleted. */
function holdsGpus({ pod, phase }: Replica): boolean {
  return pod.spec.nodeName !== undefined && phase !== 'finished' && phase !== 'lost';
}

function conditions(scope: Scope, verdict: Verdict, allocated: number): MinerPoolStatus['conditions'] {
  const { pool, now } = scope;
  const { ready, reason, message, progress } = verdict;
  const short = gpusMissing(scope);
  const stake = stakeVerdict(scope);
  const stated = [
    condition('Ready', ready, reason, message),
    short === undefined
      ? condition('GPUsAvailable', true, 'GPUsAvailable', gpusFound(scope))
      : condition('GPUsAvailable', false, short.reason, short.message),
    stake && condition('StakeSufficient', stake.sufficient, stake.reason, stake.message),
    pool.spec.suspend ? condition('Suspended', true, 'Suspended', message) : undefined,
    ...replicasUnseen(scope),
    ...idleStatement(pool, allocated, scope.observed.idleness),
    progress === 'reconciling' ? condition('Reconciling', true, reason, message) : undefined,
    progress === 'stalled' ? condition('Stalled', true, reason, message) : undefined,
  ].filter((statement) => statement !== undefined);
  return setConditions(pool.status?.conditions, stated, { now, generation: pool.metadata.generation });
}

/** Said as long as replicas may run that nobody can see. */
function replicasUnseen(scope: Scope): Statement[] {
  const message = unseenReplicas(scope);
  return message === undefined ? [] : [condition('ReplicasUnseen', true, 'ClusterUnreachable', message)];
}

function gpusFound({ wanted, pool }: Scope): string {
  return `there are GPUs for ${plural(wanted, 'replica')} of ${pool.spec.gpus.countPerReplica}`;
}
