import assert from 'node:assert/strict';
import type { Pod } from '../../../src/api/builtin.ts';
import type { MinerPool } from '../../../src/api/miner-pool.ts';
import { Placement } from '../../../src/api/placement.ts';
import { decide } from '../../../src/controllers/minerpool/decide.ts';
import type { Step } from '../../../src/controllers/minerpool/plan.ts';
import { a100Line, v100Line } from '../../support/placement-offers.ts';
import { NOW, ago } from '../../support/pool-objects.ts';
import {
  type SeenFleet,
  MODEL,
  memberPod,
  placedPool,
  placementOf,
  seenFleet,
  unboundPod,
} from '../../support/seen-fleet.ts';

const A100 = a100Line().model;
const OLD = 'pool-0000000000';

/** `create 0 in a on v100-sxm2-16gb`, `remove 2 in b stray`. */
function describeStep(step: Step): string {
  const order = step.kind === 'remove' ? undefined : step.order;
  const made = order && `${order.ordinal} in ${order.terms.cluster} on ${order.model ?? 'any'}`;
  if (step.kind === 'create') {
    return `create ${made}`;
  }
  const { ordinal, cluster } = step.replica;
  return step.kind === 'remove'
    ? `remove ${ordinal} in ${cluster} ${step.cause}`
    : `replace ${ordinal} in ${cluster} ${step.cause} by ${made}`;
}

const steps = (seen: SeenFleet): string[] => decide(seenFleet(seen), NOW).steps.map(describeStep);

function placement(spec: Partial<Placement> = {}): Partial<MinerPool['spec']> {
  const moves = { minSavingPercent: 10, minRunSeconds: 60, maxPerHour: 0 };
  return { placement: { ...Placement.parse({}), moves, ...spec } };
}

function moving(moves: Partial<Placement['moves']> = {}): Partial<MinerPool['spec']> {
  return placement({ moves: { minSavingPercent: 10, minRunSeconds: 60, maxPerHour: 4, ...moves } });
}

function rolling(maxUnavailable: number, maxSurge = 0, partition = 0): Partial<MinerPool['spec']> {
  return {
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable, maxSurge, partition } },
  };
}

const onDelete: Partial<MinerPool['spec']> = {
  updateStrategy: { type: 'OnDelete', rollingUpdate: { maxUnavailable: 1, maxSurge: 0, partition: 0 } },
};

const heldBy = { finalizers: ['headframe.dev/member-pods'], deletionTimestamp: ago(1) };
const ready = (cluster: string, ...ordinals: number[]): Pod[] =>
  ordinals.map((ordinal) => memberPod(cluster, ordinal));
const outdated = (cluster: string, ...ordinals: number[]): Pod[] =>
  ordinals.map((ordinal) => memberPod(cluster, ordinal, { revision: OLD }));
const at = (model: string): string => `on ${model}`;
const selecting = (...names: string[]): Partial<Placement> => ({
  clusterSelector: { names, matchLabels: {} },
});

interface Case extends SeenFleet {
  name: string;
  expect: string[];
}

const cases: Record<string, Case[]> = {
  'new replicas': [
    {
      name: 'go to the cheapest cluster that has room, and spill over',
      pool: placedPool({}),
      clusters: { a: { free: 8, price: 2 }, b: { free: 2 } },
      expect: [`create 0 in b ${at(MODEL)}`, `create 1 in b ${at(MODEL)}`, `create 2 in a ${at(MODEL)}`],
    },
    {
      name: 'find no place: nothing is made, not even here',
      pool: placedPool({}),
      clusters: { a: {} },
      expect: [],
    },
    {
      name: 'wait while a cluster that would do is connecting: it may be the better one',
      pool: placedPool({}),
      clusters: { a: { free: 8 }, b: { state: 'connecting' } },
      expect: [],
    },
    {
      name: 'do not wait for a cluster that the selector leaves out by name',
      pool: placedPool({}, { replicas: 1, ...placement(selecting('a')) }),
      clusters: { a: { free: 8 }, b: { state: 'connecting' } },
      expect: [`create 0 in a ${at(MODEL)}`],
    },
    {
      name: 'do not wait for a cluster that the selector leaves out by label',
      pool: placedPool(
        {},
        { replicas: 1, ...placement({ clusterSelector: { names: [], matchLabels: { region: 'eu' } } }) },
      ),
      clusters: {
        a: { free: 8, offer: { labels: { region: 'eu' } } },
        b: { state: 'connecting', offer: { labels: { region: 'us' } } },
      },
      expect: [`create 0 in a ${at(MODEL)}`],
    },
    {
      name: 'do not wait for a cluster that is away',
      pool: placedPool({}, { replicas: 1 }),
      clusters: { a: { free: 8 }, b: { state: 5 } },
      expect: [`create 0 in a ${at(MODEL)}`],
    },
    {
      name: 'keep the place that was written down for them, though another is cheaper by now',
      pool: placedPool({ a: [0, 1, 2] }),
      clusters: { a: { free: 8, price: 2 }, b: { free: 8 } },
      expect: [0, 1, 2].map((ordinal) => `create ${ordinal} in a ${at(MODEL)}`),
    },
    {
      name: 'keep it also while another cluster is connecting',
      pool: placedPool({ a: [0] }, { replicas: 2 }),
      clusters: { a: { free: 8 }, b: { state: 'connecting' } },
      expect: [`create 0 in a ${at(MODEL)}`],
    },
    {
      name: 'go elsewhere when the GPUs of their place are gone',
      pool: placedPool({ a: [0, 1, 2] }),
      clusters: { a: { free: 1 }, b: { free: 8, price: 2 } },
      expect: [`create 0 in a ${at(MODEL)}`, `create 1 in b ${at(MODEL)}`, `create 2 in b ${at(MODEL)}`],
    },
    {
      name: 'leave room for those that have a pod without a node',
      pool: placedPool({ a: [0, 1] }, { replicas: 2 }),
      clusters: { a: { free: 1, pods: [unboundPod('a', 0)] }, b: { free: 1 } },
      expect: [`create 1 in b ${at(MODEL)}`],
    },
    {
      name: 'are not made where somebody else has their name',
      pool: placedPool({ a: [0] }, { replicas: 1 }),
      clusters: { a: { free: 1, podNamed: () => memberPod('a', 0) } },
      expect: [],
    },
  ],
  strays: [
    {
      name: 'are removed: the ordinal has its pod where it belongs',
      pool: placedPool({ b: [0, 1, 2] }),
      clusters: { a: { pods: ready('a', 1) }, b: { pods: ready('b', 0, 1, 2) } },
      expect: ['remove 1 in a stray'],
    },
    {
      name: 'are removed first, and made where they belong when they are gone',
      pool: placedPool({ b: [0] }, { replicas: 1 }),
      clusters: { a: { pods: ready('a', 0) }, b: { free: 8 } },
      expect: ['remove 0 in a stray'],
    },
    {
      name: 'hold their ordinal until they are gone',
      pool: placedPool({ b: [0] }, { replicas: 1 }),
      clusters: { a: { pods: [memberPod('a', 0, { terminating: true })] }, b: { free: 8 } },
      expect: [],
    },
    {
      name: 'are those on another model of the same cluster, too',
      pool: placedPool({ [`a/${A100}`]: [0] }, { replicas: 1 }),
      clusters: { a: { pods: ready('a', 0), lines: [a100Line({ price: 1 })] } },
      expect: ['remove 0 in a stray'],
    },
    {
      name: 'are all but the oldest when nobody knows where the ordinal belongs',
      pool: placedPool({}, { replicas: 1 }),
      clusters: {
        a: { pods: [memberPod('a', 0, { ageSeconds: 60 })] },
        b: { pods: [memberPod('b', 0, { ageSeconds: 90 })] },
      },
      expect: ['remove 0 in a stray'],
    },
    {
      name: 'but one that lives goes before one that has failed',
      pool: placedPool({}, { replicas: 1 }),
      clusters: {
        a: { pods: [memberPod('a', 0, { ageSeconds: 60 })] },
        b: { pods: [memberPod('b', 0, { ageSeconds: 90, phase: 'Failed' })] },
      },
      expect: ['remove 0 in b stray'],
    },
    {
      name: 'are not those of a place that has no ComputeCluster any more: they are adopted where they are',
      pool: placedPool({ renamed: [0] }, { replicas: 1 }),
      clusters: { a: { pods: ready('a', 0) } },
      expect: [],
    },
    {
      name: 'are not those of a cluster that is counted under another name by now',
      pool: placedPool({ former: [0, 1], b: [2] }),
      clusters: { a: { pods: ready('a', 0, 1) }, b: { pods: ready('b', 2) } },
      renamed: { former: 'a' },
      expect: [],
    },
    {
      name: 'are those of it that belong elsewhere, as ever',
      pool: placedPool({ former: [0], b: [1] }, { replicas: 2 }),
      clusters: { a: { pods: ready('a', 0, 1) }, b: { free: 8 } },
      renamed: { former: 'a' },
      expect: ['remove 1 in a stray'],
    },
    {
      name: 'are all that run abroad when the pool is not to be placed any more',
      pool: { ...placedPool({ a: [0, 1, 2] }), spec: placedPool({}, { placement: undefined } as never).spec },
      clusters: { a: { pods: ready('a', 0, 1, 2) } },
      expect: ['remove 0 in a stray', 'remove 1 in a stray', 'remove 2 in a stray'],
    },
  ],
  'a cluster that is away': [
    {
      name: 'keeps its replicas within the grace',
      pool: placedPool({ a: [0], b: [1, 2] }),
      clusters: { a: { state: 299 }, b: { pods: ready('b', 1, 2), free: 8 } },
      expect: [],
    },
    {
      name: 'loses them when the grace is over',
      pool: placedPool({ a: [0], b: [1, 2] }),
      clusters: { a: { state: 300 }, b: { pods: ready('b', 1, 2), free: 8 } },
      expect: [`create 0 in b ${at(MODEL)}`],
    },
    {
      name: 'keeps them beyond it when no other cluster takes them',
      pool: placedPool({ a: [0], b: [1, 2] }),
      clusters: { a: { state: 3000 }, b: { pods: ready('b', 1, 2) } },
      expect: [],
    },
    {
      name: 'keeps them while it is connecting, as after a restart',
      pool: placedPool({ a: [0, 1, 2] }),
      clusters: { a: { state: 'connecting' }, b: { free: 8 } },
      expect: [],
    },
    {
      name: 'keeps them also under another name',
      pool: placedPool({ former: [0], b: [1, 2] }),
      clusters: { a: { state: 10 }, b: { pods: ready('b', 1, 2), free: 8 } },
      renamed: { former: 'a' },
      expect: [],
    },
    {
      name: 'holds back what it may still run under another name',
      pool: placedPool(placementOf({}, { leftBehind: [{ cluster: 'former', ordinals: '0-2' }] })),
      clusters: { a: { state: 10 }, b: { free: 8 } },
      renamed: { former: 'a' },
      expect: [],
    },
    {
      name: 'holds back what it may still run of a pool that was suspended meanwhile',
      pool: placedPool(placementOf({}, { leftBehind: [{ cluster: 'a', ordinals: '0-2' }] })),
      clusters: { a: { state: 10 }, b: { free: 8 } },
      expect: [],
    },
    {
      name: 'holds back what it may still run although it belongs elsewhere by now',
      pool: placedPool(placementOf({ b: [0] }, { leftBehind: [{ cluster: 'a', ordinals: '0' }] }), {
        replicas: 1,
      }),
      clusters: { a: { state: 10 }, b: { free: 8 } },
      expect: [],
    },
    {
      name: 'holds it back also while it is connecting',
      pool: placedPool(placementOf({ b: [0] }, { leftBehind: [{ cluster: 'a', ordinals: '0' }] }), {
        replicas: 1,
        ...placement(selecting('b')),
      }),
      clusters: { a: { state: 'connecting' }, b: { free: 8 } },
      expect: [],
    },
    {
      name: 'holds nothing back when the grace is over',
      pool: placedPool(placementOf({}, { leftBehind: [{ cluster: 'a', ordinals: '0-2' }] })),
      clusters: { a: { state: 300 }, b: { free: 8 } },
      expect: [0, 1, 2].map((ordinal) => `create ${ordinal} in b ${at(MODEL)}`),
    },
    {
      name: 'is no reason to leave a suspended pool running elsewhere',
      pool: placedPool({ a: [0], b: [1, 2] }, { suspend: true }),
      clusters: { a: { state: 10 }, b: { pods: ready('b', 1, 2) } },
      expect: ['remove 2 in b suspend', 'remove 1 in b suspend'],
    },
    {
      name: 'whose ComputeCluster is gone keeps nothing: its replicas are made elsewhere at once',
      pool: placedPool({ gone: [0] }, { replicas: 1 }),
      clusters: { b: { free: 8 } },
      expect: [`create 0 in b ${at(MODEL)}`],
    },
  ],
  'who must leave': [
    {
      name: 'leaves a price above the cap',
      pool: placedPool({ a: [0, 1, 2] }, placement({ maxPricePerGpuHour: '1.50' })),
      clusters: { a: { pods: ready('a', 0, 1, 2), price: 2 }, b: { free: 8 } },
      expect: ['remove 2 in a misplaced', 'remove 1 in a misplaced', 'remove 0 in a misplaced'],
    },
    {
      name: 'leaves a place without a price under a cap',
      pool: placedPool({ a: [0] }, { replicas: 1, ...placement({ maxPricePerGpuHour: '1.50' }) }),
      clusters: { a: { pods: ready('a', 0), price: null } },
      expect: ['remove 0 in a misplaced'],
    },
    {
      name: 'leaves a cluster that is not selected',
      pool: placedPool({ a: [0] }, { replicas: 1, ...placement(selecting('b')) }),
      clusters: { a: { pods: ready('a', 0) }, b: { free: 8 } },
      expect: ['remove 0 in a misplaced'],
    },
    {
      name: 'leaves a cluster whose ComputeCluster is being deleted',
      pool: placedPool({ a: [0] }, { replicas: 1 }),
      clusters: { a: { pods: ready('a', 0), isLeaving: true }, b: { free: 8 } },
      expect: ['remove 0 in a misplaced'],
    },
    {
      name: 'stays in a cluster that closes: giving back sees to it',
      pool: placedPool({ a: [0] }, { replicas: 1 }),
      clusters: { a: { pods: ready('a', 0), offer: { closed: 'closed to guests' } }, b: { free: 8 } },
      expect: [],
    },
    {
      name: 'stays on a model that is not wanted any more: the update strategy sees to it',
      pool: placedPool(
        { a: [0] },
        { replicas: 1, ...onDelete, gpus: { vendor: 'NVIDIA', countPerReplica: 1, models: [A100] } },
      ),
      clusters: { a: { pods: outdated('a', 0) }, b: { lines: [a100Line({ price: 1 })] } },
      expect: [],
    },
    {
      name: 'goes to the wanted model once its pod is gone',
      pool: placedPool(
        { a: [0] },
        { replicas: 1, ...onDelete, gpus: { vendor: 'NVIDIA', countPerReplica: 1, models: [A100] } },
      ),
      clusters: { a: { free: 8 }, b: { lines: [a100Line({ price: 1 })] } },
      expect: [`create 0 in b ${at(A100)}`],
    },
    {
      name: 'waits elsewhere while its cluster is closed and it has no pod',
      pool: placedPool({ a: [0] }, { replicas: 1 }),
      clusters: { a: { free: 8, offer: { closed: 'closed' } }, b: { free: 8, price: 2 } },
      expect: [`create 0 in b ${at(MODEL)}`],
    },
    {
      name: 'leaves a model above the cap that the scheduler found for it, though another of the cluster would do',
      pool: placedPool({ [`a/${A100}`]: [0] }, { replicas: 1, ...placement({ maxPricePerGpuHour: '1.50' }) }),
      clusters: {
        a: {
          pods: [memberPod('a', 0, { model: null })],
          lines: [v100Line({ price: 2 }), a100Line({ price: 1 })],
        },
      },
      expect: ['remove 0 in a misplaced'],
    },
  ],
  'pods that have ended or are lost': [
    {
      name: 'are made again where they were',
      pool: placedPool({ a: [0] }, { replicas: 1 }),
      clusters: { a: { pods: [memberPod('a', 0, { phase: 'Failed' })], free: 1 } },
      expect: [`replace 0 in a failed by 0 in a ${at(MODEL)}`],
    },
    {
      name: 'are made elsewhere when others have their GPUs by now, once they are gone',
      pool: placedPool({ a: [0] }, { replicas: 1 }),
      clusters: { a: { pods: [memberPod('a', 0, { phase: 'Failed' })] }, b: { free: 1 } },
      expect: ['remove 0 in a failed'],
    },
    {
      name: 'go when their node is lost and nobody has room',
      pool: placedPool({ a: [0] }, { replicas: 1 }),
      clusters: { a: { pods: ready('a', 0), awaySince: () => NOW - 60_000 } },
      expect: ['remove 0 in a lost'],
    },
  ],
  moves: [
    {
      name: 'take one at a time of a pool that may lose one',
      pool: placedPool({ a: [0, 1, 2] }, moving()),
      clusters: { a: { pods: ready('a', 0, 1, 2), price: 2 }, b: { free: 8 } },
      expect: ['remove 0 in a moved'],
    },
    {
      name: 'take as many as the update budget',
      pool: placedPool({ a: [0, 1, 2] }, { ...moving(), ...rolling(2) }),
      clusters: { a: { pods: ready('a', 0, 1, 2), price: 2 }, b: { free: 8 } },
      expect: ['remove 1 in a moved', 'remove 0 in a moved'],
    },
    {
      name: 'take one also when an update may take none',
      pool: placedPool({ a: [0, 1, 2] }, { ...moving(), ...rolling(0, 1) }),
      clusters: { a: { pods: ready('a', 0, 1, 2), price: 2 }, b: { free: 8 } },
      expect: ['remove 0 in a moved'],
    },
    {
      name: 'wait until the last one is available again',
      pool: placedPool({ a: [1, 2], b: [0] }, moving()),
      clusters: { a: { pods: ready('a', 1, 2), price: 2 }, b: { pods: [unboundPod('b', 0)], free: 8 } },
      expect: [],
    },
    {
      name: 'wait until the one before has left its old place',
      pool: placedPool({ a: [1, 2], b: [0] }, { ...moving(), ...rolling(3) }),
      clusters: {
        a: { pods: [memberPod('a', 0, { terminating: true }), ...ready('a', 1, 2)], price: 2 },
        b: { free: 8 },
      },
      expect: [],
    },
    {
      name: 'wait for the end of an update',
      pool: placedPool({ a: [0, 1, 2] }, { ...moving(), ...rolling(1) }),
      clusters: {
        a: { pods: [...ready('a', 0, 1), memberPod('a', 2, { revision: OLD, ageSeconds: 5 })], price: 2 },
        b: { free: 8 },
      },
      expect: ['remove 2 in a update'],
    },
    {
      name: 'are not made within the least time at a place',
      pool: placedPool({ a: [0] }, { replicas: 1, ...moving() }),
      clusters: { a: { pods: [memberPod('a', 0, { ageSeconds: 59 })], price: 2 }, b: { free: 8 } },
      expect: [],
    },
    {
      name: 'are not made for less than the least saving',
      pool: placedPool({ a: [0] }, { replicas: 1, ...moving({ minSavingPercent: 51 }) }),
      clusters: { a: { pods: ready('a', 0), price: 2 }, b: { free: 8 } },
      expect: [],
    },
    {
      name: 'are not made beyond the budget of the hour',
      pool: placedPool(
        placementOf({ a: [0, 1, 2] }, { recentMoves: [{ ordinal: 7, moveTime: ago(3599) }] }),
        moving({ maxPerHour: 1 }),
      ),
      clusters: { a: { pods: ready('a', 0, 1, 2), price: 2 }, b: { free: 8 } },
      expect: [],
    },
    {
      name: 'are made again when the hour is over',
      pool: placedPool(
        placementOf({ a: [0, 1, 2] }, { recentMoves: [{ ordinal: 7, moveTime: ago(3600) }] }),
        moving({ maxPerHour: 1 }),
      ),
      clusters: { a: { pods: ready('a', 0, 1, 2), price: 2 }, b: { free: 8 } },
      expect: ['remove 0 in a moved'],
    },
    {
      name: 'wait while a cluster that would do is connecting: it may be the better one',
      pool: placedPool({ a: [0] }, { replicas: 1, ...moving() }),
      clusters: { a: { pods: ready('a', 0), price: 2 }, b: { free: 8 }, c: { state: 'connecting' } },
      expect: [],
    },
  ],
  'updates over clusters': [
    {
      name: 'take no more than the budget in all clusters together, the highest ordinal first',
      pool: placedPool({ a: [0, 2], b: [1, 3] }, { replicas: 4, ...rolling(1) }),
      clusters: { a: { pods: outdated('a', 0, 2) }, b: { pods: outdated('b', 1, 3) } },
      expect: ['remove 3 in b update'],
    },
    {
      name: 'count those that leave for another reason',
      pool: placedPool(
        { a: [0, 1], b: [2, 3] },
        { replicas: 4, ...rolling(2), ...placement({ maxPricePerGpuHour: '1.50' }) },
      ),
      clusters: { a: { pods: outdated('a', 0, 1), price: 2 }, b: { pods: outdated('b', 2, 3), free: 8 } },
      expect: ['remove 1 in a misplaced', 'remove 0 in a misplaced'],
    },
    {
      name: 'take nobody who leaves anyway',
      pool: placedPool(
        { a: [2, 3], b: [0, 1] },
        { replicas: 4, ...rolling(4), ...placement({ maxPricePerGpuHour: '1.50' }) },
      ),
      clusters: { a: { pods: outdated('a', 2, 3), price: 2 }, b: { pods: outdated('b', 0, 1), free: 8 } },
      expect: [
        'remove 3 in a misplaced',
        'remove 2 in a misplaced',
        'remove 1 in b update',
        'remove 0 in b update',
      ],
    },
    {
      name: 'count those that cannot be seen as unavailable',
      pool: placedPool({ a: [0], b: [1, 2] }, rolling(1)),
      clusters: { a: { state: 10 }, b: { pods: outdated('b', 1, 2) } },
      expect: [],
    },
    {
      name: 'surge where there is room',
      pool: placedPool({ a: [0, 1] }, { replicas: 2, ...rolling(0, 1) }),
      clusters: { a: { pods: outdated('a', 0, 1) }, b: { free: 1, price: 2 } },
      expect: [`create 2 in b ${at(MODEL)}`],
    },
    {
      name: 'let a surge pod go that may not be where it is, though the pool lacks replicas',
      pool: placedPool({ a: [0, 1] }, { replicas: 4, ...rolling(1, 1), ...placement(selecting('a')) }),
      clusters: { a: { pods: ready('a', 0, 1) }, b: { pods: [memberPod('b', 4, { surge: true })] } },
      expect: ['remove 4 in b misplaced'],
    },
    {
      name: 'keep a surge pod in its place while the pool lacks replicas',
      pool: placedPool({ a: [0, 1] }, { replicas: 4, ...rolling(1, 1), ...placement(selecting('a', 'b')) }),
      clusters: { a: { pods: ready('a', 0, 1) }, b: { pods: [memberPod('b', 4, { surge: true })] } },
      expect: [],
    },
    {
      name: 'let the surge go when all are new',
      pool: placedPool({ a: [0, 1], b: [2] }, { replicas: 2, ...rolling(0, 1) }),
      clusters: { a: { pods: ready('a', 0, 1) }, b: { pods: [memberPod('b', 2, { surge: true })] } },
      expect: ['remove 2 in b surgeOver'],
    },
    {
      name: 'are not made below the partition',
      pool: placedPool({ a: [0, 1], b: [2] }, rolling(3, 0, 2)),
      clusters: { a: { pods: outdated('a', 0, 1) }, b: { pods: outdated('b', 2) } },
      expect: ['remove 2 in b update'],
    },
    {
      name: 'of type OnDelete make what was deleted where it belongs',
      pool: placedPool({ a: [0], b: [1] }, { replicas: 2, ...onDelete }),
      clusters: { a: { pods: outdated('a', 0) }, b: { free: 1 } },
      expect: [`create 1 in b ${at(MODEL)}`],
    },
  ],
  'a pool that is deleted': [
    {
      name: 'takes its pods along, wherever they are',
      pool: placedPool({ a: [0], local: [1] }, {}, heldBy),
      clusters: {
        a: { pods: ready('a', 0) },
        b: { pods: ready('b', 0) },
        local: { pods: ready('local', 1) },
      },
      expect: ['remove 1 in local deleted', 'remove 0 in a deleted', 'remove 0 in b deleted'],
    },
    {
      name: 'makes nothing',
      pool: placedPool({ a: [0] }, {}, heldBy),
      clusters: { a: { free: 8 } },
      expect: [],
    },
    {
      name: 'leaves its pods to garbage collection when none was abroad',
      pool: placedPool({ local: [0] }, {}, { deletionTimestamp: ago(1) }),
      clusters: { local: { pods: ready('local', 0) } },
      expect: [],
    },
  ],
};

describe('controllers/minerpool/decide for placed pools', () => {
  for (const [group, rows] of Object.entries(cases)) {
    describe(group, () => {
      for (const { name, expect, ...seen } of rows) {
        it(name, () => {
          assert.deepEqual(steps(seen), expect);
        });
      }
    });
  }

  describe('releases a deleted pool', () => {
    const rows: (SeenFleet & { name: string; releases: boolean })[] = [
      {
        name: 'when nothing of it is left abroad',
        pool: placedPool({ a: [0] }, {}, heldBy),
        clusters: { a: {} },
        releases: true,
      },
      {
        name: 'not while a pod is ending there',
        pool: placedPool({ a: [0] }, {}, heldBy),
        clusters: { a: { pods: [memberPod('a', 0, { terminating: true })] } },
        releases: false,
      },
      {
        name: 'not while a stray is left in a third cluster',
        pool: placedPool({ a: [0] }, {}, heldBy),
        clusters: { a: {}, b: { pods: ready('b', 0) } },
        releases: false,
      },
      {
        name: 'not while a cluster in which a replica belongs cannot be asked',
        pool: placedPool({ a: [0] }, {}, heldBy),
        clusters: { a: { state: 9000 } },
        releases: false,
      },
      {
        name: 'not while it is still connecting',
        pool: placedPool({ a: [0] }, {}, heldBy),
        clusters: { a: { state: 'connecting' } },
        releases: false,
      },
      {
        name: 'not while a cluster in which a replica was left behind cannot be asked',
        pool: placedPool(placementOf({}, { leftBehind: [{ cluster: 'a', ordinals: '4' }] }), {}, heldBy),
        clusters: { a: { state: 9000 } },
        releases: false,
      },
      {
        name: 'when that cluster has no ComputeCluster any more',
        pool: placedPool(
          placementOf({ a: [0] }, { leftBehind: [{ cluster: 'a', ordinals: '4' }] }),
          {},
          heldBy,
        ),
        clusters: { b: {} },
        releases: true,
      },
      {
        name: 'without waiting for its pods in the cluster of Headframe: garbage collection sees to them',
        pool: placedPool({ local: [0] }, {}, heldBy),
        clusters: {},
        podsHere: ready('local', 0),
        releases: true,
      },
      {
        name: 'nor when that has a ComputeCluster',
        pool: placedPool({ local: [0] }, {}, heldBy),
        clusters: { local: { pods: ready('local', 0) } },
        releases: true,
      },
      {
        name: 'only if it is held',
        pool: placedPool({ a: [0] }, {}, { deletionTimestamp: ago(1) }),
        clusters: { a: {} },
        releases: false,
      },
    ];
    for (const { name, releases, ...seen } of rows) {
      it(name, () => {
        assert.equal(decide(seenFleet(seen), NOW).releases, releases);
      });
    }
  });

  describe('looks again', () => {
    const rows: (SeenFleet & { name: string; ms: number | undefined })[] = [
      {
        name: 'when the grace of a cluster ends',
        pool: placedPool({ a: [0] }, { replicas: 1 }),
        clusters: { a: { state: 290 } },
        ms: 10_000,
      },
      {
        name: 'never, when it is over and nothing may move',
        pool: placedPool({ a: [0] }, { replicas: 1 }),
        clusters: { a: { state: 301 }, b: {} },
        ms: undefined,
      },
      {
        name: 'every minute for a cheaper place',
        pool: placedPool({ a: [0] }, { replicas: 1, ...moving() }),
        clusters: { a: { pods: ready('a', 0) }, b: {} },
        ms: 60_000,
      },
      {
        name: 'not for moves that the policy does not make',
        pool: placedPool({ a: [0] }, { replicas: 1, placement: Placement.parse({ policy: 'Spread' }) }),
        clusters: { a: { pods: ready('a', 0) }, b: {} },
        ms: undefined,
      },
      {
        name: 'not for moves where there is one cluster',
        pool: placedPool({ a: [0] }, { replicas: 1, ...moving() }),
        clusters: { a: { pods: ready('a', 0) } },
        ms: undefined,
      },
    ];
    for (const { name, ms, ...seen } of rows) {
      it(name, () => {
        assert.equal(decide(seenFleet(seen), NOW).againMs, ms);
      });
    }
  });
});
