import type { Pod } from '../../api/builtin.ts';
import type { ComputeCluster } from '../../api/compute-cluster.ts';
import { annotations, labels } from '../../api/group.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { BY_HOME } from '../caches.ts';
import type { ClusterView, Reachable } from '../fleet/cluster-view.ts';
import { isReleased, listed } from '../fleet/identity.ts';
import type { Withheld } from './withheld.ts';

/** What decides whether a ComputeCluster that is being deleted may go. */
export interface FarewellGrounds {
  readonly view: ClusterView;
  /** UID of the cluster in which Headframe runs, which our pods in others carry; undefined: it cannot be read. */
  readonly home: string | undefined;
  /** Name of another ComputeCluster that counts the very cluster, and has its pods from now on. */
  readonly heir: string | undefined;
  /** `namespace/name` of pools of which the status says that replicas are there, under the name of this one. */
  readonly pools: readonly string[];
}

/** What is left to do before a ComputeCluster that is being deleted may go. */
export type Farewell =
  | { readonly kind: 'over' }
  | { readonly kind: 'waiting'; readonly pods: readonly Immutable<Pod>[]; readonly why: Withheld };

/**
 * Pods of ours have to go first, unless the user has said not to wait for them, or another ComputeCluster has them from now on. What
 * cannot be known is waited for. Pure.
 */
export function farewellOf(
  cluster: Immutable<ComputeCluster>,
  { view, home, heir, pools }: FarewellGrounds,
): Farewell {
  if (isReleased(cluster)) {
    return over;
  }
  const remedy = `kubectl annotate computecluster ${cluster.metadata.name} ${annotations.release}=true`;
  if (heir !== undefined) {
    return pools.length === 0
      ? over
      : waiting(
          view,
          `ComputeCluster ${heir}, the same cluster, takes its pods over as soon as the status of ${listed(pools)} says so`,
        );
  }
  if (view.kind === 'connecting') {
    return waiting(view, 'the cluster is being asked for pods of Headframe');
  }
  if (view.kind === 'away') {
    return waiting(
      view,
      `pods of Headframe may still run in the cluster, which cannot be asked (${view.message}); bring it back, or leave them there: ${remedy}`,
    );
  }
  if (home === undefined) {
    return mayHaveOurs(view)
      ? waiting(
          view,
          `pods of a Headframe are there, and which of them are ours cannot be told as long as the namespace kube-system of the cluster in which Headframe runs cannot be read; allow the operator to get it, or leave them there: ${remedy}`,
        )
      : over;
  }
  const pods = view.pods.byIndex(BY_HOME, home);
  return pods.length === 0 ? over : waiting(view, `${pods.length} pods of Headframe have to end first`, pods);
}

const over: Farewell = { kind: 'over' };

function waiting(view: ClusterView, what: string, pods: readonly Immutable<Pod>[] = []): Farewell {
  const reachable = { reachable: 'True', away: 'False', connecting: 'Unknown' } as const;
  return {
    kind: 'waiting',
    pods,
    why: {
      reason: 'Deleting',
      message: `the ComputeCluster is being deleted, and ${what}`,
      isStalled: false,
      inventory: 'last',
      reachable: reachable[view.kind],
      uid: view.kind === 'reachable' ? view.uid : undefined,
    },
  };
}

/** Whether there are pods that some Headframe made from another cluster. */
function mayHaveOurs({ pods }: Reachable): boolean {
  return [...pods.list()].some(({ metadata }) => metadata.labels?.[labels.home] !== undefined);
}
