import type { Node, Pod } from '../../api/builtin.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { matchesNodeAffinity } from '../node-affinity.ts';
import type { NodeGpus } from '../node-gpus.ts';
import { podGpuRequest } from '../pod-gpus.ts';
import { untoleratedTaint } from '../taints.ts';
import type { WaitingPod } from './owners-pending.ts';

/** A node, as far as the owner's pods can get GPUs there. */
export interface NodeRoom {
  readonly gpus: NodeGpus;
  readonly node: Immutable<Node>;
  /** GPUs that are free, or will be when the pods that are being deleted are gone. */
  readonly room: number;
}

/** @param pods those that hold GPUs of the node, of every namespace */
export function nodeRoom(gpus: NodeGpus, node: Immutable<Node>, pods: readonly Immutable<Pod>[]): NodeRoom {
  const held = pods
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .reduce((sum, pod) => sum + podGpuRequest(pod, gpus.resource), 0);
  return { gpus, node, room: Math.max(0, gpus.allocatable - held) };
}

/**
 * Whether the waiting pod could be on the node if enough of its GPUs were free: resource, node selector, required node affinity and
 * taints, as kube-scheduler decides them. Processors, memory, volumes and the affinity to other pods are not looked at.
 */
export function couldServe({ gpus, node }: NodeRoom, { pod, resource, gpus: wanted }: WaitingPod): boolean {
  return (
    gpus.resource === resource &&
    gpus.schedulable &&
    gpus.allocatable >= wanted &&
    matchesNodeAffinity(pod.spec, { name: gpus.node, labels: gpus.labels }) &&
    untoleratedTaint(node.spec?.taints ?? [], pod.spec.tolerations ?? [], ['NoSchedule', 'NoExecute']) ===
      undefined
  );
}
