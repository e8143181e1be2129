import assert from 'node:assert/strict';
import fc from 'fast-check';
import { resolveIntOrPercent } from '../../../src/api/int-or-percent.ts';
import type { MinerPoolSpec } from '../../../src/api/miner-pool.ts';
import type { Observed } from '../../../src/controllers/minerpool/observed.ts';
import type { Plan } from '../../../src/controllers/minerpool/plan.ts';
import { parsePodName } from '../../../src/controllers/minerpool/replica.ts';
import { podSource, revisionName } from '../../../src/controllers/minerpool/revision.ts';
import { NOW, minerPool } from '../../support/pool-objects.ts';
import { BROKEN_IMAGE, type PoolWorld, poolWorld } from '../../support/pool-world.ts';
import { searches, searchTimeout } from '../../support/searches.ts';

/** What may happen to a pool between two looks at it. */
type Happening =
  | { kind: 'scale'; replicas: number }
  | { kind: 'template'; image: string }
  | { kind: 'suspend'; suspend: boolean }
  | { kind: 'budget'; maxUnavailable: number | string; maxSurge: number | string; partition: number }
  | { kind: 'podFails'; ordinal: number }
  | { kind: 'podVanishes'; ordinal: number }
  | { kind: 'nodeAway'; node: string }
  | { kind: 'nodeBack'; node: string }
  | { kind: 'time'; seconds: number }
  | { kind: 'settle' }
  | { kind: 'reconcile' }
  /** The operator acts on a cache as old as its last `snapshot`, and is killed after some of the steps. */
  | { kind: 'snapshot' }
  | { kind: 'staleReconcile'; crashAfter: number };

const budgets = fc
  .record({
    maxUnavailable: fc.constantFrom(0, 1, 2, '0%', '25%', '100%'),
    maxSurge: fc.constantFrom(0, 1, 3, '0%', '50%'),
    partition: fc.constantFrom(0, 0, 0, 2),
  })
  .filter((value) => ![value.maxUnavailable, value.maxSurge].every((part) => part === 0 || part === '0%'));

const happenings: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ kind: fc.constant('scale' as const), replicas: fc.nat(8) }),
  fc.record({ kind: fc.constant('template' as const), image: fc.constantFrom('v1', 'v2', BROKEN_IMAGE) }),
  fc.record({ kind: fc.constant('suspend' as const), suspend: fc.boolean() }),
  budgets.map((budget) => ({ kind: 'budget' as const, ...budget })),
  fc.record({ kind: fc.constant('podFails' as const), ordinal: fc.nat(9) }),
  fc.record({ kind: fc.constant('podVanishes' as const), ordinal: fc.nat(9) }),
  fc.record({ kind: fc.constant('nodeAway' as const), node: fc.constantFrom('a', 'b', 'c') }),
  fc.record({ kind: fc.constant('nodeBack' as const), node: fc.constantFrom('a', 'b', 'c') }),
  fc.record({ kind: fc.constant('time' as const), seconds: fc.nat(120) }),
  fc.constant({ kind: 'settle' as const }),
  fc.constant({ kind: 'settle' as const }),
  fc.constant({ kind: 'reconcile' as const }),
  fc.constant({ kind: 'reconcile' as const }),
  fc.constant({ kind: 'snapshot' as const }),
  fc.record({ kind: fc.constant('staleReconcile' as const), crashAfter: fc.nat(6) }),
);

function changeSpec(world: PoolWorld, change: Partial<MinerPoolSpec>): void {
  const { metadata, spec } = world.pool;
  world.pool = {
    ...world.pool,
    metadata: {
      ...metadata,
      generation: (metadata.generation ?? 0) + 1,
      resourceVersion: `${metadata.resourceVersion}.`,
    },
    spec: { ...spec, ...change },
  };
}

function failPod(world: PoolWorld, ordinal: number): void {
  const pod = world.pods.get(`pool-${ordinal}`);
  if (pod?.spec.nodeName !== undefined) {
    world.pods.set(pod.metadata.name, { ...pod, status: { phase: 'Failed' } });
  }
}

interface Memory {
  snapshot?: Observed;
}

type Effects = {
  [Kind in Happening['kind']]: (
    world: PoolWorld,
    happening: Extract<Happening, { kind: Kind }>,
    memory: Memory,
  ) => void;
};

const effects: Effects = {
  scale: (world, { replicas }) => changeSpec(world, { replicas }),
  template: (world, { image }) =>
    changeSpec(world, { template: { spec: { containers: [{ name: 'm', image }] } } }),
  suspend: (world, { suspend }) => changeSpec(world, { suspend }),
  budget: (world, { kind: _kind, ...rollingUpdate }) =>
    changeSpec(world, { updateStrategy: { type: 'RollingUpdate', rollingUpdate } }),
  podFails: (world, { ordinal }) => failPod(world, ordinal),
  podVanishes: (world, { ordinal }) => {
    world.pods.delete(`pool-${ordinal}`);
  },
  nodeAway: (world, { node }) => {
    if (!world.lostNodes.has(node)) {
      world.lostNodes.set(node, world.now);
    }
  },
  nodeBack: (world, { node }) => {
    world.lostNodes.delete(node);
  },
  time: (world, { seconds }) => {
    world.now += seconds * 1000;
  },
  settle: (world) => world.settle(),
  reconcile: (world) => checkedReconcile(world),
  snapshot: (world, _happening, memory) => {
    memory.snapshot = world.observe();
  },
  staleReconcile: (world, { crashAfter }, { snapshot }) =>
    checkPlan(world.reconcile({ ...(snapshot && { observed: snapshot }), crashAfter })),
};

function happen(world: PoolWorld, happening: Happening, memory: Memory): void {
  const effect = effects[happening.kind] as (world: PoolWorld, happening: Happening, memory: Memory) => void;
  effect(world, happening, memory);
}

/** Ready pods on nodes that are there, as a user counts them. */
function serving(world: PoolWorld): number {
  return [...world.pods.values()].filter(
    (pod) =>
      pod.metadata.deletionTimestamp === undefined &&
      pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true &&
      !world.lostNodes.has(pod.spec.nodeName ?? ''),
  ).length;
}

/** A reconcile on a fresh cache never takes more than the budget, and never makes a pod beyond the surge. */
function checkedReconcile(world: PoolWorld): void {
  const before = serving(world);
  const plan = world.reconcile();
  checkPlan(plan);
  const updates = plan.steps.filter((step) => step.kind === 'remove' && step.cause === 'update');
  if (updates.length > 0) {
    const { replicas, suspend } = world.pool.spec;
    const scaledDown = plan.steps.filter(
      (step) => step.kind === 'remove' && step.cause === 'scaleDown',
    ).length;
    const { maxUnavailable } = plan.scope;
    assert.equal(suspend, false);
    assert.ok(
      serving(world) >= Math.min(before - scaledDown, replicas - maxUnavailable),
      `an update left ${serving(world)} of ${replicas} serving, at most ${maxUnavailable} may be away`,
    );
  }
}

function checkPlan({ steps, scope }: Plan): void {
  const ordinals = steps.map((step) => (step.kind === 'create' ? step.order.ordinal : step.replica.ordinal));
  assert.equal(new Set(ordinals).size, ordinals.length, 'one step an ordinal');
  for (const step of steps) {
    if (step.kind !== 'remove') {
      assert.ok(
        step.order.ordinal < scope.wanted + scope.maxSurge,
        `made pod ${step.order.ordinal} beyond the surge`,
      );
    }
  }
}

/** Everything works, time passes, and the operator looks again whenever it is woken: until nothing changes any more. */
function calmDown(world: PoolWorld): void {
  world.lostNodes.clear();
  changeSpec(world, {
    template: { spec: { containers: [{ name: 'm', image: 'good' }] } },
    suspend: false,
    updateStrategy: {
      type: 'RollingUpdate',
      rollingUpdate: { maxUnavailable: 1, maxSurge: 1, partition: 0 },
    },
  });
  for (let round = 0; round < 200; round++) {
    const plan = world.reconcile();
    checkPlan(plan);
    world.settle();
    world.now += plan.againMs ?? 1000;
    if (plan.steps.length === 0 && world.pool.status?.conditions[0]?.reason === 'AllReplicasReady') {
      return;
    }
  }
}

describe('controllers/minerpool convergence', function () {
  this.timeout(searchTimeout(60_000));

  it('comes to exactly the wanted pods after any sequence of changes, failures, stale caches and kills', () => {
    fc.assert(
      fc.property(fc.array(happenings, { maxLength: 60, size: 'max' }), budgets, (sequence, budget) => {
        const updateStrategy = { type: 'RollingUpdate' as const, rollingUpdate: budget };
        const world = poolWorld(minerPool({ replicas: 4, updateStrategy }), NOW);
        const memory: { snapshot?: Observed } = {};
        for (const happening of sequence) {
          happen(world, happening, memory);
        }

        calmDown(world);

        const revision = revisionName('pool', podSource(world.pool));
        const ordinals = [...world.pods.keys()].map((name) => parsePodName(name)?.ordinal).sort();
        assert.deepEqual(
          ordinals,
          Array.from({ length: world.pool.spec.replicas }, (_, ordinal) => ordinal).sort(),
        );
        for (const pod of world.pods.values()) {
          assert.equal(pod.metadata.labels?.['headframe.dev/revision'], revision);
        }
        assert.deepEqual(world.reconcile().steps, [], 'nothing is left to do');
        assert.equal(world.pool.status?.currentRevision, revision);
        const ready = world.pool.status.conditions.find(({ type }) => type === 'Ready');
        assert.equal(ready?.status, 'True', ready?.message);
      }),
      { numRuns: searches(38) },
    );
  });

  it('keeps to the budget at every step of updates and rollbacks, whatever order nodes work in', () => {
    const images = fc.array(fc.constantFrom('v1', 'v2', 'v3'), { minLength: 1, maxLength: 4, size: 'max' });
    const settles = fc.array(fc.boolean(), { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        budgets,
        images,
        settles,
        (replicas, budget, rolls, pace) => {
          const rollingUpdate = { ...budget, partition: 0 };
          const world = poolWorld(
            minerPool({ replicas, updateStrategy: { type: 'RollingUpdate', rollingUpdate } }),
            NOW,
          );
          for (let round = 0; round < 5; round++) {
            world.reconcile();
            world.settle();
          }
          const surge = resolveIntOrPercent(budget.maxSurge, replicas, 'up');
          const most = resolveIntOrPercent(budget.maxUnavailable, replicas, 'down');
          const least = replicas - (most === 0 && surge === 0 ? 1 : most);
          const check = (): void => {
            assert.ok(
              serving(world) >= least,
              `${serving(world)} of ${replicas} serve, at least ${least} must`,
            );
            assert.ok(world.pods.size <= replicas + surge, `${world.pods.size} pods, surge ${surge}`);
          };

          for (const image of rolls) {
            changeSpec(world, { template: { spec: { containers: [{ name: 'm', image }] } } });
            for (const settle of pace) {
              world.reconcile();
              check();
              if (settle) {
                world.settle();
              }
              world.now += 1000;
            }
          }
          for (let round = 0; round < 12 * replicas; round++) {
            world.reconcile();
            check();
            world.settle();
          }

          assert.equal(world.pods.size, replicas);
          assert.equal(world.pool.status?.updatedReplicas, replicas);
        },
      ),
      { numRuns: searches(25) },
    );
  });
});
