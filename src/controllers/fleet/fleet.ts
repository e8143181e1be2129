import { type ComputeCluster, LOCAL_CLUSTER } from '../../api/compute-cluster.ts';
import type { Pod } from '../../api/builtin.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { Change } from '../../kube/informer.ts';
import type { Store } from '../../kube/store.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { ClusterView } from './cluster-view.ts';
import { type Written, onceWritten, stillItself } from './identity.ts';
import type { LocalCluster } from './local-cluster.ts';
import { type Members, createMembers } from './members.ts';
import type { MemberParts } from './member.ts';

/** Who is told what happens in clusters other than the local one, whose informers tell it themselves. */
export interface FleetListener {
  /** Whether the cluster can be reached, or what it has, may have become another. */
  changed(cluster: string): void;
  podChanged(cluster: string, change: Change<Pod>): void;
}

/** All clusters, by the name of their ComputeCluster: the one in which Headframe runs, and the members. */
export interface Fleet {
  /**
   * What is known of the cluster now, if it still is the one it was. Connects when its ComputeCluster is new, or says something else
   * than before; waits for no member.
   */
  look(cluster: Immutable<ComputeCluster>, log: Logger): Promise<ClusterView>;
  /** The same for whoever counts on it: `connecting` also until its status says which cluster it is, or when nobody has looked yet. */
  view(name: string): ClusterView;
  /** Closes the connection to the cluster, if there is one. */
  forget(name: string): void;
  /** UID of the namespace kube-system of the local cluster, by which our pods in others are known; undefined when it is refused. */
  homeUid(log: Logger): Promise<string | undefined>;
  listen(listener: FleetListener): void;
  /** The end of `signal` closes all connections, for good. */
  begin(signal: AbortSignal): void;
}

/** @param written by which a cluster is known to be still the one it was */
export function createFleet(
  local: LocalCluster,
  parts: MemberParts,
  written: Written & { readonly clusters: Pick<Store<ComputeCluster>, 'get'> },
): Fleet {
  const listeners: FleetListener[] = [];
  const members: Members = createMembers(parts, {
    changed: (cluster) => listeners.forEach((listener) => listener.changed(cluster)),
    podChanged: (cluster, change) => listeners.forEach((listener) => listener.podChanged(cluster, change)),
  });
  return {
    async look(cluster, log) {
      if (cluster.spec.connection.type === 'Kubeconfig') {
        return stillItself(cluster, members.view(cluster), written);
      }
      members.forget(cluster.metadata.name);
      await local.uid(log);
      return local.view;
    },
    view(name) {
      if (name === LOCAL_CLUSTER) {
        return local.view;
      }
      const cluster = written.clusters.get(name);
      return cluster === undefined ? members.peek(name) : onceWritten(cluster, members.peek(name), written);
    },
    forget: (name) => members.forget(name),
    homeUid: (log) => local.uid(log),
    listen: (listener) => void listeners.push(listener),
    begin: (signal) => members.begin(signal),
  };
}
