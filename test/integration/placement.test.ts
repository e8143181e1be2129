import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { ComputeClusters } from '../../src/api/compute-cluster.ts';
import { findCondition } from '../../src/api/conditions.ts';
import { MinerPools } from '../../src/api/miner-pool.ts';
import { isNotFound } from '../../src/kube/errors.ts';
import { clusterKind, h100Node } from '../support/test-cluster.ts';
import { untilPasses } from '../support/until-passes.ts';
import { type FleetOnTrial, fleetOnTrial, v100Node } from './support/fleet-on-trial.ts';

describe(`placement over clusters, on ${clusterKind} API servers`, function () {
  this.timeout(180_000);
  let fleet: FleetOnTrial;

  before(async () => {
    fleet = await fleetOnTrial({
      local: [],
      campus: [v100Node('campus-a', 4)],
      rented: [h100Node('rented-a')],
    });
    // The cheaper one per V100-equivalent hour is the campus: 0.40 against 0.80.
    await fleet.join('campus', { pricing: { perV100EquivalentHour: '0.40', models: [] } });
    await fleet.join('rented', { pricing: { perV100EquivalentHour: '0.80', models: [] } });
  });
  after(() => fleet.stop());

  async function where(pool: string): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const cluster of ['local', 'campus', 'rented']) {
      counts[cluster] = (await fleet.pods(cluster, pool)).length;
    }
    return counts;
  }

  async function becomes(pool: string, expected: Record<string, number>, ready: string): Promise<void> {
    await untilPasses(async () => {
      const { status } = await fleet.pool(pool);
      const condition = findCondition(status?.conditions, 'Ready');
      assert.deepEqual(
        { ...(await where(pool)), ready: `${condition?.status} ${condition?.reason}` },
        { ...expected, ready },
        JSON.stringify([status?.placement, condition]),
      );
    }, 30_000);
  }

  it('fills the cheaper cluster first, and spills over', async () => {
    await fleet.applyPool('p', { replicas: 6, placement: {} });
    await becomes('p', { local: 0, campus: 4, rented: 2 }, 'True AllReplicasReady');
    const { status, metadata } = await fleet.pool('p');

    assert.deepEqual(status?.placement?.places, [
      {
        cluster: 'campus',
        model: 'v100-sxm2-32gb',
        replicas: 4,
        ready: 4,
        ordinals: '0-3',
        pricePerGpuHour: '0.4',
      },
      {
        cluster: 'rented',
        model: 'h100-sxm5-80gb',
        replicas: 2,
        ready: 2,
        ordinals: '4-5',
        pricePerGpuHour: '6.33216',
      },
    ]);
    assert.deepEqual(metadata.finalizers, ['headframe.dev/member-pods']);
  });

  it('scales down from the highest ordinal, wherever it is', async () => {
    await fleet.applyPool('p', { replicas: 5, placement: {} });
    await becomes('p', { local: 0, campus: 4, rented: 1 }, 'True AllReplicasReady');
  });

  it('says why it places no more', async () => {
    await fleet.applyPool('p', { replicas: 5, placement: { maxPricePerGpuHour: '2.50' } });
    await becomes('p', { local: 0, campus: 4, rented: 0 }, 'False NoPlace');
    const { status } = await fleet.pool('p');

    assert.equal(
      findCondition(status?.conditions, 'Ready')?.message,
      'no place for 1 of 5 replicas with 1 x any NVIDIA GPU; 0/2 clusters: 1 has no free GPU, 1 price above cap 2.50 USD',
    );
  });

  it('replaces the replicas of a lost cluster after the grace, and removes the surplus when it returns', async () => {
    await fleet.applyPool('p', { replicas: 5, placement: { clusterLostGraceSeconds: 2 } });
    await becomes('p', { local: 0, campus: 4, rented: 1 }, 'True AllReplicasReady');
    const { proxy } = fleet.members.get('campus') ?? assert.fail();
    await proxy.refuse();
    await becomes('p', { local: 0, campus: 4, rented: 5 }, 'True AllReplicasReady');
    const lost = await fleet.pool('p');
    assert.match(
      findCondition(lost.status?.conditions, 'ReplicasUnseen')?.message ?? '',
      /^cluster campus has been unreachable since \S+: 4 more may still run there, and are removed when it returns$/,
    );

    await proxy.heal();
    await becomes('p', { local: 0, campus: 0, rented: 5 }, 'True AllReplicasReady');
    await untilPasses(async () => {
      const { status } = await fleet.pool('p');
      assert.equal(findCondition(status?.conditions, 'ReplicasUnseen'), undefined);
      assert.deepEqual(status?.placement?.leftBehind, []);
    }, 20_000);
  });

  it('knows after a restart which replicas are in a cluster that cannot be asked', async () => {
    await fleet.applyPool('q', { replicas: 3, placement: {} });
    await becomes('q', { local: 0, campus: 3, rented: 0 }, 'True AllReplicasReady');
    const { proxy } = fleet.members.get('campus') ?? assert.fail();
    await proxy.refuse();
    await fleet.restart();
    await becomes('q', { local: 0, campus: 3, rented: 0 }, 'False ClusterUnreachable');
    await proxy.heal();
    await becomes('q', { local: 0, campus: 3, rented: 0 }, 'True AllReplicasReady');
  });

  it('takes its pods along when a pool is deleted', async () => {
    await fleet.home.client.delete(MinerPools, { namespace: 'default', name: 'q' });
    await untilPasses(async () => {
      assert.deepEqual(await where('q'), { local: 0, campus: 0, rented: 0 });
      await assert.rejects(fleet.pool('q'), isNotFound);
    }, 20_000);
  });

  it('deletes what a pool has left that went without its finalizer', async () => {
    await fleet.applyPool('q', { replicas: 1, placement: {} });
    await becomes('q', { local: 0, campus: 1, rented: 0 }, 'True AllReplicasReady');
    await fleet.home.client.mergePatch(
      MinerPools,
      { namespace: 'default', name: 'q' },
      { metadata: { finalizers: [] } },
    );
    await fleet.home.client.delete(MinerPools, { namespace: 'default', name: 'q' });
    await untilPasses(
      async () => assert.deepEqual(await where('q'), { local: 0, campus: 0, rented: 0 }),
      20_000,
    );
  });

  it('goes on with a rotated kubeconfig', async () => {
    const { cluster } = fleet.members.get('rented') ?? assert.fail();
    await fleet.putKubeconfig('rented', await readFile(cluster.kubeconfig, 'utf8'));
    const { proxy } = fleet.members.get('rented') ?? assert.fail();
    // The way of the former kubeconfig.
    await untilPasses(() => {
      assert.equal(proxy.record.filter(({ endedAt }) => endedAt === undefined).length, 0);
    }, 20_000);
    await proxy.refuse();
    await fleet.applyPool('p', { replicas: 6, placement: { clusterSelector: { names: ['rented'] } } });
    await becomes('p', { local: 0, campus: 0, rented: 6 }, 'True AllReplicasReady');
  });

  it('updates its replicas within the budget, whatever cluster they are in', async () => {
    const census = await fleet.census('p');
    await fleet.applyPool('p', { replicas: 6, placement: { policy: 'Spread' } });
    await becomes('p', { local: 0, campus: 0, rented: 6 }, 'True AllReplicasReady');
    const template = {
      spec: { containers: [{ name: 'miner', image: 'headframe/miner', env: [{ name: 'A', value: '1' }] }] },
    };
    await fleet.applyPool('p', { replicas: 6, placement: { policy: 'Spread' }, template });
    await untilPasses(async () => {
      const { status, metadata } = await fleet.pool('p');
      assert.equal(status?.observedGeneration, metadata.generation);
      assert.equal(status?.updatedReplicas, 6);
      assert.equal(status.availableReplicas, 6);
    }, 60_000);
    assert.ok(census.most() <= 6);
    assert.deepEqual(census.doubled(), []);
    await census.stop();
  });

  it('moves a replica to the cheaper place, within its budget', async () => {
    const moves = { minSavingPercent: 10, minRunSeconds: 0, maxPerHour: 2 };
    await fleet.applyPool('p', { replicas: 4, placement: { clusterSelector: { names: ['rented'] } } });
    await becomes('p', { local: 0, campus: 0, rented: 4 }, 'True AllReplicasReady');
    await fleet.applyPool('p', { replicas: 4, placement: { moves } });
    await becomes('p', { local: 0, campus: 2, rented: 2 }, 'True AllReplicasReady');
    assert.equal((await fleet.pool('p')).status?.placement?.recentMoves.length, 2);
  });

  it('leaves a place whose price rises above the cap', async () => {
    const census = await fleet.census('p');
    await fleet.applyPool('p', { replicas: 4, placement: { maxPricePerGpuHour: '7' } });
    await fleet.applyCluster('rented', { pricing: { perV100EquivalentHour: '1.00', models: [] } });
    await becomes('p', { local: 0, campus: 4, rented: 0 }, 'True AllReplicasReady');
    assert.ok(census.most() <= 4);
    assert.deepEqual(census.doubled(), []);
    await census.stop();
  });

  it('ends its pods with the ComputeCluster, and makes them again elsewhere', async () => {
    const census = await fleet.census('p');
    await fleet.applyPool('p', { replicas: 4, placement: {} });
    await fleet.home.client.delete(ComputeClusters, { name: 'campus' });
    await becomes('p', { local: 0, campus: 0, rented: 4 }, 'True AllReplicasReady');
    await untilPasses(async () => {
      await assert.rejects(fleet.home.client.get(ComputeClusters, { name: 'campus' }), isNotFound);
    }, 20_000);
    assert.ok(census.most() <= 4);
    assert.deepEqual(census.doubled(), []);
    await census.stop();
  });

  it('waits with the end of a ComputeCluster for one that cannot be asked, unless it is released', async () => {
    const { proxy } = fleet.members.get('campus') ?? assert.fail();
    await fleet.join('campus', { pricing: { perV100EquivalentHour: '0.40', models: [] } });
    await fleet.applyPool('r', { replicas: 2, placement: { clusterLostGraceSeconds: 0 } });
    await becomes('r', { local: 0, campus: 2, rented: 0 }, 'True AllReplicasReady');
    await proxy.refuse();
    await fleet.home.client.delete(ComputeClusters, { name: 'campus' });
    await untilPasses(async () => {
      const { status } = await fleet.home.client.get(ComputeClusters, { name: 'campus' });
      assert.match(
        findCondition(status?.conditions, 'Ready')?.message ?? '',
        /pods of Headframe may still run in the cluster, which cannot be asked .*kubectl annotate computecluster campus headframe.dev\/release=true/,
      );
    }, 20_000);
    await becomes('r', { local: 0, campus: 2, rented: 2 }, 'True AllReplicasReady');
    await fleet.home.kubectl(['annotate', 'computecluster', 'campus', 'headframe.dev/release=true']);
    await untilPasses(async () => {
      await assert.rejects(fleet.home.client.get(ComputeClusters, { name: 'campus' }), isNotFound);
    }, 20_000);
    await proxy.heal();
    await becomes('r', { local: 0, campus: 2, rented: 2 }, 'True AllReplicasReady');
    await untilPasses(async () => {
      const { status } = await fleet.pool('r');
      assert.equal(findCondition(status?.conditions, 'ReplicasUnseen'), undefined);
    }, 20_000);
  });

  it('removes what a release left there once the cluster is back', async () => {
    await fleet.join('campus', { pricing: { perV100EquivalentHour: '0.40', models: [] } });
    await becomes('r', { local: 0, campus: 0, rented: 2 }, 'True AllReplicasReady');
  });
});
