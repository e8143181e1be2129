import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Node } from '../../../src/api/builtin.ts';
import type { Guest } from '../../../src/compute/giving-back/guest.ts';
import { leavingFor } from '../../../src/compute/giving-back/making-room.ts';
import { type NodeRoom, couldServe, nodeRoom } from '../../../src/compute/giving-back/node-room.ts';
import { type WaitingPod, ownersWaiting } from '../../../src/compute/giving-back/owners-pending.ts';
import { nodeGpus } from '../../../src/compute/node-gpus.ts';
import { type WaitingOptions, guestPod, waitingPod } from '../../support/guest-objects.ts';
import { gpuNode } from '../../support/pool-objects.ts';
import { searches, searchTimeout } from '../../support/searches.ts';

const H100 = { 'nvidia.com/gpu.product': 'NVIDIA-H100-80GB-HBM3' };
const T4 = { 'nvidia.com/gpu.product': 'Tesla-T4' };

/** A guest on `node`, in short. */
function guest(
  name: string,
  node: string,
  options: { gpus?: number; priority?: number; v100e?: number; ageSeconds?: number } = {},
): Guest {
  const { gpus = 1, priority = 0, v100e = 1, ageSeconds = 100 } = options;
  const pod = guestPod(name, { node, gpus, ageSeconds });
  return { pod, priority, v100EquivalentsPerGpu: v100e, resource: 'nvidia.com/gpu', gpus };
}

function rooms(nodes: readonly Node[], guests: readonly Guest[]): NodeRoom[] {
  return nodes.map((node) => {
    const here = guests.filter(({ pod }) => pod.spec.nodeName === node.metadata.name);
    return nodeRoom(
      nodeGpus(node)!,
      node,
      here.map(({ pod }) => pod),
    );
  });
}

const waits = (name: string, options: WaitingOptions = {}): WaitingPod =>
  ownersWaiting([waitingPod(name, options)])[0]!;

describe('compute/giving-back/making-room', function () {
  this.timeout(searchTimeout(10_000));

  function names(
    nodes: readonly Node[],
    guests: readonly Guest[],
    waiting: readonly WaitingPod[],
    told: readonly string[] = [],
  ): string[] {
    const isTold = ({ pod }: Guest): boolean => told.includes(pod.metadata.name);
    const leaving = leavingFor({ nodes: rooms(nodes, guests), guests, waiting, isTold });
    return [...leaving].map(({ pod }) => pod.metadata.name).sort();
  }

  const two = [gpuNode('a', { gpus: 2, labels: H100 }), gpuNode('b', { gpus: 2, labels: T4 })];
  const full = [
    guest('a0', 'a', { v100e: 8, priority: 0 }),
    guest('a1', 'a', { v100e: 8, priority: -5 }),
    guest('b0', 'b', { v100e: 0.5, ageSeconds: 50 }),
    guest('b1', 'b', { v100e: 0.5, ageSeconds: 40 }),
  ];

  const rows: readonly {
    what: string;
    nodes?: readonly Node[];
    guests?: readonly Guest[];
    waiting: readonly WaitingPod[];
    told?: readonly string[];
    leave: readonly string[];
  }[] = [
    { what: 'nobody while nobody waits', waiting: [], leave: [] },
    { what: 'the lowest priority first, on whatever model', waiting: [waits('w')], leave: ['a1'] },
    {
      what: 'then the least worth model, and of its guests the youngest',
      waiting: [waits('w'), waits('v')],
      leave: ['a1', 'b1'],
    },
    {
      what: 'only where the pod may be, by its node selector',
      waiting: [waits('w', { nodeSelector: T4 })],
      leave: ['b1'],
    },
    { what: 'both of a node for two GPUs', waiting: [waits('w', { gpus: 2 })], leave: ['b0', 'b1'] },
    { what: 'nobody when no node has so many GPUs', waiting: [waits('w', { gpus: 3 })], leave: [] },
    {
      what: 'nobody when there is room already',
      guests: full.slice(0, 3),
      waiting: [waits('w')],
      leave: [],
    },
    {
      what: 'as many as are missing beside the room that there is',
      guests: full.slice(0, 3),
      waiting: [waits('w', { gpus: 2, nodeSelector: T4 })],
      leave: ['b0'],
    },
    {
      what: 'those that have been told already, although others would be worth less',
      waiting: [waits('w')],
      told: ['a0'],
      leave: ['a0'],
    },
    {
      what: 'a large guest alone, when it is needed anyway',
      nodes: [gpuNode('a', { gpus: 5 })],
      guests: [guest('small', 'a', { priority: -1 }), guest('large', 'a', { gpus: 4 })],
      waiting: [waits('w', { gpus: 4 })],
      leave: ['large'],
    },
    {
      what: 'only one for two pods, when its GPUs are enough for both',
      nodes: [gpuNode('a', { gpus: 8 })],
      guests: [guest('one', 'a', { priority: -1 }), guest('three', 'a', { gpus: 3 })],
      waiting: [waits('w', { gpus: 5 }), waits('v')],
      leave: ['three'],
    },
    {
      what: 'nobody of a node that is cordoned, not ready, or of another vendor',
      nodes: [gpuNode('a', { gpus: 2, cordoned: true }), gpuNode('b', { gpus: 2, ready: false })],
      waiting: [waits('w'), waits('v', { resource: 'amd.com/gpu' })],
      leave: [],
    },
    {
      what: 'for the pod with the least choice first',
      guests: [full[0]!, full[2]!, full[3]!],
      waiting: [waits('any'), waits('picky', { nodeSelector: H100 }), waits('any-more')],
      leave: ['b0', 'b1'],
    },
  ];
  for (const { what, nodes = two, guests = full, waiting, told = [], leave } of rows) {
    it(`has leave ${what}`, () => {
      assert.deepEqual(names(nodes, guests, waiting, told), leave);
    });
  }

  it('heeds taints as the scheduler does', () => {
    const taint = { key: 'team', value: 'x', effect: 'NoSchedule' as const };
    const nodes = [{ ...two[0]!, spec: { taints: [taint] } }];
    const tolerant = waits('w');
    const tolerations = [{ key: 'team', operator: 'Exists' }];
    const pod = { ...tolerant.pod, spec: { ...tolerant.pod.spec, tolerations } };
    assert.deepEqual(names(nodes, full, [tolerant]), []);
    assert.deepEqual(names(nodes, full, [{ ...tolerant, pod }]), ['a1']);
  });

  const anyWorld = fc
    .record({
      sizes: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 5 }),
      guests: fc.array(
        fc.record({
          node: fc.nat(4),
          gpus: fc.integer({ min: 1, max: 4 }),
          priority: fc.integer({ min: -2, max: 2 }),
          v100e: fc.constantFrom(0.5, 1, 8),
          ageSeconds: fc.nat(100),
          told: fc.boolean(),
        }),
        { maxLength: 20 },
      ),
      /** All waiting pods are alike: then nobody can argue about which goes where. */
      each: fc.integer({ min: 1, max: 5 }),
      count: fc.nat(8),
    })
    .map(({ sizes, guests, ...waiting }) => {
      const nodes = sizes.map((gpus, index) => gpuNode(`n${index}`, { gpus, labels: H100 }));
      const left = [...sizes];
      const settled = guests.flatMap(({ node, ...options }, index) => {
        const at = node % sizes.length;
        left[at]! -= options.gpus;
        if (left[at]! < 0) {
          left[at]! += options.gpus;
          return [];
        }
        return [{ guest: guest(`g${index}`, `n${at}`, options), told: options.told }];
      });
      return { nodes, settled, ...waiting };
    });

  it('frees what is needed, if guests can give it, and less more than that than one guest has', () => {
    fc.assert(
      fc.property(anyWorld, ({ nodes, settled, each, count }) => {
        const guests = settled.map((one) => one.guest);
        const isTold = (one: Guest): boolean => settled.some((of) => of.guest === one && of.told);
        const all = rooms(nodes, guests);
        const waiting = Array.from({ length: count }, (_, index) => waits(`w${index}`, { gpus: each }));
        const leaving = leavingFor({ nodes: all, guests, waiting, isTold });
        const sum = (some: readonly Guest[]): number => some.reduce((total, { gpus }) => total + gpus, 0);
        const after = all.map(({ gpus: { node }, room }) => {
          const here = guests.filter(({ pod }) => pod.spec.nodeName === node);
          const gone = here.filter((one) => leaving.has(one));
          return { free: room + sum(gone), gone, staying: sum(here) - sum(gone) };
        });
        const served = after.reduce((total, { free }) => total + Math.floor(free / each), 0);
        if (served < count) {
          assert.ok(after.every(({ free, staying }) => (free % each) + staying < each));
        }
        const largest = Math.max(0, ...[...leaving].map(({ gpus }) => gpus));
        assert.ok(leaving.size === 0 || (served - count) * each < largest);
        assert.ok(after.every(({ free, gone }) => gone.every(({ gpus }) => gpus > free % each)));
      }),
      { numRuns: searches(63) },
    );
  });

  it('knows which nodes could serve', () => {
    const [a, b] = rooms(two, []);
    assert.deepEqual(
      [a!, b!].map((node) => couldServe(node, waits('w', { nodeSelector: T4 }))),
      [false, true],
    );
  });
});
