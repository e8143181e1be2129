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
  /** By which the cluster is told from others, as long as it is the same. */
  readonly uid: string | undefined;
}

/** A cluster that cannot be asked. As long as it just does not answer it is still the one it was. */
export function away({ reason, message }: Away, cluster: Immutable<ComputeCluster>): Withheld {
  const isThere = reason === 'Unreachable' || reason === 'SecretUnreadable';
  return {
    reason,
    message,
    reachable: 'False',
    isStalled: !isThere,
    inventory: 'last',
    uid: isThere ? cluster.status?.clusterUID : undefined,
  };
}

export const connecting: Withheld = {
  reason: 'Connecting',
  message: 'the cluster is being asked for its nodes and pods',
  reachable: 'Unknown',
  isStalled: false,
  inventory: 'last',
  uid: undefined,
};

/** @param older name of the ComputeCluster that counts */
export function duplicate(older: string, uid: string): Withheld {
  return {
    reason: 'DuplicateCluster',
    message: `it is the same cluster as ComputeCluster ${older}, which is older: both have the namespace kube-system with UID ${uid}`,
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
  return {
    ...(why.inventory === 'last' ? lastInventory(cluster.status) : nothing()),
    ...keptOf(why.inventory === 'last' ? cluster.status : undefined),
    ...(why.uid === undefined ? {} : { clusterUID: why.uid }),
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
