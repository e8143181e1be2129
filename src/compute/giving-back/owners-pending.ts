import type { Pod } from '../../api/builtin.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { isGuest } from '../node-usage.ts';
import { gpuResourceOf, podGpuRequest } from '../pod-gpus.ts';

/** A pod that is not Headframe's, for which the scheduler finds no node with enough free GPUs. */
export interface WaitingPod {
  readonly pod: Immutable<Pod>;
  /** Extended resource, such as `nvidia.com/gpu`. */
  readonly resource: string;
  /** Units that it asks for, all on one node. */
  readonly gpus: number;
}

/**
 * Those of the pods that wait for GPUs of their cluster and are not Headframe's: what guests have to make room for. A pod waits for
 * GPUs when the scheduler's own message says that a node has too few of them; one that waits for processors, for a node that there is
 * not, or for a gate, or that the scheduler has not tried yet, is none of them.
 */
export function ownersWaiting(pods: Iterable<Immutable<Pod>>): readonly WaitingPod[] {
  return [...pods].flatMap((pod) => waitingPod(pod) ?? []);
}

/**
 * How many GPUs the pods that {@link ownersWaiting} finds ask for, by resource. Placement leaves as many free, in addition to the
 * reserve.
 */
export function ownersPendingGpus(pods: Iterable<Immutable<Pod>>): Readonly<Record<string, number>> {
  const pending: Record<string, number> = {};
  for (const { resource, gpus } of ownersWaiting(pods)) {
    pending[resource] = (pending[resource] ?? 0) + gpus;
  }
  return pending;
}

function waitingPod(pod: Immutable<Pod>): WaitingPod | undefined {
  const resource = isUnbound(pod) && !isGuest(pod) ? gpuResourceOf(pod) : undefined;
  return resource !== undefined && isRefusedFor(pod, resource)
    ? { pod, resource, gpus: podGpuRequest(pod, resource) }
    : undefined;
}

function isUnbound({ metadata, spec, status }: Immutable<Pod>): boolean {
  const hasEnded = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  return spec.nodeName === undefined && metadata.deletionTimestamp === undefined && !hasEnded;
}

/** kube-scheduler, NodeResourcesFit: `0/3 nodes are available: 3 Insufficient nvidia.com/gpu.` */
function isRefusedFor({ status }: Immutable<Pod>, resource: string): boolean {
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled');
  return scheduled?.status === 'False' && scheduled.message?.includes(`Insufficient ${resource}`) === true;
}
