import assert from 'node:assert/strict';
import { annotations, labels } from '../../../src/api/group.ts';
import { after, done } from '../../../src/controller/controller.ts';
import { type ClusterWorld, type WorldOptions, clusterWorld } from '../../support/cluster-world.ts';
import { guestPod, waitingPod } from '../../support/guest-objects.ts';
import { NOW, minerPool } from '../../support/pool-objects.ts';

const MINUTE = 60_000;

/** Eight guests on the only node: `low-0` to `low-3` of a pool of priority -1, `high-0` to `high-3` of one of priority 5. */
function fullCluster(
  spec: Parameters<typeof clusterWorld>[0] = {},
  options: WorldOptions = {},
): ClusterWorld {
  const world = clusterWorld(spec, { start: NOW, mayWritePods: true, ...options });
  for (const [name, priority] of [
    ['low', -1],
    ['high', 5],
  ] as const) {
    world.pools.set(minerPool({ priority }, { name, uid: `${name}-uid` }));
    for (let index = 0; index < 4; index++) {
      world.pods.set(guestPod(`${name}-${index}`, { node: 'n', pool: name, ageSeconds: 100 - index }));
    }
  }
  return world;
}

const notice = (name: string, leaveAt: string): string =>
  `${name}: {"${annotations.leaveAt}":"2026-01-01T${leaveAt}Z"}`;
const stay = (name: string): string => `${name}: {"${annotations.leaveAt}":null}`;

describe('controllers/computecluster, giving back', () => {
  it('tells the least valuable guests to leave when the owner’s pod waits, and deletes them when their notice is over', async () => {
    const { reconcile, pods, podWrites, written, clock, events } = fullCluster();
    pods.set(waitingPod('train', { gpus: 2 }));

    assert.deepEqual(await reconcile(), after(30_000));
    assert.deepEqual(podWrites, [notice('low-3', '12:00:30'), notice('low-2', '12:00:30')]);
    assert.deepEqual(written.at(-1)?.status?.givingBack, { leaving: 2, waitingForGPUs: 2, left: [] });

    await clock.advance(29_999);
    assert.deepEqual(await reconcile(), after(1));
    assert.equal(podWrites.length, 2);

    await clock.advance(1);
    await reconcile();
    assert.deepEqual(podWrites.slice(2), ['low-3: deleted', 'low-2: deleted']);
    assert.deepEqual(written.at(-1)?.status?.givingBack.left, [
      { deletionTime: '2026-01-01T12:00:30Z', pods: 2 },
    ]);

    assert.deepEqual(await reconcile(), done);
    assert.equal(podWrites.length, 4, 'those that are going make room enough');
    assert.deepEqual(
      events.map(({ reason, note }) => `${reason}: ${note}`),
      ['GuestsLeaving: 2 guests told to leave: pods that are not Headframe’s wait for 2 GPUs'],
    );
  });

  it('calls back what guests hold of a reserve that was raised', async () => {
    const { reconcile, podWrites, events, clock } = fullCluster({ reserve: 3 });

    assert.deepEqual(await reconcile(), after(30_000));
    const told = ['low-3', 'low-2', 'low-1'];
    assert.deepEqual(
      podWrites,
      told.map((name) => notice(name, '12:00:30')),
    );
    assert.deepEqual(
      events.map(({ note }) => note),
      ['3 guests told to leave: guests hold 3 GPUs of the reserve (spec.reserve)'],
    );
    await clock.advance(30_000);
    await reconcile();
    assert.deepEqual(
      podWrites.slice(3),
      told.map((name) => `${name}: deleted`),
    );
    assert.deepEqual(await reconcile(), done);
    assert.equal(podWrites.length, 6, 'what is being deleted is given back');
  });

  it('lets guests stay when the owner’s pod is gone', async () => {
    const { reconcile, pods, podWrites, clock, events } = fullCluster();
    const train = waitingPod('train');
    pods.set(train);
    await reconcile();
    pods.remove(train);
    await clock.advance(MINUTE);

    assert.deepEqual(await reconcile(), done);
    assert.deepEqual(podWrites, [notice('low-3', '12:00:30'), stay('low-3')]);
    assert.equal(events.at(-1)?.reason, 'GuestsStaying');
    await reconcile();
    assert.equal(podWrites.length, 2);
  });

  it('has all guests leave when the schedule closes, within the budget, also through another process', async () => {
    const windows = [{ days: ['Thu' as const], start: '08:00', end: '12:10' }];
    const givingBack = { noticeSeconds: 10, maxPodsPerMinute: 3, graceSeconds: 5 };
    const world = fullCluster({ schedule: { timeZone: 'UTC', windows }, givingBack });
    const { reconcile, podWrites, clock, restart } = world;
    assert.deepEqual(await reconcile(), after(10 * MINUTE));
    assert.deepEqual(podWrites, []);

    await clock.advance(10 * MINUTE);
    assert.deepEqual(await reconcile(), after(10_000));
    assert.deepEqual(podWrites.splice(0), [
      ...['low-3', 'low-2', 'low-1'].map((name) => notice(name, '12:10:10')),
      ...['low-0', 'high-3', 'high-2'].map((name) => notice(name, '12:11:10')),
      ...['high-1', 'high-0'].map((name) => notice(name, '12:12:10')),
    ]);
    // Nobody is there when the first are due; the next process finds them, and does not make up for it.
    await clock.advance(75_000);
    restart();
    assert.deepEqual(await reconcile(), after(55_000));
    assert.deepEqual(
      podWrites.splice(0),
      ['low-3', 'low-2', 'low-1'].map((name) => `${name}: deleted within 5 s`),
    );
    restart();
    await clock.advance(59_999);
    await reconcile();
    assert.deepEqual(podWrites, []);
    await clock.advance(1);
    await reconcile();
    assert.deepEqual(
      podWrites.splice(0),
      ['low-0', 'high-3', 'high-2'].map((name) => `${name}: deleted within 5 s`),
    );
    await clock.advance(MINUTE);
    await reconcile();
    assert.deepEqual(
      podWrites,
      ['high-1', 'high-0'].map((name) => `${name}: deleted within 5 s`),
    );
  });

  it('has all guests leave while the owner is busy, where they may come only when nobody else does', async () => {
    const { reconcile, pods, podWrites } = fullCluster({ onlyWhenIdle: true });
    await reconcile();
    assert.deepEqual(podWrites, []);
    pods.set(waitingPod('train', { node: 'n', gpus: 0 }));
    await reconcile();
    assert.deepEqual(podWrites, [], 'a pod without GPUs does not make the owner busy');
    pods.set(waitingPod('busy', { node: 'n', gpus: 1, phase: 'Running' }));
    await reconcile();
    assert.equal(podWrites.length, 8);
  });

  it('keeps to a guest’s own grace when that is shorter than the most', async () => {
    const givingBack = { noticeSeconds: 0, maxPodsPerMinute: 60, graceSeconds: 20 };
    const world = clusterWorld({ givingBack }, { start: NOW, mayWritePods: true });
    world.pools.set(minerPool());
    world.pods.set(guestPod('quick', { node: 'n', gpus: 4, graceSeconds: 5 }));
    world.pods.set(guestPod('slow', { node: 'n', gpus: 4, graceSeconds: 600 }));
    world.pods.set(waitingPod('train', { gpus: 8 }));

    await world.reconcile();
    assert.deepEqual([...world.podWrites].sort(), ['quick: deleted', 'slow: deleted within 20 s']);
  });

  it('touches no pod but its own: not the owner’s, not another Headframe’s, none that Akash claims', async () => {
    const windows = [{ days: ['Mon' as const], start: '00:00', end: '01:00' }];
    const world = clusterWorld(
      { schedule: { timeZone: 'UTC', windows } },
      { start: NOW, mayWritePods: true },
    );
    const { pods, podWrites, reconcile } = world;
    world.pools.set(minerPool({}, { name: 'pool', uid: 'pool-uid' }));
    const foreign = guestPod('another-headframes', {
      node: 'n',
      labels: { 'headframe.dev/home': 'elsewhere' },
    });
    const { ownerReferences: _, ...metadata } = foreign.metadata;
    pods.set({ ...foreign, metadata });
    pods.set(guestPod('claimed', { node: 'n', labels: { 'akash.network': 'true' } }));
    pods.set(guestPod('claimed-too', { node: 'n', labels: { 'akash.network/lease.id': '1' } }));
    pods.set(waitingPod('owners', { node: 'n', phase: 'Running' }));
    pods.set(guestPod('going', { node: 'n', terminating: true }));
    pods.set(guestPod('own', { node: 'n' }));

    await reconcile();
    assert.deepEqual(podWrites, [notice('own', '12:00:30')]);
  });

  it('knows its guests in another cluster by their labels, and what their pools are worth', async () => {
    const world = clusterWorld({}, { start: NOW, mayWritePods: true, home: 'home-uid' });
    const { pods, podWrites, reconcile } = world;
    for (const [name, priority, home] of [
      ['dear', 5, 'home-uid'],
      ['cheap', -5, 'home-uid'],
      ['strange', -9, 'elsewhere'],
    ] as const) {
      world.pools.set(minerPool({ priority }, { name, uid: `${name}-uid` }));
      const of = { [labels.home]: home, [labels.poolUid]: `${name}-uid` };
      const { ownerReferences: _, ...metadata } = guestPod(name, { labels: of }).metadata;
      pods.set({ ...guestPod(name, { node: 'n', gpus: 2 }), metadata });
    }
    // A pod that calls itself a MinerPool's, where there is none.
    pods.set(guestPod('false', { node: 'n', gpus: 2 }));
    pods.set(waitingPod('train'));

    await reconcile();
    assert.deepEqual(podWrites, [notice('cheap', '12:00:30')]);
  });

  it('writes nothing while nothing changes', async () => {
    const { reconcile, pods, podWrites, written } = fullCluster();
    pods.set(waitingPod('train', { gpus: 16 }));
    await reconcile();
    await reconcile();
    assert.deepEqual(podWrites, [], 'no node has so many GPUs');
    assert.equal(written.length, 1);
    pods.set(waitingPod('small'));
    await reconcile();
    await reconcile();
    await reconcile();
    assert.equal(podWrites.length, 1);
    assert.equal(written.length, 2);
  });

  it('counts who left', async () => {
    const givingBack = { noticeSeconds: 0, maxPodsPerMinute: 60 };
    const { reconcile, pods, metrics } = fullCluster({ givingBack });
    pods.set(waitingPod('train', { gpus: 3 }));
    await reconcile();
    assert.match(await metrics(), /^headframe_cluster_guests_left_total\{cluster="local"\} 3$/m);
  });
});
