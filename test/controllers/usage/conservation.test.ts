import assert from 'node:assert/strict';
import { lastLook } from '../../../src/controllers/usage/look.ts';
import { gpuNode, minerPool } from '../../support/pool-objects.ts';
import { holder, usageCluster, usageWorld, type UsageWorld } from '../../support/usage-world.ts';
import { bookedSeconds } from './booked.ts';

const SECOND = 1000;

/** Two clusters besides the local one, and in each a pod with all eight GPUs since now. */
function pair(): UsageWorld {
  const world = usageWorld(['a', 'b']);
  for (const name of ['a', 'b']) {
    world.clusters.set(usageCluster(name));
    world.cluster(name).nodes.set(gpuNode('n'));
    world.cluster(name).pods.set(podOf(world, name));
  }
  return world;
}

function podOf(world: UsageWorld, cluster: string): ReturnType<typeof holder> {
  return holder(`pool-${cluster}`, { since: world.clock.now(), gpus: 8, member: true });
}

async function lookAtAll(world: UsageWorld, order: readonly string[] = ['a', 'b']): Promise<void> {
  for (const name of order) {
    await world.look(name);
  }
}

describe('controllers/usage, GPU-seconds are conserved', () => {
  it('when a pool in several clusters is deleted between two looks', async () => {
    const world = pair();
    const pods = ['a', 'b'].map((name) => podOf(world, name));
    await lookAtAll(world);
    await world.clock.advance(30 * SECOND);
    await lookAtAll(world);
    await world.clock.advance(20 * SECOND);
    ['a', 'b'].forEach((name, index) => world.cluster(name).pods.remove(pods[index]!));
    world.pools.remove(minerPool());
    await world.clock.advance(10 * SECOND);
    await lookAtAll(world);
    await world.usage.books.flush();

    assert.deepEqual([bookedSeconds(world, 'a'), bookedSeconds(world, 'b')], [400, 400]);
    await world.clock.advance(30 * SECOND);
    await lookAtAll(world);
    assert.deepEqual([...world.usage.names.names], [], 'and then its name is forgotten');
  });

  it('when a ComputeCluster is deleted: its pods end, and it goes', async () => {
    const world = pair();
    const pod = podOf(world, 'a');
    await lookAtAll(world);
    await world.clock.advance(25 * SECOND);
    world.cluster('a').pods.remove(pod);
    world.clusters.remove(usageCluster('a'));
    await world.clock.advance(5 * SECOND);
    await world.look('a');
    assert.equal(bookedSeconds(world, 'a'), 200);
    assert.equal(world.usage.books.all.has('a'), false);

    world.clusters.set(usageCluster('a'));
    await world.look('a');
    await world.usage.books.flush();
    assert.equal(bookedSeconds(world, 'a'), 200, 'nothing counts again when it is back');
  });

  it('when a ComputeCluster is deleted right after the operator has begun', async () => {
    const world = pair();
    const pod = podOf(world, 'a');
    await lookAtAll(world);
    await world.clock.advance(30 * SECOND);
    await lookAtAll(world);
    world.restart();
    await world.clock.advance(10 * SECOND);
    world.cluster('a').pods.remove(pod);
    world.clusters.remove(usageCluster('a'));
    await world.look('a');
    assert.equal(bookedSeconds(world, 'a'), 320);
  });

  it('when pods are deleted before the operator has looked for the first time', async () => {
    const world = pair();
    const pod = podOf(world, 'a');
    await world.clock.advance(10 * SECOND);
    world.cluster('a').pods.remove(pod);
    await world.clock.advance(10 * SECOND);
    await world.look('a');
    assert.equal(bookedSeconds(world, 'a'), 80);
  });

  it('when a pool was deleted while no operator ran, and its pods take their time to end', async () => {
    const world = usageWorld();
    world.local.nodes.set(gpuNode('n'));
    const pod = holder('pool-0', { since: world.clock.now() });
    world.local.pods.set(pod);
    await world.look();
    await world.clock.advance(30 * SECOND);
    await world.look();
    world.pools.remove(minerPool());
    world.restart();
    await world.clock.advance(5 * SECOND);
    await world.look();
    await world.clock.advance(10 * SECOND);
    world.local.pods.remove(pod);
    await world.clock.advance(30 * SECOND);
    await world.look();
    await world.usage.books.flush();
    assert.equal(bookedSeconds(world, 'local'), 45);
  });

  it('up to the moment at which the operator stops in good order, also of pods that are gone when the next one begins', async () => {
    const world = pair();
    const pod = podOf(world, 'a');
    await lookAtAll(world);
    await world.clock.advance(29 * SECOND);
    await lastLook(world.usage);
    await world.clock.advance(10 * SECOND);
    world.cluster('a').pods.remove(pod);
    world.restart();
    await world.clock.advance(10 * SECOND);
    await lookAtAll(world);
    await world.usage.books.flush();
    assert.deepEqual([bookedSeconds(world, 'a'), bookedSeconds(world, 'b')], [8 * 29, 8 * 49]);
  });

  it('of one cluster under two names in one ledger only, whichever of them is deleted', async () => {
    const world = usageWorld(['a', 'b']);
    const [ready] = usageCluster('b').status?.conditions ?? [];
    const twin = { conditions: [{ ...ready!, status: 'False' as const, reason: 'DuplicateCluster' }] };
    world.clusters.set(usageCluster('a'));
    world.clusters.set(usageCluster('b', {}, twin));
    const pods = [0, 1].map((index) =>
      holder(`pool-${index}`, { since: world.clock.now(), member: true, gpus: 4 }),
    );
    for (const name of ['a', 'b']) {
      world.cluster(name).nodes.set(gpuNode('n'));
      pods.forEach((pod) => world.cluster(name).pods.set(pod));
    }
    const remove = (index: number): void =>
      ['a', 'b'].forEach((name) => world.cluster(name).pods.remove(pods[index]!));
    await lookAtAll(world);
    await world.clock.advance(30 * SECOND);
    remove(0);
    await lookAtAll(world);
    await world.clock.advance(30 * SECOND);
    world.clusters.remove(usageCluster('a'));
    await lookAtAll(world);
    world.clusters.set(usageCluster('b'));
    await world.clock.advance(30 * SECOND);
    await lookAtAll(world, ['b']);
    await world.usage.books.flush();
    const [a, b] = [bookedSeconds(world, 'a'), bookedSeconds(world, 'b')];
    assert.ok(a >= 4 * 60 && b >= 4 * 25 && a + b <= 4 * (30 + 90), `${a} + ${b}`);
  });

  it('not of the time before, when a twin takes over that nobody has looked at', async () => {
    const world = usageWorld(['a', 'b']);
    const leaving = usageCluster('a');
    world.clusters.set({
      ...leaving,
      metadata: { ...leaving.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
      status: { ...leaving.status!, clusterUID: 'uid-of-b' },
    });
    world.cluster('a').view = { kind: 'away', reason: 'Unreachable', message: 'away' };
    world.clusters.set(usageCluster('b'));
    world.cluster('b').nodes.set(gpuNode('n'));
    world
      .cluster('b')
      .pods.set(holder('pool-0', { since: world.clock.now() - 500 * SECOND, member: true, gpus: 4 }));
    await lookAtAll(world, ['b']);
    await world.clock.advance(30 * SECOND);
    await lookAtAll(world, ['b']);
    await world.usage.books.flush();
    assert.equal(bookedSeconds(world, 'b'), 4 * 30);
  });
});
