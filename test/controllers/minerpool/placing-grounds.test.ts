import assert from 'node:assert/strict';
import type { Pod } from '../../../src/api/builtin.ts';
import type { ComputeClusterSpec } from '../../../src/api/compute-cluster.ts';
import { annotations } from '../../../src/api/group.ts';
import type { MinerPool } from '../../../src/api/miner-pool.ts';
import { Placement } from '../../../src/api/placement.ts';
import type { Taken } from '../../../src/controllers/minerpool/assumed.ts';
import { createAssumed } from '../../../src/controllers/minerpool/assumed.ts';
import { decide } from '../../../src/controllers/minerpool/decide.ts';
import { placingGrounds } from '../../../src/controllers/minerpool/placing-grounds.ts';
import { AWAY, type HandFleet, computeCluster, handFleet } from '../../support/hand-fleet.ts';
import { NOW, ago, gpuNode, minerPool, poolPod } from '../../support/pool-objects.ts';
import { MODEL, placedPool, seenFleet, unboundPod } from '../../support/seen-fleet.ts';

const H100 = 'h100-sxm5-80gb';
const placed = minerPool({ placement: Placement.parse({ policy: 'Spread' }) });

type Grounds = NonNullable<ReturnType<typeof placingGrounds>>;

function groundsOf(
  { known }: HandFleet,
  pool: MinerPool = placed,
  assumed: readonly Taken[] = [],
): Grounds | undefined {
  return placingGrounds(pool, known.all(NOW), assumed);
}

function free(grounds: Grounds | undefined): Record<string, readonly number[] | undefined> {
  return Object.fromEntries(
    (grounds ?? assert.fail()).offers.map(({ name, lines }) => [name, lines[0]?.freeByNode]),
  );
}

/** An unbound pod of another pool. */
function ofOthers(cluster: string, gpus = 1): Pod {
  const pod = unboundPod(cluster, 9, { model: H100, gpus });
  const labels = { ...pod.metadata.labels, 'headframe.dev/pool-uid': 'other' };
  return { ...pod, metadata: { ...pod.metadata, name: `other-${gpus}`, labels } };
}

describe('controllers/minerpool/placing-grounds', () => {
  describe('decide whether Headframe places a pool', () => {
    const terms: [name: string, spec: Partial<ComputeClusterSpec>, isPlaced: boolean][] = [
      ['a ComputeCluster without terms', {}, false],
      ['which nodes take part', { nodeSelector: { a: 'b' }, excludedNodes: ['n'] }, false],
      ['a price', { pricing: { perV100EquivalentHour: '1', models: [] } }, false],
      ['no reserve, in percent', { reserve: '0%' }, false],
      ['a reserve', { reserve: 1 }, true],
      ['a schedule', { schedule: { timeZone: 'UTC', windows: [] } }, true],
      ['only when idle', { onlyWhenIdle: true }, true],
      ['the terms of Akash', { profile: 'Akash' }, true],
    ];
    for (const [name, spec, isPlaced] of terms) {
      it(`by ${name} of the cluster in which it runs: ${isPlaced ? 'it does' : 'it does not'}`, () => {
        const fleet = handFleet({ local: { cluster: computeCluster('local', spec) }, a: {} });
        const grounds = groundsOf(fleet, minerPool());

        assert.equal(grounds !== undefined, isPlaced);
        if (isPlaced) {
          assert.deepEqual(grounds?.placement.clusterSelector.names, ['local']);
          assert.equal(grounds.placement.moves.maxPerHour, 0);
        }
      });
    }

    it('not by the terms of a ComputeCluster that is being deleted: the cluster stays', () => {
      const cluster = computeCluster('local', { reserve: 1 }, { deletionTimestamp: ago(1) });

      assert.equal(groundsOf(handFleet({ local: { cluster } }), minerPool()), undefined);
    });

    it('not by the terms of other clusters', () => {
      const fleet = handFleet({ a: { cluster: computeCluster('a', { reserve: 1 }) } });

      assert.equal(groundsOf(fleet, minerPool()), undefined);
    });

    it('by its own words first', () => {
      const fleet = handFleet({ local: { cluster: computeCluster('local', { reserve: 1 }) } });

      assert.equal(groundsOf(fleet)?.placement.policy, 'Spread');
    });
  });

  describe('offer', () => {
    it('what all clusters have but those that are leaving', () => {
      const leaving = computeCluster('b', {}, { deletionTimestamp: ago(1) });
      const fleet = handFleet({ a: { nodes: [gpuNode('n')] }, b: { cluster: leaving }, c: {} });
      (fleet.clusters['c'] ?? assert.fail()).view = AWAY;

      assert.deepEqual(free(groundsOf(fleet)), { a: [8], c: undefined });
    });

    it('not what pods of other pools are about to take, the largest replicas first', () => {
      const pods = [ofOthers('a', 1), ofOthers('a', 4)];
      const fleet = handFleet({ a: { nodes: [gpuNode('n', { gpus: 5 }), gpuNode('m', { gpus: 4 })], pods } });

      assert.deepEqual(free(groundsOf(fleet)), { a: [0, 4] });
    });

    it('what its own pods wait for: their places are counted one by one', () => {
      const fleet = handFleet({ a: { nodes: [gpuNode('n')], pods: [unboundPod('a', 0, { model: H100 })] } });

      assert.deepEqual(free(groundsOf(fleet)), { a: [8] });
    });

    it('not what others take of the cluster of Headframe, where pods have owners', () => {
      const pod = poolPod({ ordinal: 0, revision: 'r' });
      const metadata = { ...pod.metadata, annotations: { [annotations.gpuModel]: H100 } };
      const others = [
        {
          ...pod,
          metadata: {
            ...metadata,
            name: 'other-0',
            ownerReferences: (metadata.ownerReferences ?? []).map((owner) => ({ ...owner, uid: 'other' })),
          },
        },
        { ...pod, metadata },
      ];
      const fleet = handFleet({ local: { nodes: [gpuNode('n')], pods: others } });

      assert.deepEqual(free(groundsOf(fleet)), { local: [7] });
    });

    it('not what other pools have chosen and no cache shows yet', () => {
      const fleet = handFleet({ a: { nodes: [gpuNode('n')] } });
      const taken = [{ cluster: 'a', model: H100, vendor: 'NVIDIA' as const, gpus: 2 }];

      assert.deepEqual(free(groundsOf(fleet, placed, [...taken, ...taken])), { a: [4] });
    });
  });

  it('know the model of every node', () => {
    const modelOn = groundsOf(handFleet({ a: { nodes: [gpuNode('n')] } }))?.modelOn;

    assert.deepEqual(
      [modelOn?.('a', 'n'), modelOn?.('a', 'gone'), modelOn?.('b', 'n')],
      [H100, undefined, undefined],
    );
  });
});

describe('controllers/minerpool/assumed', () => {
  const plan = (pool: MinerPool): ReturnType<typeof decide> =>
    decide(seenFleet({ pool, clusters: { a: { free: 8 } } }), NOW);
  const gpus = { vendor: 'NVIDIA' as const, countPerReplica: 2, models: [] };
  const two = plan(placedPool({}, { replicas: 2, gpus }));
  const each = { cluster: 'a', model: MODEL, vendor: 'NVIDIA', gpus: 2, pod: 'default/pool-0' };

  it('tells all pools but itself what one has chosen', () => {
    const assumed = createAssumed();
    const { fleet } = handFleet({ a: {} });
    assumed.take('default/pool', two);

    assert.deepEqual(assumed.besides('default/other', fleet), [each, { ...each, pod: 'default/pool-1' }]);
    assert.deepEqual(assumed.besides('default/pool', fleet), []);
  });

  it('tells no more of what a cache shows', () => {
    const assumed = createAssumed();
    const { fleet, clusters } = handFleet({ a: { pods: [unboundPod('a', 0)] } });
    assumed.take('default/pool', two);

    assert.equal(assumed.besides('default/other', fleet).length, 1);
    (clusters['a'] ?? assert.fail()).view = AWAY;
    assert.equal(assumed.besides('default/other', fleet).length, 2);
  });

  it('forgets what a later plan does not choose, and pools that are gone', () => {
    const assumed = createAssumed();
    const { fleet } = handFleet({ a: {} });
    assumed.take('default/pool', two);
    assumed.take('default/pool', plan(placedPool({}, { replicas: 0 })));
    assert.deepEqual(assumed.besides('default/other', fleet), []);
    assumed.take('default/pool', two);
    assumed.forget('default/pool');
    assert.deepEqual(assumed.besides('default/other', fleet), []);
  });

  it('knows nothing of pools that the scheduler places', () => {
    const assumed = createAssumed();
    const unplaced = decide(seenFleet({ pool: minerPool(), clusters: {} }), NOW);
    assert.equal(unplaced.steps.length, 3);
    assumed.take('default/pool', unplaced);

    assert.deepEqual(assumed.besides('default/other', handFleet({}).fleet), []);
  });
});
