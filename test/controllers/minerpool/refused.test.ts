import assert from 'node:assert/strict';
import { Placement } from '../../../src/api/placement.ts';
import type { ClusterRefusal } from '../../../src/compute/placement/offer.ts';
import { decide } from '../../../src/controllers/minerpool/decide.ts';
import { placementStatus } from '../../../src/controllers/minerpool/placement-status.ts';
import type { Step } from '../../../src/controllers/minerpool/plan.ts';
import { fleetWorld } from '../../support/fleet-world.ts';
import { NOW, minerPool } from '../../support/pool-objects.ts';
import { type SeenCluster, memberPod, placedPool, seenFleet } from '../../support/seen-fleet.ts';

const refusal: ClusterRefusal = {
  reason: 'exceeded quota: gpus',
  at: NOW - 20_000,
  until: NOW + 10_000,
  isOver: false,
};
const over: ClusterRefusal = { ...refusal, until: NOW - 1, isOver: true };

/** The cheaper cluster, which has refused a pod. */
function campus(more: SeenCluster = {}, said = refusal): SeenCluster {
  return { free: 8, price: 1, ...more, offer: { refusal: said } };
}

const rented: SeenCluster = { free: 8, price: 2 };

function words(step: Step): string {
  return step.kind === 'remove'
    ? `remove ${step.replica.ordinal} in ${step.replica.cluster}`
    : `${step.kind} ${step.order.ordinal} in ${step.order.terms.cluster}`;
}

const moving = { placement: Placement.parse({ moves: { minSavingPercent: 10, minRunSeconds: 60 } }) };

describe('controllers/minerpool placing, where a cluster refuses pods', () => {
  const rows: {
    name: string;
    pool: ReturnType<typeof placedPool>;
    clusters: Record<string, SeenCluster>;
    expect: string[];
  }[] = [
    {
      name: 'sends replicas without a pod elsewhere',
      pool: placedPool({ campus: [0, 1] }, { replicas: 2 }),
      clusters: { campus: campus(), rented },
      expect: ['create 0 in rented', 'create 1 in rented'],
    },
    {
      name: 'sends new replicas elsewhere, and leaves those that run',
      pool: placedPool({ campus: [0] }, { replicas: 2 }),
      clusters: { campus: campus({ pods: [memberPod('campus', 0)] }), rented },
      expect: ['create 1 in rented'],
    },
    {
      name: 'makes a pod that has failed again where it was',
      pool: placedPool({ campus: [0] }, { replicas: 1 }),
      clusters: { campus: campus({ pods: [memberPod('campus', 0, { phase: 'Failed' })] }), rented },
      expect: ['replace 0 in campus'],
    },
    {
      name: 'tries on where no other cluster takes them',
      pool: placedPool({ campus: [0, 1] }, { replicas: 2 }),
      clusters: { campus: campus() },
      expect: ['create 0 in campus', 'create 1 in campus'],
    },
    {
      name: 'tries on with those for which the others have no room',
      pool: placedPool({ campus: [0, 1] }, { replicas: 2 }),
      clusters: { campus: campus(), rented: { ...rented, free: 1 } },
      expect: ['create 0 in rented', 'create 1 in campus'],
    },
    {
      name: 'sends nobody from one that refuses to another that does',
      pool: placedPool({ campus: [0], rented: [1] }, { replicas: 2 }),
      clusters: { campus: campus(), rented: { ...rented, offer: { refusal } } },
      expect: ['create 0 in campus', 'create 1 in rented'],
    },
    {
      name: 'tries it again when the wait is over',
      pool: placedPool({ rented: [0] }, { replicas: 2 }),
      clusters: {
        campus: campus({}, over),
        rented: { ...rented, pods: [memberPod('rented', 0)] },
      },
      expect: ['create 1 in campus'],
    },
    {
      name: 'takes nothing down that runs to try it again',
      pool: placedPool({ rented: [0] }, { replicas: 1, ...moving }),
      clusters: { campus: campus({}, over), rented: { ...rented, pods: [memberPod('rented', 0)] } },
      expect: [],
    },
    {
      name: 'moves to the next cheapest instead',
      pool: placedPool({ rented: [0] }, { replicas: 1, ...moving }),
      clusters: {
        campus: campus({}, over),
        rented: { ...rented, pods: [memberPod('rented', 0)] },
        third: { free: 8, price: 1.5 },
      },
      expect: ['remove 0 in rented'],
    },
  ];
  for (const { name, pool, clusters, expect } of rows) {
    it(name, () => {
      assert.deepEqual(decide(seenFleet({ pool, clusters }), NOW).steps.map(words), expect);
    });
  }

  it('says so in words', () => {
    const pool = placedPool({}, { replicas: 9 });
    const { scope } = decide(seenFleet({ pool, clusters: { campus: campus(), rented } }), NOW);
    const { summary, refusals } = placementStatus(scope) ?? assert.fail();

    assert.equal(summary, '0/2 clusters: 1 refuses pods: exceeded quota: gpus, 1 has no free GPU');
    assert.deepEqual(refusals[0], {
      cluster: 'campus',
      reason: 'refuses pods: exceeded quota: gpus',
      refusedTime: '2026-01-01T11:59:40Z',
    });
  });

  it('says what was refused also when it may be tried again', () => {
    const pool = placedPool({}, { replicas: 1 });
    const { scope } = decide(seenFleet({ pool, clusters: { campus: campus({}, over) } }), NOW);

    assert.deepEqual(placementStatus(scope)?.refusals, [
      {
        cluster: 'campus',
        reason: 'refused pods: exceeded quota: gpus',
        refusedTime: '2026-01-01T11:59:40Z',
      },
    ]);
  });

  it('looks again when the wait is over', () => {
    const pool = placedPool({}, { replicas: 9 });

    assert.equal(decide(seenFleet({ pool, clusters: { campus: campus() } }), NOW).againMs, 10_000);
  });

  it('fills the other cluster within two looks, and comes back for replicas to come', () => {
    const world = fleetWorld(minerPool({ replicas: 3, placement: Placement.parse({}) }), { a: 9, b: 9 }, NOW);
    const a = world.clusters.get('a') ?? assert.fail();
    a.refuses = 'pods "pool-0" is forbidden: exceeded quota: gpus';
    world.reconcile();
    world.reconcile();
    world.settle();
    assert.deepEqual(
      world.live().map(({ cluster }) => cluster),
      ['b', 'b', 'b'],
    );
    a.refuses = undefined;
    world.now += 30_000;
    world.pool = { ...world.pool, spec: { ...world.pool.spec, replicas: 4 } };
    world.reconcile();
    assert.deepEqual(
      world.live().map(({ cluster }) => cluster),
      ['a', 'b', 'b', 'b'],
    );
  });
});
