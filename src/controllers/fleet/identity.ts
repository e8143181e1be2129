import type { ComputeCluster } from '../../api/compute-cluster.ts';
import { annotations } from '../../api/group.ts';
import { type Immutable, keyOf } from '../../api/kube-object.ts';
import type { MinerPool } from '../../api/miner-pool.ts';
import type { ClusterView } from './cluster-view.ts';

/** What is written down of clusters, and of where pools have replicas. */
export interface Written {
  readonly clusters: Listed<ComputeCluster>;
  readonly pools: Listed<MinerPool>;
}

/** A store, as far as it is read here. */
interface Listed<T> {
  list(): Iterable<Immutable<T>>;
}

/** Whether the user has said that nobody waits for what Headframe made there. */
export function isReleased({ metadata }: Immutable<ComputeCluster>): boolean {
  return metadata.annotations?.[annotations.release] === 'true';
}

/** `namespace/name` of the pools of which the status says that replicas are, or may be, in the cluster of that name. */
export function poolsIn(name: string, { pools }: Pick<Written, 'pools'>): readonly string[] {
  return [...pools.list()]
    .filter(({ status }) => {
      const { places = [], leftBehind = [] } = status?.placement ?? {};
      return [...places, ...leftBehind].some(({ cluster }) => cluster === name);
    })
    .map(keyOf);
}

/**
 * What is seen through a ComputeCluster, if it still leads to the cluster that it did: else the pods that are recorded there would be
 * missed in a cluster in which they never were. It may lead to another one when no pool has anything recorded there, or the user has
 * released the former one; if a twin of that is left, the pools are handed over to the twin first. Pure.
 */
export function stillItself(
  cluster: Immutable<ComputeCluster>,
  view: ClusterView,
  written: Written,
): ClusterView {
  const before = cluster.status?.clusterUID;
  const isTold = cluster.spec.connection.type === 'Kubeconfig' && view.kind === 'reachable';
  if (!isTold || view.uid === undefined || before === undefined || view.uid === before) {
    return view;
  }
  const { name } = cluster.metadata;
  const pools = poolsIn(name, written);
  if (pools.length === 0) {
    return view;
  }
  const twin = [...written.clusters.list()].find(
    ({ metadata, status }) => metadata.name !== name && status?.clusterUID === before,
  );
  if (isReleased(cluster) && twin === undefined) {
    return view;
  }
  const another = `it leads to another cluster than before: the namespace kube-system has UID ${view.uid} instead of ${before}`;
  const message = isReleased(cluster)
    ? `${another}, and is released; what ${listed(pools)} has in the former one goes over to ComputeCluster ${twin?.metadata.name} first`
    : `${another}, and replicas of ${listed(pools)} are in the former one; let it lead there again, or go on with the new one and leave there what still runs: kubectl annotate computecluster ${name} ${annotations.release}=true`;
  return { kind: 'away', reason: 'ClusterChanged', message };
}

/**
 * As {@link stillItself}, for those who make and delete pods: a cluster can be reached only once its status says which one it is. So
 * whoever comes next can tell whether it still is the same. Pure.
 */
export function onceWritten(
  cluster: Immutable<ComputeCluster>,
  view: ClusterView,
  written: Written,
): ClusterView {
  const seen = stillItself(cluster, view, written);
  const mustBeWritten =
    cluster.spec.connection.type === 'Kubeconfig' && seen.kind === 'reachable' && seen.uid !== undefined;
  return mustBeWritten && seen.uid !== cluster.status?.clusterUID
    ? { kind: 'connecting', uid: seen.uid }
    : seen;
}

/** `pool default/a`, `pools default/a, default/b and 3 more`. */
export function listed(pools: readonly string[]): string {
  const shown = pools.slice(0, 3).join(', ');
  const more = pools.length > 3 ? ` and ${pools.length - 3} more` : '';
  return `${pools.length === 1 ? 'pool' : 'pools'} ${shown}${more}`;
}
