import assert from 'node:assert/strict';
import type { ClusterOffer } from '../../../src/compute/placement/offer.ts';
import type { Seat } from '../../../src/controllers/minerpool/seats.ts';
import {
  NO_NODE_MS,
  NO_ROOM_MS,
  stuckSeats,
  withoutPlaces,
} from '../../../src/controllers/minerpool/stuck.ts';
import { Placement } from '../../../src/api/placement.ts';
import { fleetWorld } from '../../support/fleet-world.ts';
import { clusterOffer, v100Line } from '../../support/placement-offers.ts';
import { NOW, minerPool } from '../../support/pool-objects.ts';

const MODEL = 'v100-sxm2-32gb';

function offer(name: string, free: number): ClusterOffer {
  return clusterOffer(name, [v100Line({ model: MODEL, free: [free] })]);
}

function seat(ordinal: number, since: number, more: Partial<Seat> = {}): Seat {
  return { ordinal, cluster: 'a', model: MODEL, since, kind: 'live', bound: false, hasPod: true, ...more };
}

describe('controllers/minerpool/stuck', () => {
  for (const { name, free, seats, expect } of [
    { name: 'room, a moment ago', free: 1, seats: [seat(0, NOW - NO_NODE_MS + 1)], expect: [] },
    { name: 'room, for long', free: 1, seats: [seat(0, NOW - NO_NODE_MS)], expect: [0] },
    { name: 'no room, a moment ago', free: 0, seats: [seat(0, NOW - NO_ROOM_MS + 1)], expect: [] },
    { name: 'no room', free: 0, seats: [seat(0, NOW - NO_ROOM_MS)], expect: [0] },
    {
      name: 'room for one of two',
      free: 1,
      seats: [seat(0, NOW - NO_ROOM_MS), seat(1, NOW - NO_ROOM_MS)],
      expect: [1],
    },
    { name: 'it has a node', free: 0, seats: [seat(0, 0, { bound: true })], expect: [] },
    { name: 'it has no pod yet', free: 0, seats: [seat(0, 0, { kind: 'waiting' })], expect: [] },
  ]) {
    it(name, () => {
      const stuck = stuckSeats(seats, [offer('a', free)], 1, NOW);
      assert.deepEqual(
        stuck.map(({ ordinal }) => ordinal),
        expect,
      );
    });
  }

  it('offers nothing where some are stuck, and the same elsewhere', () => {
    const [a, b] = withoutPlaces([offer('a', 3), offer('b', 3)], [{ cluster: 'a', model: MODEL }]);
    assert.deepEqual(a?.lines[0]?.freeByNode, []);
    assert.deepEqual(b, offer('b', 3));
  });

  it('keeps nobody waiting where the price has risen above the cap', () => {
    const placement = Placement.parse({ maxPricePerGpuHour: '1.50' });
    const world = fleetWorld(minerPool({ replicas: 1, placement }), { a: 1, b: 0 }, NOW);
    world.reconcile();
    world.clusters.get('a')!.price = 2_000_000;
    world.now += NO_NODE_MS;
    world.reconcile();
    assert.deepEqual(world.live(), []);
    assert.deepEqual(world.pool.status?.placement?.places, []);
  });

  it('sends a replica elsewhere whose GPUs others have taken, and leaves it when nobody else takes it', () => {
    for (const room of [1, 0]) {
      const world = fleetWorld(
        minerPool({ replicas: 1, placement: Placement.parse({}) }),
        { a: 1, b: room },
        NOW,
      );
      world.reconcile();
      const [pod] = world.clusters.get('a')!.pods.values();
      const metadata = { ...pod!.metadata, name: 'stranger' };
      world.clusters
        .get('a')!
        .pods.set('stranger', { ...pod!, metadata, spec: { ...pod!.spec, nodeName: 'n' } });
      world.now += NO_ROOM_MS;
      world.reconcile();
      world.reconcile();
      assert.equal(world.clusters.get('a')!.pods.has('pool-0'), room === 0);
      assert.equal(world.clusters.get('b')!.pods.has('pool-0'), room === 1);
    }
  });
});
