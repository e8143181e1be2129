import { type Node, Nodes, type Pod, Pods } from '../../src/api/builtin.ts';
import { type ComputeCluster, ComputeClusterSpec, ComputeClusters } from '../../src/api/compute-cluster.ts';
import { ComputeClusterStatus } from '../../src/api/compute-cluster-status.ts';
import { labels } from '../../src/api/group.ts';
import type { KubeObject, ResourceType } from '../../src/api/kube-object.ts';
import { type MinerPool, MinerPools } from '../../src/api/miner-pool.ts';
import type { Result } from '../../src/controller/controller.ts';
import { type Caches, memberPodIndexes, podIndexes } from '../../src/controllers/caches.ts';
import type { ClusterView, Reachable } from '../../src/controllers/fleet/cluster-view.ts';
import type { Fleet, FleetListener } from '../../src/controllers/fleet/fleet.ts';
import { createNodeUsages } from '../../src/controllers/fleet/node-usages.ts';
import { clusterUsageMetrics } from '../../src/controllers/usage/cluster-metrics.ts';
import { usageController } from '../../src/controllers/usage/controller.ts';
import { registerLive } from '../../src/controllers/usage/live-metrics.ts';
import { poolUsageMetrics } from '../../src/controllers/usage/pool-metrics.ts';
import { type Usage, createUsage } from '../../src/controllers/usage/usage.ts';
import type { Change, Informer } from '../../src/kube/informer.ts';
import { objectStore, type ObjectStoreOptions } from '../../src/kube/object-store.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { Registry } from 'prom-client';
import { handInformer } from './fake-informer.ts';
import { manualClock, type ManualClock } from './manual-clock.ts';
import { minerPool } from './pool-objects.ts';
import { storedConfigMaps, type StoredConfigMaps } from './stored-config-maps.ts';

/** A cache that a test writes. */
interface WrittenCache<T extends KubeObject> {
  readonly informer: Informer<T>;
  set(object: T): void;
  remove(object: T): void;
  /** Tells of all that is there, as to a process that has just begun. */
  tellAll(): void;
}

function cache<T extends KubeObject>(
  type: ResourceType<T>,
  options: ObjectStoreOptions<T> = {},
  onChange: (change: Change<T>) => void = () => undefined,
): WrittenCache<T> {
  const store = objectStore<T>(options);
  const informer = handInformer(type);
  const tell = (changes: readonly Change<T>[]): void =>
    changes.forEach((change) => {
      informer.emit(change);
      onChange(change);
    });
  return {
    informer: Object.assign(informer, { store }),
    set: (object) => tell(store.set(object)),
    remove: (object) => tell(store.remove(object)),
    tellAll: () =>
      [...store.list()].forEach((object) => informer.emit({ type: 'added', object, initial: true })),
  };
}

/** What a test does to one cluster. */
export interface UsageCluster {
  readonly nodes: WrittenCache<Node>;
  readonly pods: WrittenCache<Pod>;
  /** What is known of it; `reachable` by itself. */
  view: ClusterView;
  readonly reachable: Reachable;
}

/** Some clusters, the usage of whose GPUs an operator looks at. It can be killed and started anew. */
export interface UsageWorld {
  readonly clock: ManualClock;
  readonly configMaps: StoredConfigMaps;
  readonly local: UsageCluster;
  cluster(name: string): UsageCluster;
  readonly pools: WrittenCache<MinerPool>;
  readonly clusters: WrittenCache<ComputeCluster>;
  /** Of the operator that runs now. */
  readonly usage: Usage;
  /** Reconciles one cluster. */
  look(cluster?: string): Promise<Result>;
  /** Kills the operator and starts another. */
  restart(): void;
  /** The text of /metrics, without comments. */
  metrics(): Promise<string[]>;
  isLeader: boolean;
}

/** A ComputeCluster that is observed to be the cluster of that UID. */
export function usageCluster(
  name: string,
  usage: object = {},
  status: Partial<ComputeClusterStatus> = {},
): ComputeCluster {
  const reason = 'InventoryKnown';
  return {
    apiVersion: 'headframe.dev/v1alpha1',
    kind: 'ComputeCluster',
    metadata: {
      name,
      uid: `${name}-object`,
      resourceVersion: String(++version),
      generation: 1,
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    spec: ComputeClusterSpec.parse({ usage }),
    status: {
      ...ComputeClusterStatus.parse({}),
      clusterUID: `uid-of-${name}`,
      conditions: [
        { type: 'Ready', status: 'True', reason, message: '', lastTransitionTime: '2026-01-01T00:00:00Z' },
      ],
      ...status,
    },
  };
}

let version = 1;

/** A running pod of `minerPool()`, bound since `since` (milliseconds since 1970). */
export function holder(
  name: string,
  facts: {
    since: number;
    node?: string;
    gpus?: number;
    poolUid?: string;
    pool?: string;
    endedAt?: number;
    member?: boolean;
  },
): Pod {
  const { since, node = 'n', gpus = 1, poolUid = 'pool-uid', pool = 'pool', endedAt, member = false } = facts;
  const owner = {
    apiVersion: 'headframe.dev/v1alpha1',
    kind: 'MinerPool',
    name: pool,
    uid: poolUid,
    controller: true,
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'default',
      uid: `${name}-uid`,
      resourceVersion: String(++version),
      creationTimestamp: new Date(since).toISOString(),
      ...(member ? { labels: { [labels.poolUid]: poolUid } } : { ownerReferences: [owner] }),
    },
    spec: {
      containers: [{ name: 'm', resources: { limits: { 'nvidia.com/gpu': String(gpus) } } }],
      nodeName: node,
    },
    status: {
      phase: endedAt === undefined ? 'Running' : 'Succeeded',
      conditions: [
        { type: 'PodScheduled', status: 'True', lastTransitionTime: new Date(since).toISOString() },
        ...(endedAt === undefined
          ? []
          : [
              {
                type: 'Ready',
                status: 'False' as const,
                lastTransitionTime: new Date(endedAt).toISOString(),
              },
            ]),
      ],
    },
  };
}

/** A running pod that is an exporter, on 127.0.0.1. */
export function exporterPod(name = 'exporter', facts: { ip?: string } = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'gpu-operator',
      uid: `${name}-uid`,
      resourceVersion: String(++version),
      creationTimestamp: '2026-01-01T00:00:00Z',
      labels: { app: 'nvidia-dcgm-exporter' },
    },
    spec: { containers: [{ name: 'e' }], nodeName: 'n' },
    status: { phase: 'Running', podIP: facts.ip ?? '127.0.0.1' },
  };
}

/** @param names of clusters besides `local` */
export function usageWorld(names: readonly string[] = [], clock: ManualClock = manualClock()): UsageWorld {
  const configMaps = storedConfigMaps();
  const listeners: FleetListener[] = [];
  const pools = cache(MinerPools);
  const clusters = cache(ComputeClusters);

  function createCluster(name: string): UsageCluster {
    const isLocal = name === 'local';
    const nodes = cache(Nodes);
    const pods = cache(Pods, { indexes: isLocal ? podIndexes : memberPodIndexes }, (change) => {
      if (!isLocal) {
        listeners.forEach((listener) => listener.podChanged(name, change));
      }
    });
    const reachable: Reachable = {
      kind: 'reachable',
      uid: `uid-of-${name}`,
      nodes: () => nodes.informer.store.list(),
      usages: createNodeUsages(nodes.informer, pods.informer),
      pods: pods.informer.store,
      awaySince: () => undefined,
      client: configMaps.client,
      session: 0,
    };
    return { nodes, pods, view: reachable, reachable };
  }
  const local = createCluster('local');
  const all = new Map([['local', local], ...names.map((name) => [name, createCluster(name)] as const)]);
  const fleet: Fleet = {
    look: (cluster) => Promise.resolve(find(cluster.metadata.name).view),
    view: (name) => find(name).view,
    forget: () => undefined,
    homeUid: () => Promise.resolve('uid-of-local'),
    listen: (listener) => void listeners.push(listener),
    begin: () => undefined,
  };

  function find(name: string): UsageCluster {
    const cluster = all.get(name);
    if (cluster === undefined) {
      throw new RangeError(`there is no cluster ${name}`);
    }
    return cluster;
  }

  function start(): Pick<UsageWorld, 'usage'> & {
    controller: ReturnType<typeof usageController>;
    registry: Registry;
  } {
    const caches = {
      pools: pools.informer,
      clusters: clusters.informer,
      pods: local.pods.informer,
      nodes: local.nodes.informer,
    } as unknown as Caches;
    const usage = createUsage({
      client: configMaps.client,
      namespace: 'headframe-system',
      caches,
      fleet,
      clock,
      checkpointMs: 60_000,
    });
    // Informers tell a new process of all that there is.
    pools.tellAll();
    local.pods.tellAll();
    const registry = new Registry();
    registerLive(registry, [...poolUsageMetrics(usage), ...clusterUsageMetrics(usage)], () => world.isLeader);
    const controller = usageController(usage);
    controller.begin?.(() => undefined, new AbortController().signal);
    return { usage, controller, registry };
  }

  const context = { log: silentLogger, signal: new AbortController().signal };
  const world: UsageWorld & { isLeader: boolean } = {
    isLeader: true,
    clock,
    configMaps,
    local,
    cluster: find,
    pools,
    clusters,
    get usage() {
      return running.usage;
    },
    look: (name = 'local') => running.controller.reconcile(name, context),
    restart() {
      listeners.length = 0;
      running = start();
    },
    async metrics() {
      const text = await running.registry.metrics();
      return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    },
  };
  let running = start();
  pools.set(minerPool());
  clusters.set(usageCluster('local'));
  return world;
}
