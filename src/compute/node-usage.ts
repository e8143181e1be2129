import type { Pod } from '../api/builtin.ts';
import { MANAGER, labels } from '../api/group.ts';
import type { Immutable } from '../api/kube-object.ts';
import { isAkashOwned } from './akash/ownership.ts';
import type { NodeUsage } from './inventory.ts';
import type { NodeGpus } from './node-gpus.ts';
import { podGpuRequest } from './pod-gpus.ts';

/**
 * What pods hold of a node's GPUs, by whose they are.
 * @param pods those that hold GPUs of the node, of every namespace
 */
export function usageOf(gpus: NodeGpus, pods: readonly Immutable<Pod>[]): NodeUsage {
  const held = (some: readonly Immutable<Pod>[]): number =>
    some.reduce((sum, pod) => sum + podGpuRequest(pod, gpus.resource), 0);
  return {
    gpus,
    allocated: held(pods),
    guests: held(pods.filter(isGuest)),
    leased: held(pods.filter((pod) => isAkashOwned(pod) && !isGuest(pod))),
  };
}

/** Whether Headframe made the pod. */
export function isGuest({ metadata }: Immutable<Pod>): boolean {
  return metadata.labels?.[labels.managedBy] === MANAGER;
}
