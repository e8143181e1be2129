import type { ComputeCluster } from '../../api/compute-cluster.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { MinerPool } from '../../api/miner-pool.ts';
import { type NodeRoom, nodeRoom } from '../../compute/giving-back/node-room.ts';
import { type WaitingPod, ownersWaiting } from '../../compute/giving-back/owners-pending.ts';
import { type GivingBackPlan, planGivingBack } from '../../compute/giving-back/plan.ts';
import type { NodeUsage } from '../../compute/inventory.ts';
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
  readonly host: Host;
  readonly pools: Iterable<Immutable<MinerPool>>;
}

/** Who leaves a cluster, and for how many GPUs others wait there. */
export interface GivingBackFinding {
  readonly plan: GivingBackPlan;
  readonly waitingForGPUs: number;
}

/**
 * Reads the caches of a cluster and decides who leaves.
 * @param now milliseconds since 1970
 */
export function givingBackIn(parts: GivingBackParts, now: number): GivingBackFinding {
  const { cluster, view, usages, isOpen, host, pools } = parts;
  const pods = (role: PodRole): ReturnType<typeof view.pods.byIndex> => view.pods.byIndex(BY_ROLE, role);
  const waiting = ownersWaiting(pods('unbound'));
  // In an open cluster in which nobody waits, those that may stay after all are the only ones of interest.
  const concerned = isOpen && waiting.length === 0 ? pods('told') : pods('guest');
  const guests = guestsAmong(concerned, host, { pools, usages });
  const plan = planGivingBack(
    {
      terms: cluster.spec.givingBack,
      isOpen,
      guests,
      nodes: guests.length === 0 ? [] : roomsFor(waiting, view, usages),
      waiting,
      left: keptOf(cluster.status).givingBack.left,
    },
    now,
  );
  return { plan, waitingForGPUs: waiting.reduce((sum, { gpus }) => sum + gpus, 0) };
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
