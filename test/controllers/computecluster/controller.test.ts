import assert from 'node:assert/strict';
import { type Node, Nodes, type Pod, Pods } from '../../../src/api/builtin.ts';
import {
  type ComputeCluster,
  ComputeClusterSpec,
  ComputeClusters,
} from '../../../src/api/compute-cluster.ts';
import type { KubeObject, ResourceType } from '../../../src/api/kube-object.ts';
import { after, done, type Result } from '../../../src/controller/controller.ts';
import { type Caches, podIndexes } from '../../../src/controllers/caches.ts';
import { computeClusterController } from '../../../src/controllers/computecluster/controller.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import type { Informer } from '../../../src/kube/informer.ts';
import { objectStore, type ObjectStoreOptions } from '../../../src/kube/object-store.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { handInformer } from '../../support/fake-informer.ts';
import { type ManualClock, manualClock } from '../../support/manual-clock.ts';
import { loneFleet } from '../../support/lone-fleet.ts';
import { gpuNode, poolPod } from '../../support/pool-objects.ts';

const MINUTE = 60_000;

function local(spec: Partial<ComputeClusterSpec>): ComputeCluster {
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
): { informer: Informer<T>; set: (object: T) => void } {
  const store = objectStore<T>(options);
  const informer = handInformer(type);
  return {
    informer: { ...informer, store },
    set: (object) => store.set(object).forEach((change) => informer.emit(change)),
  };
}

/** What a test does to a cluster of one node, and sees of it. */
interface World {
  readonly clock: ManualClock;
  /** The cluster, after each write of its status. */
  readonly written: readonly ComputeCluster[];
  readonly nodes: { set: (node: Node) => void };
  readonly pods: { set: (pod: Pod) => void };
  readonly set: (cluster: ComputeCluster) => void;
  readonly reconcile: () => Promise<Result>;
}

/** The controller over a cluster of one node; what it writes is what it reads next. */
function world(spec: Partial<ComputeClusterSpec>): World {
  const clock = manualClock();
  const clusters = cache(ComputeClusters);
  const nodes = cache(Nodes);
  const pods = cache(Pods, { indexes: podIndexes });
  const written: ComputeCluster[] = [];
  const patchStatus = (
    type: ResourceType<ComputeCluster>,
    object: ComputeCluster,
    status: ComputeCluster['status'],
  ): Promise<ComputeCluster> => {
    assert.equal(type, ComputeClusters);
    const resourceVersion = String(Number(object.metadata.resourceVersion) + 1);
    const cluster = {
      ...object,
      metadata: { ...object.metadata, resourceVersion },
      ...(status === undefined ? {} : { status }),
    };
    written.push(cluster);
    clusters.set(cluster);
    return Promise.resolve(cluster);
  };
  const caches = { clusters: clusters.informer, nodes: nodes.informer, pods: pods.informer };
  // Any other write fails: there is no method for it.
  const client = { patchStatus, get: kubeSystem } as unknown as KubeClient;
  const controller = computeClusterController({
    client,
    events: { record: () => undefined },
    caches: caches as unknown as Caches,
    fleet: loneFleet(client, caches, clock),
    clock,
  });
  clusters.set(local(spec));
  nodes.set(gpuNode('n'));
  const context = { log: silentLogger, signal: new AbortController().signal };
  return {
    clock,
    written,
    nodes,
    pods,
    set: clusters.set,
    reconcile: () => controller.reconcile('local', context),
  };
}

const kubeSystem = (): Promise<object> => Promise.resolve({ metadata: { uid: 'uid-of-kube-system' } });

const totals = (cluster: ComputeCluster | undefined): string => {
  const { allocatable, leased, free, freeForGuests } = cluster?.status?.totals ?? {};
  return `${allocatable} allocatable, ${leased} leased, ${freeForGuests} of ${free} free for guests`;
};

describe('controllers/computecluster', () => {
  it('writes a status once, and not again while nothing changes', async () => {
    const { reconcile, written } = world({ reserve: 2 });

    assert.deepEqual(await reconcile(), done);
    assert.deepEqual(await reconcile(), done);
    assert.equal(written.length, 1);
    assert.equal(totals(written[0]), '8 allocatable, 0 leased, 6 of 8 free for guests');
  });

  it('opens and closes by the schedule at the very time, with one write each', async () => {
    // The clock starts on a Thursday at 00:00 UTC.
    const windows = [{ days: ['Thu' as const], start: '00:30', end: '04:00' }];
    const { clock, reconcile, written } = world({ schedule: { timeZone: 'UTC', windows } });

    assert.deepEqual(await reconcile(), after(30 * MINUTE));
    await clock.advance(30 * MINUTE - 1);
    assert.deepEqual(await reconcile(), after(1));
    assert.equal(written.length, 1);
    assert.equal(totals(written[0]), '8 allocatable, 0 leased, 0 of 8 free for guests');

    await clock.advance(1);
    assert.deepEqual(await reconcile(), after(60 * MINUTE), 'no longer than an hour without a look');
    await clock.advance(180 * MINUTE);
    assert.deepEqual(await reconcile(), after(30 * MINUTE));
    assert.equal(written.length, 2);
    assert.equal(totals(written[1]), '8 allocatable, 0 leased, 8 of 8 free for guests');

    await clock.advance(30 * MINUTE);
    await reconcile();
    assert.equal(written.length, 3);
    assert.equal(totals(written[2]), '8 allocatable, 0 leased, 0 of 8 free for guests');
  });

  it('follows Akash’s inventory, and writes nothing but the cluster’s own status', async () => {
    const capability = 'akash.network/capabilities.gpu.vendor.nvidia.model.h200';
    const labels = { 'akash.network': 'true', [capability]: '8' };
    const plain = poolPod({ ordinal: 0, revision: 'r', node: 'n', gpus: 3 });
    const lease = {
      ...plain,
      metadata: { ...plain.metadata, namespace: 'ipl900tdt16lvh5gpl1u', labels: { 'akash.network': 'true' } },
    };
    const { reconcile, written, nodes, pods } = world({ profile: 'Akash', reserve: '50%' });
    nodes.set(changed(gpuNode('n', { labels }), '2'));
    pods.set(lease);

    await reconcile();
    assert.equal(totals(written.at(-1)), '8 allocatable, 3 leased, 4 of 5 free for guests');

    nodes.set(changed(gpuNode('n', { labels: {}, cordoned: true }), '3'));
    await reconcile();
    assert.equal(totals(written.at(-1)), '0 allocatable, 0 leased, 0 of 0 free for guests');
  });

  it('reads the nodes anew when the owner adds a model', async () => {
    const { reconcile, written, set } = world({});
    await reconcile();
    const halfTflops = '2000';
    const gpuModels = [{ product: 'NVIDIA-H100-80GB-HBM3', halfTflops }];
    const before = written[0];
    assert.ok(before);
    set({
      ...before,
      metadata: { ...before.metadata, resourceVersion: '9' },
      spec: { ...before.spec, gpuModels },
    });

    await reconcile();
    assert.equal(written.at(-1)?.status?.totals.petaflops, '16');
  });
});

function changed(node: Node, resourceVersion: string): Node {
  return { ...node, metadata: { ...node.metadata, resourceVersion } };
}
