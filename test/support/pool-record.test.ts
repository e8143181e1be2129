import assert from 'node:assert/strict';
import { Pods } from '../../src/api/builtin.ts';
import { labels } from '../../src/api/group.ts';
import { MinerPools, type MinerPool } from '../../src/api/miner-pool.ts';
import { ownerReference } from '../../src/controllers/minerpool/owner-reference.ts';
import { minerPool } from './pool-objects.ts';
import { startPoolRecord, type PoolRecord } from './pool-record.ts';
import { surplusOf } from './pool-surplus.ts';
import { startTestCluster, type TestCluster } from './test-cluster.ts';
import { untilPasses } from './until-passes.ts';

const NAME = 'recorded';

describe('record of a pool, without an operator', function () {
  this.timeout(60_000);
  let cluster: TestCluster;
  let record: PoolRecord;

  before(async () => {
    cluster = await startTestCluster();
    record = await startPoolRecord(cluster.transport, NAME);
  });
  after(async () => {
    await record.stop();
    await cluster.stop();
  });

  async function write(replicas: number): Promise<MinerPool> {
    const { apiVersion, kind, spec } = minerPool();
    const pool = await cluster.client.apply(
      MinerPools,
      { apiVersion, kind, metadata: { name: NAME, namespace: 'default' }, spec: { ...spec, replicas } },
      { force: true },
    );
    record.specWritten(pool, replicas);
    return pool;
  }

  async function createPod(pool: MinerPool, ordinal: number): Promise<void> {
    await cluster.client.create(Pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `${NAME}-${ordinal}`,
        namespace: 'default',
        labels: { [labels.pool]: NAME },
        ownerReferences: [ownerReference(pool.apiVersion, pool)],
      },
      spec: { containers: [{ name: 'idle', image: 'example/idle:1' }], terminationGracePeriodSeconds: 0 },
    });
  }

  it('shows the pod that comes after a scale-down was observed, among fewer than there once were', async () => {
    const pool = await write(3);
    await createPod(pool, 0);
    await createPod(pool, 1);
    const scaledDown = await write(1);
    await createPod(pool, 2);
    const { generation: observedGeneration } = scaledDown.metadata;
    const { metadata } = await cluster.client.patchStatus(MinerPools, scaledDown, {
      ...minerPool().status,
      observedGeneration,
    });
    await cluster.client.delete(Pods, { namespace: 'default', name: `${NAME}-1` });
    await untilPasses(() => assert.ok(record.events.some(({ kind }) => kind === 'podLeft')));
    await createPod(scaledDown, 1);

    await untilPasses(() =>
      assert.equal(record.events.filter(({ kind }) => kind === 'podCreated').length, 4),
    );
    await untilPasses(() =>
      assert.ok(record.events.some(({ at }) => at === Number(metadata.resourceVersion))),
    );
    const surplus = surplusOf(record.events);
    assert.equal(surplus.length, 1, surplus.join('\n'));
    assert.match(surplus[0] ?? '', /^recorded-1, .* at most 1 were allowed, beside: recorded-0 recorded-2$/);
  });
});
