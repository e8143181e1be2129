import type { Pod } from '../../api/builtin.ts';
import { GROUP, labels } from '../../api/group.ts';
import { type Immutable, controllerOf } from '../../api/kube-object.ts';
import type { MinerPool } from '../../api/miner-pool.ts';
import { isAkashOwned } from '../../compute/akash/ownership.ts';
import type { Guest } from '../../compute/giving-back/guest.ts';
import type { NodeUsage } from '../../compute/inventory.ts';
import { isGuest } from '../../compute/node-usage.ts';
import { gpuResourceOf, podGpuRequest } from '../../compute/pod-gpus.ts';

/** Whose guests they are. */
export interface Host {
  /** Whether it is the cluster in which Headframe runs. */
  readonly isLocal: boolean;
  /** UID of the home cluster's namespace kube-system, which our pods in other clusters carry; undefined: it cannot be read, and none is known as ours. */
  readonly home: string | undefined;
}

/** UID of the MinerPool of a pod that this Headframe made; undefined for any other pod, and for whatever Akash claims as its own. */
export function poolUidOf(pod: Immutable<Pod>, { isLocal, home }: Host): string | undefined {
  if (!isGuest(pod) || isAkashOwned(pod)) {
    return undefined;
  }
  if (isLocal) {
    const owner = controllerOf(pod);
    return owner?.kind === 'MinerPool' && owner.apiVersion.startsWith(`${GROUP}/`) ? owner.uid : undefined;
  }
  const of = pod.metadata.labels ?? {};
  return home !== undefined && of[labels.home] === home ? of[labels.poolUid] : undefined;
}

/** What the worth of guests is known by. */
export interface Worth {
  readonly pools: Iterable<Immutable<MinerPool>>;
  readonly usages: readonly NodeUsage[];
}

/** This Headframe's guests among the pods, those that are being deleted or have ended left out. Those of a pool that is gone matter least. */
export function guestsAmong(
  pods: readonly Immutable<Pod>[],
  host: Host,
  { pools, usages }: Worth,
): readonly Guest[] {
  const priorities = new Map([...pools].map(({ metadata, spec }) => [metadata.uid, spec.priority]));
  const units = new Map(usages.map(({ gpus }) => [gpus.node, gpus.unit]));
  return pods.filter(isStaying).flatMap((pod) => {
    const pool = poolUidOf(pod, host);
    const resource = gpuResourceOf(pod);
    if (pool === undefined || resource === undefined) {
      return [];
    }
    const unit = units.get(pod.spec.nodeName ?? '');
    return [
      {
        pod,
        priority: priorities.get(pool) ?? -Infinity,
        v100EquivalentsPerGpu: unit?.v100Equivalents ?? 0,
        resource,
        gpus: podGpuRequest(pod, resource),
      },
    ];
  });
}

function isStaying({ metadata, status }: Immutable<Pod>): boolean {
  const hasEnded = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  return metadata.deletionTimestamp === undefined && !hasEnded;
}
