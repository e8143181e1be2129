import type { Pod } from '../../api/builtin.ts';
import type { ComputeCluster } from '../../api/compute-cluster.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { MinerPool } from '../../api/miner-pool.ts';
import { type NodeRoom, nodeRoom } from '../../compute/giving-back/node-room.ts';
import { type WaitingPod, ownersWaiting } from '../../compute/giving-back/owners-pending.ts';
import { type GivingBackPlan, planGivingBack } from '../../compute/giving-back/plan.ts';
import type { NodeUsage } from '../../compute/inventory.ts';
import { gpuResourceOf, podGpuRequest } from '../../compute/pod-gpus.ts';
import { GPU_PODS_BY_NODE } from '../caches.ts';
import type { Reachable } from '../fleet/cluster-view.ts';
import { BY_ROLE, type PodRole } from '../pod-roles.ts';
import { keptOf } from './kept.ts';
import { type Host, guestsAmong } from './own-guests.ts';

/** What giving back looks at. */
export interface GivingBackParts {
  readonly cluster: Immutable<ComputeCluster>;
  readonly view: Reachable;
  readonly usages: readonly NodeUsage[];
  readonly isOpen: boolean;
  /** GPUs that guests hold although they are reserved, those of pods that are being deleted among them. */
  readonly owed: number;
  readonly host: Host;
  readonly pools: Iterable<Immutable<MinerPool>>;
}

/** Who leaves a cluster, and why. */
export interface GivingBackFinding {
  readonly plan: GivingBackPlan;
  /** GPUs that others wait for. */
  readonly waitingForGPUs: number;
  /** GPUs that guests hold although they are reserved. */
  readonly owedToReserve: number;
}

/**
 * Reads the caches of a cluster and decides who leaves.
 * @param now milliseconds since 1970
 */
export function givingBackIn(parts: GivingBackParts, now: number): GivingBackFinding {
  const { cluster, view, usages, isOpen, host, pools } = parts;
  const pods = (role: PodRole): ReturnType<typeof view.pods.byIndex> => view.pods.byIndex(BY_ROLE, role);
  const waiting = ownersWaiting(pods('unbound'));
  // In an open cluster to which nothing is owed, those that may stay after all are the only ones of interest.
  const owed = parts.owed === 0 ? 0 : Math.max(0, parts.owed - gpusOnTheirWay(pods('guest')));
  const concerned = isOpen && waiting.length === 0 && owed === 0 ? pods('told') : pods('guest');
  const guests = guestsAmong(concerned, host, { pools, usages });
  const plan = planGivingBack(
    {
      terms: cluster.spec.givingBack,
      isOpen,
      guests,
      nodes: guests.length === 0 ? [] : roomsFor(waiting, view, usages),
      waiting,
      owed,
      left: keptOf(cluster.status).givingBack.left,
    },
    now,
  );
  const waitingForGPUs = waiting.reduce((sum, { gpus }) => sum + gpus, 0);
  return { plan, waitingForGPUs, owedToReserve: owed };
}

/** GPUs of guests that are being deleted and still hold them. */
function gpusOnTheirWay(guests: readonly Immutable<Pod>[]): number {
  return guests
    .filter(({ metadata, spec }) => metadata.deletionTimestamp !== undefined && spec.nodeName !== undefined)
    .filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed')
    .reduce((sum, pod) => sum + podGpuRequest(pod, gpuResourceOf(pod) ?? ''), 0);
}

/** All nodes: those that the owner keeps from guests serve the owner as well. */
function roomsFor(
  waiting: readonly WaitingPod[],
  view: Reachable,
  usages: readonly NodeUsage[],
): readonly NodeRoom[] {
  if (waiting.length === 0) {
    return [];
  }
  const nodes = new Map([...view.nodes()].map((node) => [node.metadata.name, node]));
  return usages.flatMap(({ gpus }) => {
    const node = nodes.get(gpus.node);
    return node === undefined ? [] : [nodeRoom(gpus, node, view.pods.byIndex(GPU_PODS_BY_NODE, gpus.node))];
  });
}
