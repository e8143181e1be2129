import { type Node, Nodes, type Pod, Pods } from '../../src/api/builtin.ts';
import {
  type ComputeCluster,
  ComputeClusterSpec,
  ComputeClusters,
  LOCAL_CLUSTER,
} from '../../src/api/compute-cluster.ts';
import type { KubeObject, ResourceType } from '../../src/api/kube-object.ts';
import { memberPodIndexes, podIndexes } from '../../src/controllers/caches.ts';
import type { ClusterView, Reachable } from '../../src/controllers/fleet/cluster-view.ts';
import type { Fleet } from '../../src/controllers/fleet/fleet.ts';
import { type KnownClusters, createKnownClusters } from '../../src/controllers/fleet/known-clusters.ts';
import { createNodeUsages } from '../../src/controllers/fleet/node-usages.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import type { Change, Informer } from '../../src/kube/informer.ts';
import { type ObjectStoreOptions, objectStore } from '../../src/kube/object-store.ts';
import { handInformer } from './fake-informer.ts';
import { ago } from './pool-objects.ts';

/** A cache that a test writes. */
export interface HandCache<T extends KubeObject> {
  readonly informer: Informer<T>;
  /** @returns what changed */
  set(object: T): readonly Change<T>[];
  remove(object: T): readonly Change<T>[];
}

export function handCache<T extends KubeObject>(
  type: ResourceType<T>,
  objects: readonly T[] = [],
  options: ObjectStoreOptions<T> = {},
): HandCache<T> {
  const store = objectStore<T>(options);
  const informer = handInformer(type);
  const tell = (changes: readonly Change<T>[]): readonly Change<T>[] => {
    changes.forEach((change) => informer.emit(change));
    return changes;
  };
  const cache: HandCache<T> = {
    informer: { ...informer, store },
    set: (object) => tell(store.set(object)),
    remove: (object) => tell(store.remove(object)),
  };
  objects.forEach((object) => cache.set(object));
  return cache;
}

/** A ComputeCluster, reached by a kubeconfig unless its name is `local`. */
export function computeCluster(
  name: string,
  spec: Partial<ComputeClusterSpec> = {},
  metadata: Partial<ComputeCluster['metadata']> = {},
): ComputeCluster {
  const connection =
    name === LOCAL_CLUSTER
      ? { type: 'Local' as const }
      : { type: 'Kubeconfig' as const, kubeconfig: { secretRef: { name, key: 'kubeconfig' } } };
  return {
    apiVersion: 'headframe.dev/v1alpha1',
    kind: 'ComputeCluster',
    metadata: { name, uid: `${name}-uid`, resourceVersion: '1', creationTimestamp: ago(86_400), ...metadata },
    spec: { ...ComputeClusterSpec.parse({}), connection, ...spec },
  };
}

/** What a cluster of a {@link HandFleet} begins with. */
export interface HandClusterOptions {
  readonly cluster?: ComputeCluster;
  readonly nodes?: readonly Node[];
  readonly pods?: readonly Pod[];
  /** Default: any call fails. */
  readonly client?: Partial<KubeClient>;
  readonly uid?: string;
}

/** One cluster, as a test holds it in its hands. */
export interface HandCluster {
  readonly nodes: HandCache<Node>;
  readonly pods: HandCache<Pod>;
  /** What the fleet says of it. */
  view: ClusterView;
  readonly reachable: Reachable;
}

/** Clusters without connections. */
export interface HandFleet {
  readonly fleet: Fleet;
  readonly known: KnownClusters;
  readonly computeClusters: HandCache<ComputeCluster>;
  readonly clusters: Readonly<Record<string, HandCluster>>;
}

/** @param homeUid undefined: it may not be read */
export function handFleet(
  options: Readonly<Record<string, HandClusterOptions>>,
  homeUid: string | undefined = 'home',
): HandFleet {
  const clusters = Object.fromEntries(
    Object.entries(options).map(([name, cluster]) => [name, handCluster(name, cluster)]),
  );
  const computeClusters = handCache(
    ComputeClusters,
    Object.entries(options).map(([name, { cluster }]) => cluster ?? computeCluster(name)),
  );
  const view = (name: string): ClusterView => clusters[name]?.view ?? { kind: 'connecting' };
  const fleet: Fleet = {
    look: ({ metadata }) => Promise.resolve(view(metadata.name)),
    view,
    forget: () => undefined,
    homeUid: () => Promise.resolve(homeUid),
    listen: () => undefined,
    begin: () => undefined,
  };
  return {
    fleet,
    known: createKnownClusters(computeClusters.informer.store, fleet),
    computeClusters,
    clusters,
  };
}

function handCluster(name: string, options: HandClusterOptions): HandCluster {
  const nodes = handCache(Nodes);
  const pods = handCache(Pods, [], { indexes: name === LOCAL_CLUSTER ? podIndexes : memberPodIndexes });
  const reachable: Reachable = {
    kind: 'reachable',
    uid: options.uid,
    nodes: () => nodes.informer.store.list(),
    usages: createNodeUsages(nodes.informer, pods.informer),
    pods: pods.informer.store,
    awaySince: () => undefined,
    client: (options.client ?? {}) as KubeClient,
    session: 1,
  };
  options.nodes?.forEach((node) => nodes.set(node));
  options.pods?.forEach((pod) => pods.set(pod));
  return { nodes, pods, view: reachable, reachable };
}

/** What a cluster that cannot be asked says. */
export const AWAY: ClusterView = { kind: 'away', reason: 'Unreachable', message: 'no answer' };
