import type { ComputeCluster } from '../../api/compute-cluster.ts';
import { ComputeClusterStatus } from '../../api/compute-cluster-status.ts';
import { type Statement, condition, setConditions } from '../../api/conditions.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { Reason } from '../../api/reasons.ts';
import { keptOf } from './kept.ts';
import type { Away } from '../fleet/cluster-view.ts';

/** Why a cluster counts for nothing now. */
export interface Withheld {
  readonly reason: Reason;
  readonly message: string;
  readonly reachable: 'True' | 'False' | 'Unknown';
  /** Whether only the user can mend it. */
  readonly isStalled: boolean;
  /** `last`: what is known stays to be seen, with nothing of it free; `none`: another ComputeCluster counts it. */
  readonly inventory: 'last' | 'none';
  /** By which the cluster is told from others. Default: that by which it was known last, however long ago. */
  readonly uid?: string | undefined;
}

/** A cluster that cannot be asked. */
export function away({ reason, message }: Away): Withheld {
  const isThere = reason === 'Unreachable' || reason === 'SecretUnreadable';
  return {
    reason,
    message,
    reachable: 'False',
    isStalled: !isThere,
    inventory: 'last',
  };
}

export const connecting: Withheld = {
  reason: 'Connecting',
  message: 'the cluster is being asked for its nodes and pods',
  reachable: 'Unknown',
  isStalled: false,
  inventory: 'last',
};

/** @param other name of the ComputeCluster that counts */
export function duplicate(other: string, uid: string): Withheld {
  return {
    reason: 'DuplicateCluster',
    message: `it is the same cluster as ComputeCluster ${other}, which is older and counts: both have the namespace kube-system with UID ${uid}; delete one of the two`,
    reachable: 'True',
    isStalled: true,
    inventory: 'none',
    uid,
  };
}

/**
 * The one derivation of the status of a cluster that counts for nothing now. Pure.
 * @param now milliseconds since 1970
 */
export function withheldStatus(
  cluster: Immutable<ComputeCluster>,
  why: Withheld,
  now: number,
): ComputeClusterStatus {
  const { generation } = cluster.metadata;
  const uid = why.uid ?? cluster.status?.clusterUID;
  return {
    ...(why.inventory === 'last' ? lastInventory(cluster.status) : nothing()),
    ...keptOf(why.inventory === 'last' ? cluster.status : undefined),
    ...(uid === undefined ? {} : { clusterUID: uid }),
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    conditions: setConditions(cluster.status?.conditions, statements(why), { now, generation }),
  };
}

function statements({ reason, message, reachable, isStalled }: Withheld): readonly Statement[] {
  return [
    condition('Ready', reachable === 'Unknown' ? 'Unknown' : 'False', reason, message),
    reachable === 'True'
      ? condition('Reachable', true, 'Reachable')
      : condition('Reachable', reachable, reason, message),
    condition('OpenToGuests', false, reason, message),
    ...(reachable === 'Unknown' ? [condition('Reconciling', true, reason, message)] : []),
    ...(isStalled ? [condition('Stalled', true, reason, message)] : []),
  ];
}

type Inventory = Pick<ComputeClusterStatus, 'nodes' | 'gpus' | 'totals'>;

const notFree = { free: 0, reserved: 0, freeForGuests: 0 };

function lastInventory(status: Immutable<ComputeClusterStatus> | undefined): Inventory {
  if (status === undefined) {
    return nothing();
  }
  return {
    nodes: { ...status.nodes },
    gpus: status.gpus.map((entry) => ({ ...entry, ...notFree })),
    totals: { ...status.totals, ...notFree },
  };
}

function nothing(): Inventory {
  const { nodes, gpus, totals } = ComputeClusterStatus.parse({});
  return { nodes, gpus, totals };
}
