import assert from 'node:assert/strict';
import type { Pod } from '../../../src/api/builtin.ts';
import type { ComputeCluster } from '../../../src/api/compute-cluster.ts';
import { type MinerPool, MinerPools } from '../../../src/api/miner-pool.ts';
import { Placement } from '../../../src/api/placement.ts';
import { type Expectations, createExpectations } from '../../../src/controller/expectations.ts';
import { placedPools, memberWatch, termsChanged } from '../../../src/controllers/minerpool/member-watch.ts';
import { memberKey } from '../../../src/controllers/minerpool/writable-clusters.ts';
import type { Change } from '../../../src/kube/informer.ts';
import { AWAY, type HandCluster, computeCluster, handCache, handFleet } from '../../support/hand-fleet.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { minerPool } from '../../support/pool-objects.ts';
import { memberPod, placedPool, unboundPod } from '../../support/seen-fleet.ts';

const placement = Placement.parse({});

function short(name: string): MinerPool {
  const condition = {
    type: 'GPUsAvailable',
    status: 'False',
    reason: 'r',
    message: '',
    lastTransitionTime: '',
  };
  const status = { conditions: [condition] } as unknown as NonNullable<MinerPool['status']>;
  return { ...minerPool({}, { name, uid: name }), status };
}

interface World {
  readonly a: HandCluster;
  readonly expectations: Expectations;
  readonly keys: () => readonly string[];
  /** Whom a change in the member `a` wakes, and after how long. */
  readonly changed: () => string[];
  readonly podChanged: (change: Change<Pod>) => string[];
}

function world(pools: readonly MinerPool[], names: readonly string[] = ['a']): World {
  const { fleet, computeClusters, clusters } = handFleet(Object.fromEntries(names.map((name) => [name, {}])));
  const expectations = createExpectations(manualClock());
  const caches = { pools: handCache(MinerPools, pools).informer, clusters: computeClusters.informer };
  const watch = memberWatch({ caches, fleet, expectations }, { progressMs: 500, supplyMs: 1000 });
  let woken: string[] = [];
  const listener = watch.listener((key, delayMs) => void woken.push(`${key} ${delayMs}`));
  const heard = (): string[] => {
    const keys = [...new Set(woken)].sort();
    woken = [];
    return keys;
  };
  return {
    a: clusters['a'] ?? assert.fail(),
    expectations,
    keys: () => watch.expectationKeys('default/pool'),
    changed: () => {
      listener.changed('a');
      return heard();
    },
    podChanged: (change) => {
      listener.podChanged('a', change);
      return heard();
    },
  };
}

const added = (object: Pod): Change<Pod> => ({ type: 'added', object, initial: false });
const updated = (previous: Pod, object: Pod): Change<Pod> => ({ type: 'updated', previous, object });

describe('controllers/minerpool/member-watch', () => {
  const pools = [placedPool({}), minerPool({}, { name: 'here' }), short('short')];

  it('wakes all placed pools at once when a member comes, goes or is watched anew', () => {
    const { a, changed } = world(pools);

    assert.deepEqual(changed(), ['default/pool 0']);
    a.view = AWAY;
    assert.deepEqual(changed(), ['default/pool 0']);
    a.view = a.reachable;
    assert.deepEqual(changed(), ['default/pool 0']);
    a.view = { ...a.reachable, session: 2 };
    assert.deepEqual(changed(), ['default/pool 0']);
  });

  it('wakes those that wait for GPUs, gathered, when anything else of it changes', () => {
    const { changed } = world(pools);
    changed();

    assert.deepEqual(changed(), ['default/short 1000']);
  });

  it('wakes the pool of a pod: at once for what asks for a step, gathered for what does not', () => {
    const pod = unboundPod('a', 0);
    const bound = memberPod('a', 0);
    const { podChanged } = world([placedPool({})]);

    assert.deepEqual(podChanged(added(pod)), ['default/pool 0']);
    assert.deepEqual(podChanged(updated(pod, bound)), ['default/pool 500']);
    assert.deepEqual(podChanged({ type: 'deleted', object: bound }), ['default/pool 0']);
  });

  it('wakes the pool of a pod also when that is gone: somebody must delete what it left', () => {
    assert.deepEqual(world([]).podChanged(added(memberPod('a', 0))), ['default/pool 0']);
  });

  it('wakes those that wait for GPUs when anybody’s pod takes or frees some', () => {
    const { metadata, ...rest } = memberPod('a', 0);
    const foreign: Pod = { ...rest, metadata: { ...metadata, labels: {} } };

    assert.deepEqual(world(pools).podChanged(added(foreign)), ['default/short 1000']);
    assert.deepEqual(world(pools).podChanged(updated(foreign, foreign)), []);
  });

  describe('what is expected of members', () => {
    const key = memberKey('default/pool', 'a', 1);

    it('is asked for of those that answer, by session', () => {
      const { a, keys } = world([], ['a', 'b', 'local']);

      assert.deepEqual(keys(), [key, memberKey('default/pool', 'b', 1)]);
      a.view = AWAY;
      assert.deepEqual(keys(), [memberKey('default/pool', 'b', 1)]);
    });

    it('is met by what its pods show', () => {
      const { expectations, podChanged } = world([placedPool({})]);
      expectations.expectSeen(key, 'a-pool-0');
      expectations.expectGone(key, 'a-pool-1');
      podChanged(added(memberPod('a', 0)));

      assert.equal(expectations.satisfied(key), false);
      podChanged(updated(memberPod('a', 1), memberPod('a', 1, { terminating: true })));
      assert.equal(expectations.satisfied(key), true);
    });

    it('is kept while the member is away, and forgotten when another session has taken over', () => {
      const { a, expectations, changed } = world([placedPool({})]);
      changed();
      expectations.expectSeen(key, 'never-seen');
      a.view = AWAY;
      changed();
      assert.equal(expectations.satisfied(key), false);
      a.view = a.reachable;
      changed();
      assert.equal(expectations.satisfied(key), false);
      a.view = AWAY;
      changed();
      a.view = { ...a.reachable, session: 2 };
      changed();
      assert.equal(expectations.satisfied(key), true);
    });
  });

  describe('placed pools', () => {
    const names = (all: readonly MinerPool[], clusters: readonly ComputeCluster[]): readonly string[] =>
      placedPools({
        pools: handCache(MinerPools, all).informer,
        clusters: handFleet(
          Object.fromEntries(clusters.map((cluster) => [cluster.metadata.name, { cluster }])),
        ).computeClusters.informer,
      });

    it('are those that say so, and those of which a place is still told', () => {
      const told = { ...placedPool({ a: [0] }), spec: minerPool().spec };

      assert.deepEqual(names([minerPool({ placement })], []), ['default/pool']);
      assert.deepEqual(names([told], []), ['default/pool']);
      assert.deepEqual(names([minerPool()], [computeCluster('a')]), []);
    });

    it('may be all when the cluster of Headframe has a ComputeCluster', () => {
      assert.deepEqual(names([minerPool()], [computeCluster('local')]), ['default/pool']);
    });
  });

  describe('a ComputeCluster says something new', () => {
    const withCondition = (type: string, status: string, message = ''): ComputeCluster => ({
      ...computeCluster('a'),
      status: {
        conditions: [{ type, status, reason: 'r', message, lastTransitionTime: '' }],
      } as unknown as NonNullable<ComputeCluster['status']>,
    });
    const before = computeCluster('a');
    const rows: [name: string, change: Change<ComputeCluster>, isNew: boolean][] = [
      ['when it is new', { type: 'added', object: before, initial: false }, true],
      ['when it is gone', { type: 'deleted', object: before }, true],
      [
        'never when nothing has changed',
        { type: 'updated', previous: before, object: computeCluster('a') },
        false,
      ],
      [
        'when its spec changes',
        { type: 'updated', previous: before, object: computeCluster('a', {}, { generation: 2 }) },
        true,
      ],
      [
        'when its labels change',
        { type: 'updated', previous: before, object: computeCluster('a', {}, { labels: { a: 'b' } }) },
        true,
      ],
      [
        'when it begins to be deleted',
        { type: 'updated', previous: before, object: computeCluster('a', {}, { deletionTimestamp: 'now' }) },
        true,
      ],
      [
        'when it is reachable or not',
        {
          type: 'updated',
          previous: withCondition('Reachable', 'True'),
          object: withCondition('Reachable', 'False'),
        },
        true,
      ],
      [
        'when it opens or closes',
        {
          type: 'updated',
          previous: withCondition('OpenToGuests', 'True'),
          object: withCondition('OpenToGuests', 'False'),
        },
        true,
      ],
      [
        'not when it is only said in other words',
        {
          type: 'updated',
          previous: withCondition('Reachable', 'False', 'no answer'),
          object: withCondition('Reachable', 'False', 'refused'),
        },
        false,
      ],
    ];
    for (const [name, change, isNew] of rows) {
      it(name, () => {
        assert.equal(termsChanged(change), isNew);
      });
    }
  });
});
