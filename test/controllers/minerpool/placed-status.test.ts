import assert from 'node:assert/strict';
import type { Pod } from '../../../src/api/builtin.ts';
import { findCondition } from '../../../src/api/conditions.ts';
import type { MinerPoolStatus } from '../../../src/api/miner-pool.ts';
import { Placement, PlacementStatus } from '../../../src/api/placement.ts';
import { decide } from '../../../src/controllers/minerpool/decide.ts';
import { type Verdict, verdictOf } from '../../../src/controllers/minerpool/gates.ts';
import { nothingDone } from '../../../src/controllers/minerpool/outcome.ts';
import { cleared, statusOf } from '../../../src/controllers/minerpool/status.ts';
import { a100Line, v100Line } from '../../support/placement-offers.ts';
import { NOW, ago, minerPool } from '../../support/pool-objects.ts';
import {
  MODEL,
  type SeenFleet,
  memberPod,
  placedPool,
  placementOf,
  seenFleet,
} from '../../support/seen-fleet.ts';

function look(seen: SeenFleet): { verdict: Verdict; status: MinerPoolStatus } {
  const { scope } = decide(seenFleet(seen), NOW);
  const verdict = verdictOf(scope, nothingDone);
  return { verdict, status: statusOf(scope, nothingDone, verdict) };
}

const ready = (cluster: string, ...ordinals: number[]): Pod[] =>
  ordinals.map((ordinal) => memberPod(cluster, ordinal));
const unready = (pod: Pod): Pod => ({ ...pod, status: { phase: 'Running' } });
const deleted = { deletionTimestamp: ago(1) };
const heldBy = { ...deleted, finalizers: ['headframe.dev/member-pods'] };

describe('controllers/minerpool/gates for placed pools', () => {
  const rows: (SeenFleet & {
    name: string;
    reason: string;
    message: RegExp;
    progress: Verdict['progress'];
  })[] = [
    {
      name: 'all replicas are available, wherever they are',
      pool: placedPool({ a: [0, 1], b: [2] }),
      clusters: { a: { pods: ready('a', 0, 1) }, b: { pods: ready('b', 2) } },
      reason: 'AllReplicasReady',
      message: /^3 replicas available$/,
      progress: 'settled',
    },
    {
      name: 'some have no place',
      pool: placedPool({ a: [0, 1] }),
      clusters: { a: { pods: ready('a', 0, 1) }, b: { state: 10 } },
      reason: 'NoPlace',
      message:
        /^no place for 1 of 3 replicas with 1 x any NVIDIA GPU; 0\/2 clusters: 1 has no free GPU, 1 unreachable$/,
      progress: 'reconciling',
    },
    {
      name: 'a surge has no place',
      pool: placedPool(
        { a: [0] },
        {
          replicas: 1,
          updateStrategy: {
            type: 'RollingUpdate',
            rollingUpdate: { maxUnavailable: 0, maxSurge: 1, partition: 0 },
          },
        },
      ),
      clusters: { a: { pods: [memberPod('a', 0, { revision: 'pool-0000000000' })] } },
      reason: 'NoPlace',
      message: /^no place for 1 of 2 replicas /,
      progress: 'reconciling',
    },
    {
      name: 'some are in a cluster that cannot be asked',
      pool: placedPool({ a: [0, 1], b: [2] }),
      clusters: { a: { state: 60 }, b: { pods: ready('b', 2) } },
      reason: 'ClusterUnreachable',
      message:
        /^cluster a has been unreachable since 2026-01-01T11:59:00Z: 2 replicas belong there and cannot be seen$/,
      progress: 'reconciling',
    },
    {
      name: 'one is, and one more was left behind there',
      pool: placedPool(placementOf({ a: [0], b: [1] }, { leftBehind: [{ cluster: 'a', ordinals: '1' }] }), {
        replicas: 2,
      }),
      clusters: { a: { state: 60 }, b: { pods: ready('b', 1) } },
      reason: 'ClusterUnreachable',
      message:
        /: 1 replica belongs there and cannot be seen; 1 more may still run there, and is removed when it returns$/,
      progress: 'reconciling',
    },
    {
      name: 'those that were left behind are replaced: nothing is missing',
      pool: placedPool(placementOf({ b: [0, 1] }, { leftBehind: [{ cluster: 'a', ordinals: '0-1' }] }), {
        replicas: 2,
      }),
      clusters: { a: { state: 600 }, b: { pods: ready('b', 0, 1) } },
      reason: 'AllReplicasReady',
      message: /^2 replicas available$/,
      progress: 'settled',
    },
    {
      name: 'the surge of an update is in a cluster that cannot be asked: no replica is missing there',
      pool: placedPool(
        { b: [0], a: [1] },
        {
          replicas: 1,
          updateStrategy: {
            type: 'RollingUpdate',
            rollingUpdate: { maxUnavailable: 0, maxSurge: 1, partition: 0 },
          },
        },
      ),
      clusters: {
        a: { state: 60 },
        b: { pods: [unready(memberPod('b', 0, { revision: 'pool-0000000000' }))] },
      },
      reason: 'RollingUpdate',
      message: /^0 of 1 replicas run the current template, 0 available$/,
      progress: 'reconciling',
    },
    {
      name: 'a cluster that is away has nothing of the pool',
      pool: placedPool({ b: [0] }, { replicas: 1 }),
      clusters: { a: { state: 600 }, b: { pods: [memberPod('b', 0)] } },
      reason: 'AllReplicasReady',
      message: /^1 replica available$/,
      progress: 'settled',
    },
    {
      name: 'pods are made, and those held back are not counted among them',
      pool: placedPool(placementOf({}, { leftBehind: [{ cluster: 'a', ordinals: '0' }] }), { replicas: 2 }),
      clusters: { a: { state: 10 }, b: { free: 8 } },
      reason: 'ClusterUnreachable',
      message: /: 1 more may still run there/,
      progress: 'reconciling',
    },
    {
      name: 'a stranger has the name of a replica where it belongs',
      pool: placedPool({ a: [0] }, { replicas: 1 }),
      clusters: { a: { free: 8, podNamed: () => memberPod('a', 0) } },
      reason: 'PodNameConflict',
      message: /^'pool-0' is a pod that does not belong to this pool/,
      progress: 'stalled',
    },
    {
      name: 'being deleted, pods left in several clusters',
      pool: placedPool({ a: [0, 1] }, {}, heldBy),
      clusters: { a: { pods: ready('a', 0, 1) }, b: { pods: ready('b', 1) } },
      reason: 'Deleting',
      message: /^the pool is being deleted, 3 pods left$/,
      progress: 'reconciling',
    },
    {
      name: 'being deleted, and a cluster cannot be asked: it says what to do',
      pool: placedPool({ a: [0, 1] }, {}, heldBy),
      clusters: { a: { state: 60 } },
      reason: 'Deleting',
      message:
        /^the pool is being deleted, 0 pods left\. cluster a has been unreachable since .*: 2 more may still run there, .*Bring the cluster back, or release it: kubectl annotate computecluster NAME headframe\.dev\/release=true, then delete it$/,
      progress: 'reconciling',
    },
    {
      name: 'being deleted, and nobody waits for the cluster',
      pool: placedPool({ a: [0] }, {}, deleted),
      clusters: { a: { state: 60 } },
      reason: 'Deleting',
      message: /^the pool is being deleted, 0 pods left$/,
      progress: 'reconciling',
    },
  ];
  for (const { name, reason, message, progress, ...seen } of rows) {
    it(name, () => {
      const { verdict } = look(seen);
      assert.deepEqual([verdict.reason, verdict.progress], [reason, progress], verdict.message);
      assert.match(verdict.message, message);
    });
  }
});

describe('controllers/minerpool/placement-status', () => {
  const A100 = a100Line().model;

  it('tells of each place what it costs and how many are ready, and why no more come', () => {
    const { status } = look({
      pool: placedPool({ b: [0, 2], [`b/${A100}`]: [1], c: [3] }, { replicas: 4 }),
      clusters: {
        a: { offer: { closed: 'closed to guests (it never opens)' } },
        b: {
          pods: [memberPod('b', 0), unready(memberPod('b', 2)), memberPod('b', 1, { model: A100 })],
          lines: [v100Line({ free: [0], price: 0.4 }), a100Line({ free: [0] })],
        },
        c: { state: 20 },
      },
    });

    assert.deepEqual(PlacementStatus.parse(status.placement), status.placement);
    assert.deepEqual(status.placement, {
      summary: '0/3 clusters: 1 closed to guests (it never opens), 1 has no free GPU, 1 unreachable',
      places: [
        { cluster: 'b', model: A100, replicas: 1, ready: 1, ordinals: '1' },
        { cluster: 'b', model: MODEL, replicas: 2, ready: 1, ordinals: '0,2', pricePerGpuHour: '0.4' },
        { cluster: 'c', model: MODEL, replicas: 1, ready: 0, ordinals: '3' },
      ],
      refusals: [
        { cluster: 'a', reason: 'closed to guests (it never opens)' },
        { cluster: 'b', reason: 'has no free GPU' },
        { cluster: 'c', reason: 'unreachable' },
      ],
      leftBehind: [],
      recentMoves: [],
    });
  });

  it('does not count a pod as ready at a place that it has yet to come to', () => {
    const moves = { minSavingPercent: 1, minRunSeconds: 0, maxPerHour: 1 };
    const { status } = look({
      pool: placedPool({ a: [0] }, { replicas: 1, placement: Placement.parse({ moves }) }),
      clusters: { a: { pods: ready('a', 0), price: 2 }, b: { free: 1 } },
    });

    assert.deepEqual(
      status.placement?.places.map(({ cluster, ready: readyThere }) => [cluster, readyThere]),
      [['b', 0]],
    );
    assert.deepEqual(status.placement.recentMoves, [{ ordinal: 0, moveTime: '2026-01-01T12:00:00Z' }]);
    assert.deepEqual(status.placement.leftBehind, [{ cluster: 'a', ordinals: '0' }]);
  });

  for (const state of [10, 'connecting'] as const) {
    it(`leaves replicas where they belong while their cluster is ${state === 10 ? 'away within the grace' : state}`, () => {
      const { status } = look({
        pool: placedPool({ a: [0, 1] }, { replicas: 2 }),
        clusters: { a: { state }, b: { free: 8 } },
      });

      assert.deepEqual(
        status.placement?.places.map(({ cluster, ordinals }) => [cluster, ordinals]),
        [['a', '0-1']],
      );
      assert.deepEqual(status.placement.leftBehind, []);
    });
  }

  it('leaves them there beyond the grace, too, when nobody else takes them', () => {
    const { status } = look({ pool: placedPool({ a: [0, 1] }), clusters: { a: { state: 9000 }, b: {} } });

    assert.deepEqual(
      status.placement?.places.map(({ cluster, ordinals }) => [cluster, ordinals]),
      [['a', '0-1']],
    );
  });

  it('gives no place to a replica that may be back with its cluster before the grace is over', () => {
    const pool = placedPool(placementOf({}, { leftBehind: [{ cluster: 'a', ordinals: '0' }] }), {
      replicas: 2,
    });
    const { status } = look({ pool, clusters: { a: { state: 10 }, b: { free: 8 } } });

    assert.deepEqual(
      status.placement?.places.map(({ cluster, ordinals }) => [cluster, ordinals]),
      [['b', '1']],
    );
  });

  it('leaves nothing behind in a cluster without a ComputeCluster: it is nobody’s', () => {
    const { status } = look({
      pool: placedPool({ a: [0] }, { replicas: 1 }),
      clusters: { a: { free: 1 } },
      podsHere: ready('local', 0),
    });

    assert.deepEqual(status.placement?.leftBehind, []);
  });

  it('forgets moves of more than an hour ago', () => {
    const recentMoves = [
      { ordinal: 1, moveTime: ago(3600) },
      { ordinal: 2, moveTime: ago(3599) },
    ];
    const { status } = look({
      pool: placedPool(placementOf({ a: [0] }, { recentMoves }), { replicas: 1 }),
      clusters: { a: { pods: ready('a', 0) } },
    });

    assert.deepEqual(
      status.placement?.recentMoves.map(({ ordinal }) => ordinal),
      [2],
    );
  });

  it('keeps within what the API takes, however many clusters there are and however much they have to say', () => {
    const clusters = Object.fromEntries(
      Array.from({ length: 70 }, (_, index) => [
        `c${index}`,
        { offer: { closed: `closed ${index} ${'x'.repeat(600)}` } },
      ]),
    );
    const { status } = look({ pool: placedPool({}), clusters });

    assert.ok(PlacementStatus.safeParse(status.placement).success);
    assert.equal(status.placement?.refusals.length, 64);
    assert.equal(status.placement.summary.length, 1024);
  });

  it('stays as it was while the pool is being deleted: who goes on after a crash has to know', () => {
    const placement = placementOf(
      { a: [0, 1] },
      { summary: 's', leftBehind: [{ cluster: 'b', ordinals: '4' }] },
    );
    const { status } = look({ pool: placedPool(placement, {}, heldBy), clusters: { a: {} } });

    assert.deepEqual(status.placement, placement);
    assert.equal('placement' in look({ pool: minerPool({}, deleted), clusters: {} }).status, false);
  });

  describe('of a pool that is not to be placed any more', () => {
    const former = { ...placedPool({ a: [0, 1], local: [2] }), spec: minerPool().spec };

    it('tells of what is left behind in other clusters, seen or not, and of no place', () => {
      const away = look({ pool: former, clusters: { a: { state: 60 } }, podsHere: ready('local', 2) });
      const seen = look({
        pool: former,
        clusters: { a: { pods: ready('a', 1) } },
        podsHere: ready('local', 2),
      });

      assert.deepEqual(
        away.status.placement,
        placementOf({}, { leftBehind: [{ cluster: 'a', ordinals: '0-1' }] }),
      );
      assert.deepEqual(
        seen.status.placement,
        placementOf({}, { leftBehind: [{ cluster: 'a', ordinals: '1' }] }),
      );
    });

    it('is gone when nothing is left, and is named in the patch, which would leave it else', () => {
      const { status } = look({ pool: former, clusters: { a: {} }, podsHere: ready('local', 2) });

      assert.equal('placement' in status, false);
      assert.deepEqual(cleared(status, former.status), { ...status, placement: null });
      assert.equal(cleared(status, status), status);
      assert.equal(cleared(former.status ?? assert.fail(), former.status), former.status);
    });
  });
});

describe('controllers/minerpool/status for placed pools', () => {
  it('counts strays among the pods and what they hold, but not among what serves', () => {
    const { status } = look({
      pool: placedPool({ b: [0] }, { replicas: 1 }),
      clusters: { a: { pods: ready('a', 0) }, b: { pods: ready('b', 0) } },
    });

    assert.deepEqual(
      [status.replicas, status.readyReplicas, status.availableReplicas, status.gpus],
      [2, 1, 1, { desired: 1, allocated: 2, ready: 1 }],
    );
  });

  it('says as long as replicas may run that nobody can see, also when all are replaced', () => {
    const leftBehind = [{ cluster: 'a', ordinals: '0' }];
    const seen = (state: 'reachable' | number): MinerPoolStatus =>
      look({
        pool: placedPool(placementOf({ b: [0] }, { leftBehind }), { replicas: 1 }),
        clusters: { a: { state }, b: { pods: ready('b', 0) } },
      }).status;
    const away = seen(600);

    assert.equal(findCondition(away.conditions, 'Ready')?.status, 'True');
    assert.equal(findCondition(away.conditions, 'ReplicasUnseen')?.reason, 'ClusterUnreachable');
    assert.deepEqual(away.placement?.leftBehind, leftBehind);
    const back = seen('reachable');
    assert.equal(findCondition(back.conditions, 'ReplicasUnseen'), undefined);
    assert.deepEqual(back.placement?.leftBehind, []);
  });

  it('is equal for an equal state, so that nothing is written', () => {
    const clusters = { a: { pods: ready('a', 0, 1), price: 2 }, b: { state: 10 } };
    const pool = placedPool({ a: [0, 1], b: [2] });
    const { status } = look({ pool, clusters });

    assert.deepEqual(look({ pool: { ...pool, status }, clusters }).status, status);
  });
});
