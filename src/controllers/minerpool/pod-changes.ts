import type { Node, Pod } from '../../api/builtin.ts';
import { type Immutable, controllerOf } from '../../api/kube-object.ts';
import type { MinerPool } from '../../api/miner-pool.ts';
import { holdsResources } from '../../compute/pod-gpus.ts';
import type { Change } from '../../kube/informer.ts';

/**
 * Whether the pod's pool may have something to do: the pod came, goes, is gone or has ended, or, during an update, has become ready or
 * is not any more, on which the next ones wait. All else only shows in its status.
 */
export function asksForSteps(change: Change<Pod>, pool: Immutable<MinerPool> | undefined): boolean {
  if (change.type !== 'updated') {
    return true;
  }
  const { previous, object } = change;
  return (
    previous.metadata.deletionTimestamp !== object.metadata.deletionTimestamp ||
    hasEnded(previous) !== hasEnded(object) ||
    controllerOf(previous)?.uid !== controllerOf(object)?.uid ||
    (isReady(previous) !== isReady(object) && isUpdating(pool))
  );
}

function isReady({ status }: Immutable<Pod>): boolean {
  return status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
}

/** Whether an update of the pool is under way. */
function isUpdating(pool: Immutable<MinerPool> | undefined): boolean {
  return pool !== undefined && pool.status?.currentRevision !== pool.status?.updateRevision;
}

function hasEnded({ status }: Immutable<Pod>): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

/** Whether a pod began or ceased to hold what it requests. */
export function holdChanged(change: Change<Pod>): boolean {
  switch (change.type) {
    case 'added':
      return !change.initial && holdsResources(change.object);
    case 'updated':
      return holdsResources(change.previous) !== holdsResources(change.object);
    case 'deleted':
      return holdsResources(change.object);
  }
}

/** Whether something of the node changed that decides where pods can be: readiness, cordon, labels, what it allocates. */
export function offersChanged(before: Immutable<Node>, now: Immutable<Node>): boolean {
  return offer(before) !== offer(now);
}

function offer({ metadata, spec, status }: Immutable<Node>): string {
  const ready = status?.conditions?.find((condition) => condition.type === 'Ready')?.status;
  return JSON.stringify([metadata.labels, spec?.unschedulable, status?.allocatable, ready]);
}
