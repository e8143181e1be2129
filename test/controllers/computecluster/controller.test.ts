import assert from 'node:assert/strict';
import type { Node } from '../../../src/api/builtin.ts';
import type { ComputeCluster } from '../../../src/api/compute-cluster.ts';
import { after, done } from '../../../src/controller/controller.ts';
import { clusterWorld } from '../../support/cluster-world.ts';
import { gpuNode, poolPod } from '../../support/pool-objects.ts';

const MINUTE = 60_000;

const totals = (cluster: ComputeCluster | undefined): string => {
  const { allocatable, leased, free, freeForGuests } = cluster?.status?.totals ?? {};
  return `${allocatable} allocatable, ${leased} leased, ${freeForGuests} of ${free} free for guests`;
};

describe('controllers/computecluster', () => {
  it('writes a status once, and not again while nothing changes', async () => {
    const { reconcile, written } = clusterWorld({ reserve: 2 });

    assert.deepEqual(await reconcile(), done);
    assert.deepEqual(await reconcile(), done);
    assert.equal(written.length, 1);
    assert.equal(totals(written[0]), '8 allocatable, 0 leased, 6 of 8 free for guests');
  });

  it('opens and closes by the schedule at the very time, with one write each', async () => {
    // The clock starts on a Thursday at 00:00 UTC.
    const windows = [{ days: ['Thu' as const], start: '00:30', end: '04:00' }];
    const { clock, reconcile, written } = clusterWorld({ schedule: { timeZone: 'UTC', windows } });

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
    const { reconcile, written, nodes, pods } = clusterWorld({ profile: 'Akash', reserve: '50%' });
    nodes.set(changed(gpuNode('n', { labels }), '2'));
    pods.set(lease);

    await reconcile();
    assert.equal(totals(written.at(-1)), '8 allocatable, 3 leased, 1 of 5 free for guests');

    nodes.set(changed(gpuNode('n', { labels: {}, cordoned: true }), '3'));
    await reconcile();
    assert.equal(totals(written.at(-1)), '0 allocatable, 0 leased, 0 of 0 free for guests');
  });

  it('reads the nodes anew when the owner adds a model', async () => {
    const { reconcile, written, set } = clusterWorld({});
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
