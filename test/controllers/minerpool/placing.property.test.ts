import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Placement } from '../../../src/api/placement.ts';
import { fleetWorld, type FleetWorld } from '../../support/fleet-world.ts';
import { NOW, minerPool } from '../../support/pool-objects.ts';
import { searches, searchTimeout } from '../../support/searches.ts';

const CLUSTERS = { a: 3, b: 4, c: 6 };
type Name = keyof typeof CLUSTERS;

/** What a user may change between two looks at a pool. */
type SpecChange =
  | { kind: 'scale'; replicas: number }
  | { kind: 'suspend'; suspend: boolean }
  | { kind: 'template'; image: string }
  | { kind: 'strategy'; type: 'RollingUpdate' | 'OnDelete'; maxUnavailable: number; maxSurge: number }
  | { kind: 'select'; names: readonly Name[] }
  | { kind: 'cap'; cap: string | undefined };

/** What may happen in a cluster. */
type ClusterChange =
  | { kind: 'price'; cluster: Name; price: number }
  | { kind: 'away'; cluster: Name }
  | { kind: 'back' | 'connecting'; cluster: Name }
  | { kind: 'refusal'; cluster: Name; refuses: string | undefined }
  | { kind: 'podFails' | 'podVanishes'; cluster: Name; ordinal: number };

type Happening =
  | SpecChange
  | ClusterChange
  | { kind: 'time'; seconds: number }
  | { kind: 'settle' }
  | { kind: 'reconcile'; crashAfter: number };

const cluster = fc.constantFrom<Name>('a', 'b', 'c');
const happenings: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ kind: fc.constant('scale' as const), replicas: fc.nat(9) }),
  fc.record({ kind: fc.constant('suspend' as const), suspend: fc.boolean() }),
  fc.record({ kind: fc.constant('template' as const), image: fc.constantFrom('v1', 'v2') }),
  fc.record({
    kind: fc.constant('strategy' as const),
    type: fc.constantFrom('RollingUpdate' as const, 'RollingUpdate' as const, 'OnDelete' as const),
    maxUnavailable: fc.integer({ min: 1, max: 3 }),
    maxSurge: fc.nat(3),
  }),
  fc.record({ kind: fc.constant('connecting' as const), cluster }),
  fc.record({ kind: fc.constant('price' as const), cluster, price: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ kind: fc.constant('select' as const), names: fc.uniqueArray(cluster) }),
  fc.record({ kind: fc.constant('cap' as const), cap: fc.constantFrom(undefined, '2', '5') }),
  fc.record({ kind: fc.constant('away' as const), cluster }),
  fc.record({ kind: fc.constant('away' as const), cluster }),
  fc.record({ kind: fc.constant('back' as const), cluster }),
  fc.record({
    kind: fc.constant('refusal' as const),
    cluster,
    refuses: fc.constantFrom('exceeded quota', undefined),
  }),
  fc.record({
    kind: fc.constantFrom('podFails' as const, 'podVanishes' as const),
    cluster,
    ordinal: fc.nat(9),
  }),
  fc.record({ kind: fc.constant('time' as const), seconds: fc.nat(120) }),
  fc.constant({ kind: 'settle' as const }),
  fc.constant({ kind: 'settle' as const }),
  fc.record({
    kind: fc.constant('reconcile' as const),
    crashAfter: fc.constantFrom(Infinity, Infinity, 0, 1, 2, 4),
  }),
);

function world(): FleetWorld {
  const moves = { minSavingPercent: 10, minRunSeconds: 30, maxPerHour: 2 };
  const placement = Placement.parse({ clusterLostGraceSeconds: 60, moves });
  return fleetWorld(minerPool({ replicas: 5, placement }), CLUSTERS, NOW);
}

function setSpec(target: FleetWorld, spec: Partial<FleetWorld['pool']['spec']>): void {
  const { metadata } = target.pool;
  const generation = (metadata.generation ?? 0) + 1;
  target.pool = {
    ...target.pool,
    metadata: { ...metadata, generation },
    spec: { ...target.pool.spec, ...spec },
  };
}

/** What a user changes. */
function newSpec(target: FleetWorld, happening: SpecChange): Partial<FleetWorld['pool']['spec']> {
  const placement = target.pool.spec.placement ?? Placement.parse({});
  switch (happening.kind) {
    case 'scale':
      return { replicas: happening.replicas };
    case 'suspend':
      return { suspend: happening.suspend };
    case 'template':
      return { template: { spec: { containers: [{ name: 'miner', image: happening.image }] } } };
    case 'strategy': {
      const { type, maxUnavailable, maxSurge } = happening;
      return { updateStrategy: { type, rollingUpdate: { maxUnavailable, maxSurge, partition: 0 } } };
    }
    case 'select':
      return {
        placement: { ...placement, clusterSelector: { names: [...happening.names], matchLabels: {} } },
      };
    case 'cap': {
      const { maxPricePerGpuHour: _former, ...others } = placement;
      return {
        placement: happening.cap === undefined ? others : { ...others, maxPricePerGpuHour: happening.cap },
      };
    }
  }
}

function happen(target: FleetWorld, happening: Happening): void {
  if (happening.kind === 'time') {
    target.now += happening.seconds * 1000;
  } else if (happening.kind === 'settle') {
    target.settle();
  } else if (happening.kind === 'reconcile') {
    target.reconcile(happening.crashAfter);
  } else if ('cluster' in happening) {
    happenIn(target, happening);
  } else {
    setSpec(target, newSpec(target, happening));
  }
}

function happenIn(target: FleetWorld, happening: ClusterChange): void {
  const there = target.clusters.get(happening.cluster) ?? assert.fail();
  if ('refuses' in happening) {
    there.refuses = happening.refuses;
    return;
  }
  switch (happening.kind) {
    case 'price':
      there.price = happening.price * 1_000_000;
      return;
    case 'away':
      there.away ??= target.now;
      return;
    case 'connecting':
      there.connecting = true;
      return;
    case 'back':
      there.away = undefined;
      there.connecting = false;
      return;
    case 'podFails': {
      const name = `pool-${happening.ordinal}`;
      const pod = there.pods.get(name);
      if (pod?.spec.nodeName !== undefined) {
        there.pods.set(name, { ...pod, status: { phase: 'Failed' } });
      }
      return;
    }
    case 'podVanishes':
      there.pods.delete(`pool-${happening.ordinal}`);
  }
}

/** Everything is well again, and time passes. */
function calm(target: FleetWorld): void {
  for (const there of target.clusters.values()) {
    there.away = undefined;
    there.connecting = false;
    there.refuses = undefined;
  }
  for (let round = 0; round < 60; round++) {
    target.now += 100_000;
    target.reconcile();
    target.settle();
  }
}

/** Cluster a comes back with pods that were replaced in c, while one of those has ended and is due again. */
const backWhileDue: readonly Happening[] = [
  { kind: 'reconcile', crashAfter: Infinity },
  { kind: 'away', cluster: 'a' },
  { kind: 'time', seconds: 60 },
  { kind: 'reconcile', crashAfter: Infinity },
  { kind: 'settle' },
  { kind: 'podFails', cluster: 'c', ordinal: 0 },
];

/** A surge pod is left in b, which is deselected, while the pool has room for fewer replicas than it wants. */
const surgeDeselected: readonly Happening[] = [
  { kind: 'strategy', type: 'RollingUpdate', maxUnavailable: 1, maxSurge: 1 },
  { kind: 'reconcile', crashAfter: Infinity },
  { kind: 'template', image: 'v1' },
  { kind: 'reconcile', crashAfter: Infinity },
  { kind: 'settle' },
  { kind: 'select', names: ['a'] },
  { kind: 'settle' },
  { kind: 'away', cluster: 'a' },
  { kind: 'refusal', cluster: 'a', refuses: 'exceeded quota' },
  { kind: 'reconcile', crashAfter: Infinity },
];

describe('controllers/minerpool placing', function () {
  this.timeout(searchTimeout(60_000));

  it('makes no ordinal twice where that can be known, whatever happens, and ends with exactly what is wanted', () => {
    fc.assert(
      fc.property(fc.array(happenings, { minLength: 5, maxLength: 60, size: 'max' }), (all) => {
        const target = world();
        all.forEach((happening) => happen(target, happening));
        calm(target);

        const { replicas, suspend, placement } = target.pool.spec;
        const names = placement?.clusterSelector.names ?? [];
        const cap = Number(placement?.maxPricePerGpuHour ?? Infinity) * 1_000_000;
        const room = [...target.clusters]
          .filter(([name, { price }]) => (names.length === 0 || names.includes(name)) && price <= cap)
          .reduce((sum, [, { gpus }]) => sum + gpus, 0);
        const live = target.live();
        assert.equal(live.length, suspend ? 0 : Math.min(replicas, room));
        assert.equal(new Set(live.map(({ name }) => name)).size, live.length);
        for (const { cluster: name } of live) {
          assert.ok((target.clusters.get(name)?.price ?? 0) <= cap, `${name} is above the cap`);
          assert.ok(names.length === 0 || names.includes(name), `${name} is not selected`);
        }
        assert.deepEqual(target.pool.status?.placement?.leftBehind, []);
      }),
      { numRuns: searches(25), examples: [[[...backWhileDue]], [[...surgeDeselected]]] },
    );
  });

  it('leaves no replica where pods are refused while another cluster takes it, and takes none down that runs', () => {
    const refusing = fc.uniqueArray(cluster, { maxLength: 2 });
    fc.assert(
      fc.property(refusing, refusing, fc.integer({ min: 1, max: 5 }), (first, later, replicas) => {
        const target = world();
        setSpec(target, { replicas });
        const refuse = (names: readonly Name[]): void =>
          target.clusters.forEach((there, name) => {
            there.refuses = names.includes(name as Name) ? 'exceeded quota' : undefined;
          });
        const room = (names: readonly Name[]): number =>
          Object.entries(CLUSTERS).reduce(
            (sum, [name, gpus]) => sum + (names.includes(name as Name) ? 0 : gpus),
            0,
          );
        refuse(first);
        for (let round = 0; round < 4; round++) {
          target.reconcile();
          target.settle();
        }
        const placed = target.live();
        assert.equal(placed.length, Math.min(replicas, room(first)));

        refuse(later);
        // Shorter than a refusal is remembered.
        for (let minute = 0; minute < 300; minute++) {
          target.now += 60_000;
          target.reconcile();
          target.settle();
        }
        // One that refused at first is known to take pods again only when it has taken one: of a replica that had no place.
        const isProven = placed.length < replicas;
        const isRefusing = (name: string): boolean =>
          later.includes(name as Name) || (!isProven && first.includes(name as Name));
        for (const { name, cluster: where } of placed) {
          const now = target.live().find((each) => each.name === name);
          assert.ok(now !== undefined, `${name} was taken down`);
          assert.ok(now.cluster === where || !isRefusing(now.cluster), `${name} went to ${now.cluster}`);
        }
      }),
      { numRuns: searches(13) },
    );
  });

  it('does not go to and fro between clusters that refuse: ever longer it waits', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 200, maxLength: 400 }), (gaps) => {
        const target = world();
        setSpec(target, { replicas: 2 });
        target.clusters.forEach((there) => (there.refuses = 'exceeded quota'));
        const changes: number[] = [];
        let before = '';
        for (const seconds of gaps) {
          target.reconcile();
          const now = JSON.stringify(
            target.pool.status?.placement?.places.map(({ cluster: where, ordinals }) => [where, ordinals]),
          );
          if (now !== before) {
            changes.push(target.now);
          }
          before = now;
          target.now += seconds * 1000;
        }
        // Three clusters, each tried after 0.5, 1, 2, 4, 8, 16, 30, 30... minutes at the earliest.
        const minutes = (target.now - NOW) / 60_000;
        const tries = 7 + Math.max(0, minutes - 31.5) / 30;
        assert.ok(changes.length <= 3 * tries + 3, `${changes.length} changes in ${minutes} minutes`);
        assert.deepEqual(target.live(), []);
      }),
      { numRuns: searches(8) },
    );
  });

  it('moves no more replicas in any hour than the budget allows, whatever the prices do', () => {
    const prices = fc.array(fc.tuple(cluster, fc.integer({ min: 1, max: 9 }), fc.nat(1800)), {
      maxLength: 40,
      size: 'max',
    });
    fc.assert(
      fc.property(prices, (changes) => {
        const target = world();
        const moved: number[] = [];
        const look = (): void => {
          const { steps } = target.reconcile();
          moved.push(
            ...steps.flatMap((step) =>
              step.kind === 'remove' && step.cause === 'moved' ? [target.now] : [],
            ),
          );
          target.settle();
        };
        for (const [name, price, seconds] of changes) {
          (target.clusters.get(name) ?? assert.fail()).price = price * 1_000_000;
          target.now += seconds * 1000;
          look();
          look();
        }
        for (const at of moved) {
          const within = moved.filter((other) => other >= at && other < at + 3_600_000);
          assert.ok(within.length <= 2, `${within.length} moves within an hour`);
        }
      }),
      { numRuns: searches(13) },
    );
  });
});
