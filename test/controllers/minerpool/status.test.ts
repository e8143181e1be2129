import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Pod } from '../../../src/api/builtin.ts';
import type { MinerPool } from '../../../src/api/miner-pool.ts';
import { decide } from '../../../src/controllers/minerpool/decide.ts';
import { eventsOf } from '../../../src/controllers/minerpool/events.ts';
import { verdictOf } from '../../../src/controllers/minerpool/gates.ts';
import type { Site } from '../../../src/controllers/minerpool/observed.ts';
import { nothingDone, type Outcome } from '../../../src/controllers/minerpool/outcome.ts';
import { podSource, revisionName } from '../../../src/controllers/minerpool/revision.ts';
import { statusOf } from '../../../src/controllers/minerpool/status.ts';
import { type Here, seenHere } from '../../support/seen-here.ts';
import { NOW, ago, minerPool, poolPod } from '../../support/pool-objects.ts';

const NEW = revisionName('pool', podSource(minerPool()));
const OLD = 'pool-0000000000';
const PLENTY = { total: 100, free: 100, nodesWithFree: 10, replicasFitting: 100 };

interface Row {
  name: string;
  pool?: MinerPool;
  pods?: Pod[];
  more?: Partial<Here>;
  outcome?: Partial<Outcome>;
  ready: boolean;
  reason: string;
  message: RegExp;
  progress: 'reconciling' | 'stalled' | 'settled';
}

function look({
  pool = minerPool(),
  pods = [],
  more,
  outcome,
}: Omit<Row, 'ready' | 'reason' | 'message' | 'progress'>): {
  verdict: ReturnType<typeof verdictOf>;
  status: ReturnType<typeof statusOf>;
  events: ReturnType<typeof eventsOf>;
} {
  const observed = seenHere({
    pool,
    pods,
    supply: PLENTY,
    products: ['NVIDIA-H100-80GB-HBM3', 'NVIDIA-L4'],
    ...more,
  });
  const plan = decide(observed, NOW);
  const done = { ...nothingDone, ...outcome };
  const verdict = verdictOf(plan.scope, done);
  return { verdict, status: statusOf(plan.scope, done, verdict), events: eventsOf(plan, done, verdict) };
}

const ready = (ordinal: number, revision = NEW): Pod =>
  poolPod({ ordinal, revision, node: 'n', readyFor: 60 });
const starting = (ordinal: number, revision = NEW): Pod => poolPod({ ordinal, revision, node: 'n' });
const pending = (ordinal: number): Pod => poolPod({ ordinal, revision: NEW });

function crashing(ordinal: number): Pod {
  const pod = starting(ordinal);
  const state = { waiting: { reason: 'CrashLoopBackOff' } };
  const container = { name: 'm', ready: false, restartCount: 5, image: '', imageID: '', state };
  return { ...pod, status: { ...pod.status, containerStatuses: [container] } };
}

/** Ended by the cluster. */
function disrupted(ordinal: number): Pod {
  const pod = poolPod({ ordinal, revision: NEW, node: 'n', phase: 'Failed' });
  return { ...pod, status: { ...pod.status, conditions: [{ type: 'DisruptionTarget', status: 'True' }] } };
}

function stranger(name: string, metadata: Partial<Pod['metadata']> = {}): Site['podNamed'] {
  const pod = ready(1);
  return (asked) =>
    asked === name
      ? { ...pod, metadata: { ...pod.metadata, name, ownerReferences: [], ...metadata } }
      : undefined;
}

function updatingFrom(pool: MinerPool, currentRevision: string): MinerPool {
  const gpus = { desired: 0, allocated: 0, ready: 0 };
  const counts = { replicas: 3, readyReplicas: 3, availableReplicas: 3, updatedReplicas: 0 };
  return { ...pool, status: { ...counts, gpus, currentRevision, updateRevision: NEW, conditions: [] } };
}

const h100 = minerPool({
  replicas: 4,
  gpus: { vendor: 'NVIDIA', countPerReplica: 1, models: ['NVIDIA-H100-80GB-HBM3'] },
});

const rows: Row[] = [
  {
    name: 'all is well',
    pods: [ready(0), ready(1), ready(2)],
    ready: true,
    reason: 'AllReplicasReady',
    message: /^3 replicas available$/,
    progress: 'settled',
  },
  {
    name: 'a pool of no replicas is ready',
    pool: minerPool({ replicas: 0 }),
    ready: true,
    reason: 'AllReplicasReady',
    message: /^0 replicas available$/,
    progress: 'settled',
  },
  {
    name: 'pods are to be created',
    ready: false,
    reason: 'CreatingPods',
    message: /3 pods to be created/,
    progress: 'reconciling',
  },
  {
    name: 'pods start',
    pods: [ready(0), starting(1), starting(2)],
    ready: false,
    reason: 'PodsStarting',
    message: /^1 of 3 replicas available$/,
    progress: 'reconciling',
  },
  {
    name: 'the scheduler has a reason of its own',
    pods: [
      ready(0),
      ready(1),
      {
        ...pending(2),
        status: {
          conditions: [{ type: 'PodScheduled', status: 'False', message: '0/3 nodes: Insufficient cpu.' }],
        },
      },
    ],
    ready: false,
    reason: 'PodsStarting',
    message: /the scheduler says of pool-2: 0\/3 nodes: Insufficient cpu/,
    progress: 'reconciling',
  },
  {
    name: 'pods above the wanted number end',
    pods: [
      ready(0),
      ready(1),
      ready(2),
      poolPod({ ordinal: 3, revision: NEW, node: 'n', terminating: true }),
    ],
    ready: false,
    reason: 'ScalingDown',
    message: /^1 pod above 3 replicas still ending$/,
    progress: 'reconciling',
  },
  {
    name: 'fewer GPUs are free than wanted',
    pool: h100,
    pods: [ready(0), pending(1), pending(2), pending(3)],
    more: { supply: { total: 8, free: 2, nodesWithFree: 1, replicasFitting: 2 } },
    ready: false,
    reason: 'InsufficientGPUs',
    message: /^wants 3 x NVIDIA-H100-80GB-HBM3, 2 free on 1 node$/,
    progress: 'reconciling',
  },
  {
    name: 'GPUs are free, but not together on one node',
    pool: minerPool({ replicas: 1, gpus: { vendor: 'NVIDIA', countPerReplica: 4, models: [] } }),
    more: { supply: { total: 16, free: 6, nodesWithFree: 2, replicasFitting: 0 } },
    ready: false,
    reason: 'InsufficientGPUs',
    message: /^wants 4 x any NVIDIA GPU \(4 on one node per replica\), 6 free on 2 nodes$/,
    progress: 'reconciling',
  },
  {
    name: 'nobody has the model',
    pool: minerPool({ gpus: { vendor: 'NVIDIA', countPerReplica: 1, models: ['b200'] } }),
    more: { supply: { total: 0, free: 0, nodesWithFree: 0, replicasFitting: 0 } },
    ready: false,
    reason: 'NoMatchingGPUs',
    message: /^wants 3 x b200, no node has any; the cluster has NVIDIA-H100-80GB-HBM3, NVIDIA-L4$/,
    progress: 'reconciling',
  },
  {
    name: 'the cluster has no GPUs at all',
    more: { supply: { total: 0, free: 0, nodesWithFree: 0, replicasFitting: 0 }, products: [] },
    ready: false,
    reason: 'NoMatchingGPUs',
    message: /the cluster has no GPUs$/,
    progress: 'reconciling',
  },
  {
    name: 'a stranger has a name',
    pods: [ready(0), ready(2)],
    more: { podNamed: stranger('pool-1') },
    ready: false,
    reason: 'PodNameConflict',
    message: /^'pool-1' is a pod that does not belong to this pool/,
    progress: 'stalled',
  },
  {
    name: 'a stranger turned up while creating',
    pods: [ready(0), ready(2)],
    outcome: { taken: ['pool-1'] },
    ready: false,
    reason: 'PodNameConflict',
    message: /'pool-1'/,
    progress: 'stalled',
  },
  {
    name: 'a stranger on its way out is waited for',
    pods: [ready(0), ready(2)],
    more: { podNamed: stranger('pool-1', { deletionTimestamp: ago(1) }) },
    ready: false,
    reason: 'PodsStarting',
    message: /2 of 3/,
    progress: 'reconciling',
  },
  {
    name: 'a pod of a former pool of this name is left to garbage collection',
    pods: [ready(0), ready(2)],
    more: {
      podNamed: stranger('pool-1', {
        ownerReferences: [
          { apiVersion: 'v', kind: 'MinerPool', name: 'pool', uid: 'former', controller: true },
        ],
      }),
    },
    ready: false,
    reason: 'PodsStarting',
    message: /2 of 3/,
    progress: 'reconciling',
  },
  {
    name: 'the API server refuses pods',
    outcome: { refusal: 'pods "pool-0" is forbidden: exceeded quota: gpus' },
    ready: false,
    reason: 'PodCreationFailed',
    message: /exceeded quota/,
    progress: 'stalled',
  },
  {
    name: 'containers crash again and again',
    pods: [ready(0), crashing(1), crashing(2)],
    ready: false,
    reason: 'PodsFailing',
    message: /^2 pods of 3 fail again and again; see kubectl logs pool-2 --previous$/,
    progress: 'reconciling',
  },
  {
    name: 'a guest was preempted or evicted, and another is told to end: that is no failure',
    pods: [
      ready(0),
      disrupted(1),
      poolPod({ ordinal: 2, revision: NEW, node: 'n', phase: 'Failed', terminating: true }),
    ],
    ready: false,
    reason: 'PodsStarting',
    message: /^1 of 3 replicas available/,
    progress: 'reconciling',
  },
  {
    name: 'an update is under way',
    pool: updatingFrom(minerPool(), OLD),
    pods: [ready(0, OLD), ready(1, OLD), starting(2)],
    ready: false,
    reason: 'RollingUpdate',
    message: /^1 of 3 replicas run the current template, 2 available$/,
    progress: 'reconciling',
  },
  {
    name: 'OnDelete has left old pods, and that is as wanted',
    pool: updatingFrom(
      minerPool({
        updateStrategy: { type: 'OnDelete', rollingUpdate: { maxUnavailable: 1, maxSurge: 0, partition: 0 } },
      }),
      OLD,
    ),
    pods: [ready(0, OLD), ready(1, OLD), ready(2)],
    ready: true,
    reason: 'PodsOutdated',
    message: /2 of an older template/,
    progress: 'settled',
  },
  {
    name: 'a partition holds replicas back, and that is as wanted',
    pool: updatingFrom(
      minerPool({
        updateStrategy: {
          type: 'RollingUpdate',
          rollingUpdate: { maxUnavailable: 1, maxSurge: 0, partition: 2 },
        },
      }),
      OLD,
    ),
    pods: [ready(0, OLD), ready(1, OLD), ready(2)],
    ready: true,
    reason: 'AllReplicasReady',
    message: /3 replicas available/,
    progress: 'settled',
  },
  {
    name: 'suspended, pods ending',
    pool: minerPool({ suspend: true }),
    pods: [poolPod({ ordinal: 0, revision: NEW, node: 'n', terminating: true })],
    ready: false,
    reason: 'Suspended',
    message: /1 pod still ending; set it to false to run 3 replicas/,
    progress: 'reconciling',
  },
  {
    name: 'suspended',
    pool: minerPool({ suspend: true }),
    ready: false,
    reason: 'Suspended',
    message: /it has no pods/,
    progress: 'settled',
  },
  {
    name: 'being deleted',
    pool: minerPool({}, { deletionTimestamp: ago(1) }),
    pods: [ready(0)],
    ready: false,
    reason: 'Deleting',
    message: /1 pod left/,
    progress: 'reconciling',
  },
];

describe('controllers/minerpool/gates', () => {
  for (const { name, ready: isReady, reason, message, progress, ...row } of rows) {
    it(name, () => {
      const { verdict } = look({ name, ...row });

      assert.equal(verdict.reason, reason, verdict.message);
      assert.equal(verdict.ready, isReady);
      assert.match(verdict.message, message);
      assert.equal(verdict.progress, progress);
    });
  }
});

describe('controllers/minerpool/status', () => {
  it('counts pods and GPUs', () => {
    const pool = minerPool({ replicas: 5, gpus: { vendor: 'NVIDIA', countPerReplica: 2, models: [] } });
    const revision = revisionName('pool', podSource(pool));
    const pods = [
      poolPod({ ordinal: 0, revision, node: 'n', readyFor: 60, gpus: 2 }),
      // Of a template that asked for one GPU less.
      poolPod({ ordinal: 1, revision: OLD, node: 'n', readyFor: 60, gpus: 1 }),
      poolPod({ ordinal: 2, revision, node: 'n', gpus: 2 }),
      poolPod({ ordinal: 3, revision, node: 'n', terminating: true, gpus: 2 }),
      poolPod({ ordinal: 4, revision, gpus: 2 }),
    ];

    const { status } = look({ name: '', pool, pods });

    assert.equal(status.replicas, 4);
    assert.equal(status.readyReplicas, 2);
    assert.equal(status.availableReplicas, 2);
    assert.equal(status.updatedReplicas, 3);
    assert.deepEqual(status.gpus, { desired: 10, allocated: 7, ready: 3 });
    assert.equal(status.selector, 'headframe.dev/pool=pool');
    assert.equal(status.observedGeneration, 1);
  });

  it('is equal for an equal state, so that nothing is written', () => {
    const pods = [ready(0), starting(1), ready(2)];
    const first = look({ name: '', pods }).status;
    const second = look({ name: '', pods, pool: { ...minerPool(), status: first } }).status;

    assert.deepEqual(second, first);
  });

  it('observes no generation where the API server counts none', () => {
    const { generation: _none, ...metadata } = minerPool().metadata;
    const { status } = look({ name: '', pool: { ...minerPool(), metadata } });

    assert.equal('observedGeneration' in status, false);
  });

  const rollouts: { name: string; pool: MinerPool; pods: Pod[]; current: string }[] = [
    {
      name: 'ends when every replica is new and available',
      pool: updatingFrom(minerPool(), OLD),
      pods: [ready(0), ready(1), ready(2)],
      current: NEW,
    },
    {
      name: 'is open while one is not available',
      pool: updatingFrom(minerPool(), OLD),
      pods: [ready(0), starting(1), ready(2)],
      current: OLD,
    },
    {
      name: 'is open while one is old',
      pool: updatingFrom(minerPool(), OLD),
      pods: [ready(0, OLD), ready(1), ready(2)],
      current: OLD,
    },
    {
      name: 'ends when nothing is wanted',
      pool: updatingFrom(minerPool({ replicas: 0 }), OLD),
      pods: [],
      current: NEW,
    },
    {
      name: 'stays open under a partition when scaled to nothing',
      pool: updatingFrom(
        minerPool({
          replicas: 0,
          updateStrategy: {
            type: 'RollingUpdate',
            rollingUpdate: { maxUnavailable: 1, maxSurge: 0, partition: 2 },
          },
        }),
        OLD,
      ),
      pods: [],
      current: OLD,
    },
  ];
  for (const { name, pool, pods, current } of rollouts) {
    it(`a rollout ${name}`, () => {
      assert.equal(look({ name, pool, pods }).status.currentRevision, current);
    });
  }

  it('never contradicts itself', () => {
    const anyPod = fc.oneof(
      fc.nat(6).map((ordinal) => ready(ordinal)),
      fc.nat(6).map((ordinal) => ready(ordinal, OLD)),
      fc.nat(6).map((ordinal) => starting(ordinal)),
      fc.nat(6).map(pending),
      fc.nat(6).map(crashing),
      fc.nat(6).map((ordinal) => poolPod({ ordinal, revision: NEW, node: 'n', phase: 'Failed' })),
    );
    const anyPods = fc.uniqueArray(anyPod, { selector: (pod) => pod.metadata.name });
    fc.assert(
      fc.property(anyPods, fc.nat(6), fc.boolean(), fc.nat(4), (pods, replicas, suspend, fitting) => {
        const pool = minerPool({ replicas, suspend });
        const supply = { total: 4, free: fitting, nodesWithFree: 1, replicasFitting: fitting };
        const { status, verdict } = look({ name: '', pool, pods, more: { supply } });
        const is = (type: string): boolean =>
          status.conditions.some((condition) => condition.type === type && condition.status === 'True');

        assert.ok(!(is('Ready') && (is('Reconciling') || is('Stalled') || is('Suspended'))));
        assert.ok(!(is('Reconciling') && is('Stalled')));
        assert.ok(!is('Ready') || (status.availableReplicas === replicas && is('GPUsAvailable')));
        assert.ok(
          status.availableReplicas <= status.readyReplicas && status.readyReplicas <= status.replicas,
        );
        assert.ok(status.updatedReplicas <= status.replicas && status.gpus.ready <= status.gpus.allocated);
        assert.ok(verdict.message.length > 0);
        assert.equal(new Set(status.conditions.map(({ type }) => type)).size, status.conditions.length);
      }),
    );
  });
});

describe('controllers/minerpool/events', () => {
  const before = (reason: 'Suspended' | 'InsufficientGPUs'): MinerPool => ({
    ...h100,
    status: {
      ...updatingFrom(h100, NEW).status!,
      conditions: [{ type: 'Ready', status: 'False', reason, message: '', lastTransitionTime: ago(5) }],
    },
  });
  const short = { total: 8, free: 0, nodesWithFree: 0, replicasFitting: 0 };

  it('announces what begins to stand in the way, once', () => {
    const first = look({ name: '', pool: h100, more: { supply: short } }).events;
    const again = look({ name: '', pool: before('InsufficientGPUs'), more: { supply: short } }).events;

    assert.deepEqual(
      first.map(({ reason, type }) => [reason, type]),
      [['InsufficientGPUs', 'Warning']],
    );
    assert.deepEqual(again, []);
  });

  it('says how many pods were made and deleted, naming the first', () => {
    const created = Array.from({ length: 12 }, (_, ordinal) => `pool-${ordinal}`);
    const { events } = look({ name: '', outcome: { created, deleted: ['pool-20'] } });

    assert.match(events[0]?.note ?? '', /^created 12 pods: pool-0, .*pool-7, …$/);
    assert.equal(events[1]?.note, 'deleted pool-20');
  });

  it('says why a failed pod was replaced', () => {
    const ended = { agoSeconds: 60, ranSeconds: 12 };
    const pods = [
      ready(0),
      ready(1),
      poolPod({ ordinal: 2, revision: NEW, node: 'n', phase: 'Failed', ended }),
    ];
    const { events } = look({ name: '', pods, outcome: { created: ['pool-2'], deleted: ['pool-2'] } });

    assert.deepEqual(
      events.map(({ reason, note }) => [reason, note]),
      [['PodReplaced', 'replaced pool-2 (Error, exit code 1, after 12 seconds)']],
    );
  });

  it('says which node was lost', () => {
    const pods = [ready(0), ready(1), ready(2)];
    const more = { awaySince: () => NOW - 61_000 };
    const { events } = look({ name: '', pods, more, outcome: { created: ['pool-2'], deleted: ['pool-2'] } });

    assert.match(events[0]?.note ?? '', /^replaced pool-2: its node 'n' was not ready/);
  });

  it('says that a pool goes on', () => {
    const { events } = look({ name: '', pool: before('Suspended') });

    assert.equal(events[0]?.reason, 'Resumed');
  });
});
