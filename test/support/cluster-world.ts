import assert from 'node:assert/strict';
import { type Node, Nodes, type Pod, Pods } from '../../src/api/builtin.ts';
import { type ComputeCluster, ComputeClusterSpec, ComputeClusters } from '../../src/api/compute-cluster.ts';
import type { KubeObject, ResourceType } from '../../src/api/kube-object.ts';
import { type MinerPool, MinerPools } from '../../src/api/miner-pool.ts';
import type { XidError } from '../../src/compute/quarantine/xid-failures.ts';
import type { Result } from '../../src/controller/controller.ts';
import { type Caches, memberPodIndexes, podIndexes } from '../../src/controllers/caches.ts';
import { computeClusterController } from '../../src/controllers/computecluster/controller.ts';
import { clusterMetrics } from '../../src/controllers/computecluster/metrics.ts';
import type { Fleet } from '../../src/controllers/fleet/fleet.ts';
import { projectPod } from '../../src/controllers/pod-projection.ts';
import type { DeleteOptions, KubeClient } from '../../src/kube/client.ts';
import type { EventDetails } from '../../src/kube/event-recorder.ts';
import type { Informer } from '../../src/kube/informer.ts';
import { objectStore, type ObjectStoreOptions } from '../../src/kube/object-store.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { createRegistry } from '../../src/telemetry/metrics-registry.ts';
import { handInformer } from './fake-informer.ts';
import { loneFleet } from './lone-fleet.ts';
import { type ManualClock, manualClock } from './manual-clock.ts';
import { gpuNode } from './pool-objects.ts';

/** The ComputeCluster `local`. */
export function localCluster(spec: Partial<ComputeClusterSpec>): ComputeCluster {
  return {
    apiVersion: 'headframe.dev/v1alpha1',
    kind: 'ComputeCluster',
    metadata: {
      name: 'local',
      uid: 'u',
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    spec: { ...ComputeClusterSpec.parse({}), ...spec },
  };
}

/** A cache that a test writes. */
function cache<T extends KubeObject>(
  type: ResourceType<T>,
  options: ObjectStoreOptions<T> = {},
): { informer: Informer<T>; set: (object: T) => void; remove: (object: T) => void } {
  const store = objectStore<T>(options);
  const informer = handInformer(type);
  return {
    informer: { ...informer, store },
    set: (object) => store.set(object).forEach((change) => informer.emit(change)),
    remove: (object) => store.remove(object).forEach((change) => informer.emit(change)),
  };
}

/** What a test does to a cluster of one node, and sees of it. */
export interface ClusterWorld {
  readonly clock: ManualClock;
  /** The cluster, after each write of its status. */
  readonly written: readonly ComputeCluster[];
  readonly nodes: { set: (node: Node) => void };
  readonly pods: {
    set: (pod: Pod) => void;
    remove: (pod: Pod) => void;
    get: (key: string) => Pod | undefined;
  };
  readonly pools: { set: (pool: MinerPool) => void };
  readonly set: (cluster: ComputeCluster) => void;
  readonly xidErrors: XidError[];
  readonly events: readonly EventDetails[];
  /** What was written on pods, one line each. */
  readonly podWrites: readonly string[];
  readonly metrics: () => Promise<string>;
  readonly reconcile: () => Promise<Result>;
  /** Another process takes over: nothing is left but what the caches show. */
  readonly restart: () => void;
}

/** What a world begins with, besides one node `n` of eight H100s. */
export interface WorldOptions {
  /** Default: 2026-01-01T00:00:00Z. */
  readonly start?: number;
  /** Default: a write on a pod fails, for there is no method for it. */
  readonly mayWritePods?: boolean;
  /** The cluster is another one than that in which Headframe runs, whose UID this is. */
  readonly home?: string;
}

/** The controller over a cluster of one node; what it writes is what it reads next. */
export function clusterWorld(
  spec: Partial<ComputeClusterSpec>,
  { start, mayWritePods = false, home }: WorldOptions = {},
): ClusterWorld {
  const clock = manualClock(start);
  const clusters = cache(ComputeClusters);
  const pools = cache(MinerPools);
  const nodes = cache(Nodes);
  const pods = cache(Pods, { indexes: home === undefined ? podIndexes : memberPodIndexes });
  const written: ComputeCluster[] = [];
  const podWrites: string[] = [];
  const events: EventDetails[] = [];
  const xidErrors: XidError[] = [];
  const registry = createRegistry({ version: 'test' });
  const metrics = clusterMetrics(registry);
  const patchStatus = (
    type: ResourceType<ComputeCluster>,
    object: ComputeCluster,
    status: ComputeCluster['status'],
  ): Promise<ComputeCluster> => {
    assert.equal(type, ComputeClusters);
    const cluster = { ...next(object), ...(status === undefined ? {} : { status }) };
    written.push(cluster);
    clusters.set(cluster);
    return Promise.resolve(cluster);
  };
  /** A cluster in which guests may be is held by a finalizer. */
  const holdCluster = (patch: object): ComputeCluster => {
    const cluster = [...clusters.informer.store.list()][0] as ComputeCluster;
    const { finalizers = [] } = (patch as { metadata: Partial<Pod['metadata']> }).metadata;
    const held = next({ ...cluster, metadata: { ...cluster.metadata, finalizers } });
    clusters.set(held);
    return held;
  };
  const podClient: Pick<KubeClient, 'mergePatch' | 'delete'> = {
    mergePatch: (type, { namespace, name }, patch) => {
      if ((type as unknown) === ComputeClusters) {
        return Promise.resolve(holdCluster(patch) as never);
      }
      const pod = pods.informer.store.get(`${namespace}/${name}`) as Pod;
      const { resourceVersion, annotations } = (patch as { metadata: Pod['metadata'] }).metadata;
      assert.equal(resourceVersion, pod.metadata.resourceVersion);
      const entries = Object.entries({ ...pod.metadata.annotations, ...annotations });
      const kept = Object.fromEntries(entries.filter(([, value]) => (value as string | null) !== null));
      const changed = next({ ...pod, metadata: { ...pod.metadata, annotations: kept } });
      podWrites.push(`${name}: ${JSON.stringify(annotations)}`);
      pods.set(changed);
      return Promise.resolve(changed as never);
    },
    delete: (_type, { namespace, name }, options: DeleteOptions = {}) => {
      const pod = pods.informer.store.get(`${namespace}/${name}`) as Pod;
      assert.equal(options.uid, pod.metadata.uid);
      const { gracePeriodSeconds } = options;
      podWrites.push(
        `${name}: deleted${gracePeriodSeconds === undefined ? '' : ` within ${gracePeriodSeconds} s`}`,
      );
      pods.set(
        next({
          ...pod,
          metadata: { ...pod.metadata, deletionTimestamp: new Date(clock.now()).toISOString() },
        }),
      );
      return Promise.resolve();
    },
  };
  const caches = {
    clusters: clusters.informer,
    nodes: nodes.informer,
    pods: pods.informer,
    pools: pools.informer,
  };
  const client = {
    patchStatus,
    get: kubeSystem,
    ...(mayWritePods ? podClient : {}),
  } as unknown as KubeClient;
  const lone = loneFleet(client, caches, clock);
  const fleet: Fleet =
    home === undefined
      ? lone
      : { ...lone, look: () => Promise.resolve(lone.view('local')), homeUid: () => Promise.resolve(home) };
  const build = (): ReturnType<typeof computeClusterController> =>
    computeClusterController({
      client,
      events: { record: (_regarding, details) => void events.push(details) },
      caches: caches as unknown as Caches,
      fleet,
      clock,
      metrics,
      xidErrors: () => xidErrors,
    });
  let controller = build();
  const kubeconfig = { secretRef: { name: 'partner', key: 'kubeconfig' } };
  clusters.set(
    localCluster(home === undefined ? spec : { connection: { type: 'Kubeconfig', kubeconfig }, ...spec }),
  );
  nodes.set(gpuNode('n'));
  const context = { log: silentLogger, signal: new AbortController().signal };
  return {
    clock,
    written,
    nodes,
    pods: {
      set: (pod) => pods.set(projectPod(pod)),
      remove: pods.remove,
      get: (key) => pods.informer.store.get(key) as Pod | undefined,
    },
    pools,
    set: clusters.set,
    xidErrors,
    events,
    podWrites,
    metrics: () => registry.metrics(),
    reconcile: () => controller.reconcile('local', context),
    restart: () => void (controller = build()),
  };
}

function next<T extends KubeObject>(object: T): T {
  const resourceVersion = String(Number(object.metadata.resourceVersion) + 1);
  return { ...object, metadata: { ...object.metadata, resourceVersion } };
}

const kubeSystem = (): Promise<object> => Promise.resolve({ metadata: { uid: 'uid-of-kube-system' } });
