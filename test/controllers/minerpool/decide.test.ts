import assert from 'node:assert/strict';
import type { Pod } from '../../../src/api/builtin.ts';
import type { MinerPool } from '../../../src/api/miner-pool.ts';
import { decide } from '../../../src/controllers/minerpool/decide.ts';
import type { Observed } from '../../../src/controllers/minerpool/observed.ts';
import type { Step } from '../../../src/controllers/minerpool/plan.ts';
import { podSource, revisionManifest, revisionName } from '../../../src/controllers/minerpool/revision.ts';
import { type Here, seenHere } from '../../support/seen-here.ts';
import { NOW, ago, minerPool, poolPod } from '../../support/pool-objects.ts';

const NEW = revisionName('pool', podSource(minerPool()));
const OLD = 'pool-0000000000';

function observe(pool: MinerPool, pods: Pod[], more: Partial<Here> = {}): Observed {
  return seenHere({ pool, pods, products: ['NVIDIA-H100-80GB-HBM3'], ...more });
}

/** `create 0`, `remove 2 scaleDown`, `replace 1 failed #2` (attempt): a plan's steps as a table shows them. */
function describeStep(step: Step): string {
  switch (step.kind) {
    case 'create':
      return `create ${step.order.ordinal}`;
    case 'remove':
      return `remove ${step.replica.ordinal} ${step.cause}`;
    case 'replace':
      return `replace ${step.replica.ordinal} ${step.cause} #${step.order.attempt}`;
  }
}

function steps(observed: Observed, now = NOW): string[] {
  return decide(observed, now).steps.map(describeStep);
}

const ready = (ordinal: number, revision = NEW): Pod =>
  poolPod({ ordinal, revision, node: 'n1', readyFor: 600 });
const surge = (ordinal: number, readyFor?: number): Pod =>
  poolPod({
    ordinal,
    revision: NEW,
    node: 'n1',
    surge: true,
    ...(readyFor === undefined ? {} : { readyFor }),
  });
const starting = (ordinal: number, revision = NEW): Pod => poolPod({ ordinal, revision, node: 'n1' });
const pending = (ordinal: number, revision = NEW): Pod => poolPod({ ordinal, revision });
const terminating = (ordinal: number, revision = NEW): Pod =>
  poolPod({ ordinal, revision, node: 'n1', readyFor: 600, terminating: true });
const failed = (ordinal: number, agoSeconds: number, attempt = 0, ranSeconds = 5): Pod =>
  poolPod({
    ordinal,
    revision: NEW,
    node: 'n1',
    phase: 'Failed',
    attempt,
    ended: { agoSeconds, ranSeconds },
  });

function rolling(
  maxUnavailable: number | string,
  maxSurge: number | string = 0,
  partition = 0,
): Partial<MinerPool['spec']> {
  return {
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable, maxSurge, partition } },
  };
}

/** A pool in the middle of an update from OLD to NEW. */
function updating(spec: Partial<MinerPool['spec']> = {}): MinerPool {
  const pool = minerPool(spec);
  return {
    ...pool,
    status: {
      replicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      updatedReplicas: 0,
      gpus: { desired: 3, allocated: 3, ready: 3 },
      currentRevision: OLD,
      updateRevision: NEW,
      conditions: [],
    },
  };
}

interface Case {
  name: string;
  pool?: MinerPool;
  pods?: Pod[];
  more?: Partial<Here>;
  expect: string[];
}

const cases: Record<string, Case[]> = {
  scaling: [
    { name: 'creates every ordinal of a new pool', expect: ['create 0', 'create 1', 'create 2'] },
    { name: 'leaves a complete pool alone', pods: [ready(0), ready(1), ready(2)], expect: [] },
    { name: 'fills a gap with the same ordinal', pods: [ready(0), ready(2)], expect: ['create 1'] },
    {
      name: 'removes ordinals above replicas, unready before ready, highest first',
      pods: [ready(0), ready(1), ready(2), ready(3), starting(4), ready(5), pending(6)],
      expect: ['remove 6 scaleDown', 'remove 4 scaleDown', 'remove 5 scaleDown', 'remove 3 scaleDown'],
    },
    {
      name: 'does not remove twice',
      pods: [ready(0), ready(1), ready(2), terminating(3)],
      expect: [],
    },
    {
      name: 'waits for a terminating pod before it takes its name again',
      pods: [ready(0), ready(1), terminating(2)],
      expect: [],
    },
    {
      name: 'scales to zero',
      pool: minerPool({ replicas: 0 }),
      pods: [ready(0)],
      expect: ['remove 0 scaleDown'],
    },
  ],
  'suspend and deletion': [
    {
      name: 'removes every pod while suspended, whatever surge an update allowed',
      pool: { ...updating({ suspend: true, ...rolling(1, 2) }) },
      pods: [ready(0, OLD), ready(1, OLD), ready(3)],
      expect: ['remove 3 suspend', 'remove 1 suspend', 'remove 0 suspend'],
    },
    {
      name: 'does nothing for a pool that is being deleted',
      pool: minerPool({}, { deletionTimestamp: ago(1) }),
      pods: [ready(0)],
      expect: [],
    },
  ],
  strangers: [
    {
      name: 'never makes, nor removes, a pod whose name a stranger has',
      pods: [ready(0), ready(2)],
      more: {
        podNamed: (name) =>
          name === 'pool-1'
            ? { ...ready(1), metadata: { ...ready(1).metadata, ownerReferences: [] } }
            : undefined,
      },
      expect: [],
    },
  ],
  'failed pods': [
    {
      name: 'waits 10 s after the first failure',
      pods: [ready(0), ready(1), failed(2, 9)],
      expect: [],
    },
    {
      name: 'replaces after 10 s, counting the attempt',
      pods: [ready(0), ready(1), failed(2, 10)],
      expect: ['replace 2 failed #1'],
    },
    {
      name: 'doubles the pause: the third failure in a row waits 40 s',
      pods: [ready(0), ready(1), failed(2, 39, 2)],
      expect: [],
    },
    {
      name: 'and is replaced after them',
      pods: [ready(0), ready(1), failed(2, 40, 2)],
      expect: ['replace 2 failed #3'],
    },
    {
      name: 'never waits longer than ten minutes',
      pods: [ready(0), ready(1), failed(2, 600, 30)],
      expect: ['replace 2 failed #31'],
    },
    {
      name: 'starts over after ten good minutes',
      pods: [ready(0), ready(1), failed(2, 10, 5, 600)],
      expect: ['replace 2 failed #1'],
    },
    {
      name: 'replaces an evicted pod at once, without counting it',
      pods: [
        ready(0),
        ready(1),
        {
          ...failed(2, 1, 3),
          status: { phase: 'Failed', conditions: [{ type: 'DisruptionTarget', status: 'True' }] },
        },
      ],
      expect: ['replace 2 failed #3'],
    },
    {
      name: 'replaces a pod that ended well, too: miners have no end',
      pods: [ready(0), ready(1), { ...failed(2, 60), status: { phase: 'Succeeded' } }],
      expect: ['replace 2 failed #1'],
    },
    {
      name: 'does not wait when the template has changed',
      pool: updating(),
      pods: [
        ready(0),
        ready(1),
        poolPod({
          ordinal: 2,
          revision: OLD,
          node: 'n1',
          phase: 'Failed',
          ended: { agoSeconds: 1, ranSeconds: 1 },
        }),
      ],
      expect: ['replace 2 update #0'],
    },
    {
      name: 'removes a failed pod that nobody wants any more',
      pods: [ready(0), ready(1), ready(2), failed(3, 0)],
      expect: ['remove 3 scaleDown'],
    },
  ],
  'lost nodes': [
    {
      name: 'leaves pods of a lost node during the grace',
      pods: [ready(0), ready(1), ready(2)],
      more: { awaySince: () => NOW - 59_000 },
      expect: [],
    },
    {
      name: 'replaces them when the grace is over',
      pods: [ready(0), { ...ready(1), spec: { containers: [], nodeName: 'n2' } }, ready(2)],
      more: { awaySince: (node) => (node === 'n2' ? NOW - 60_000 : undefined) },
      expect: ['replace 1 lost #0'],
    },
    {
      name: 'replaces a terminating pod whose node cannot confirm',
      pods: [ready(0), ready(1), terminating(2)],
      more: { awaySince: () => NOW - 60_000 },
      pool: minerPool({ nodeLostGraceSeconds: 60 }),
      expect: ['replace 2 lost #0', 'replace 1 lost #0', 'replace 0 lost #0'],
    },
  ],
  'rolling update': [
    {
      name: 'takes the highest ordinal first, no more than maxUnavailable',
      pool: updating(rolling(1)),
      pods: [ready(0, OLD), ready(1, OLD), ready(2, OLD)],
      expect: ['remove 2 update'],
    },
    {
      name: 'waits while the budget is used up',
      pool: updating(rolling(1)),
      pods: [ready(0, OLD), ready(1, OLD), starting(2)],
      expect: [],
    },
    {
      name: 'goes on when the new pod is available',
      pool: updating(rolling(1)),
      pods: [ready(0, OLD), ready(1, OLD), ready(2)],
      expect: ['remove 1 update'],
    },
    {
      name: 'replaces outdated pods that are not available at no cost',
      pool: updating(rolling(1)),
      pods: [starting(0, OLD), pending(1, OLD), ready(2, OLD)],
      expect: ['remove 1 update', 'remove 0 update'],
    },
    {
      name: 'rounds a percentage of maxUnavailable down, and lets one go when that is none',
      pool: updating(rolling('10%', '0%')),
      pods: [ready(0, OLD), ready(1, OLD), ready(2, OLD)],
      expect: ['remove 2 update'],
    },
    {
      name: 'surges first when nothing may be unavailable',
      pool: updating(rolling(0, 1)),
      pods: [ready(0, OLD), ready(1, OLD), ready(2, OLD)],
      expect: ['create 3'],
    },
    {
      name: 'takes an old pod once the surge is available',
      pool: updating(rolling(0, 1)),
      pods: [ready(0, OLD), ready(1, OLD), ready(2, OLD), surge(3, 60)],
      expect: ['remove 2 update'],
    },
    {
      name: 'keeps the surge until the last new pod is available',
      pool: updating(rolling(0, 1)),
      pods: [starting(0), ready(1), ready(2), surge(3, 60)],
      expect: [],
    },
    {
      name: 'then lets it go',
      pool: updating(rolling(0, 1)),
      pods: [ready(0), ready(1), ready(2), surge(3, 60)],
      expect: ['remove 3 surgeOver'],
    },
    {
      name: 'lets a surge pod that is not available go at once when it is not needed',
      pool: updating(rolling(0, 1)),
      pods: [ready(0), ready(1), starting(2), surge(3)],
      expect: ['remove 3 surgeOver'],
    },
    {
      name: 'keeps the surge also when the template is rolled back to the one before',
      pool: minerPool(rolling(0, 1)),
      pods: [
        ready(0),
        ready(1),
        poolPod({ ordinal: 2, revision: OLD, node: 'n1', terminating: true }),
        surge(3, 60),
      ],
      expect: [],
    },
    {
      name: 'never takes an ordinal that a larger pool left for a surge',
      pool: updating(rolling(0, 2, 2)),
      pods: [starting(0, OLD), ready(1, OLD), ready(2), starting(3), ready(4)],
      expect: ['remove 3 scaleDown', 'remove 4 scaleDown'],
    },
    {
      name: 'removes what a larger pool left, and does not make it again, when it has ended meanwhile',
      pool: updating({ replicas: 2, ...rolling(0, 1) }),
      pods: [ready(0, OLD), ready(1, OLD), failed(2, 60)],
      expect: ['remove 2 scaleDown'],
    },
    {
      name: 'makes a surge pod of what it adds above the wanted number, and of nothing else',
      pool: updating(rolling(0, 1)),
      pods: [ready(0, OLD), ready(2, OLD)],
      expect: ['create 1', 'create 3'],
    },
    {
      name: 'leaves ordinals below the partition',
      pool: updating(rolling(3, 0, 2)),
      pods: [ready(0, OLD), ready(1, OLD), ready(2, OLD)],
      expect: ['remove 2 update'],
    },
    {
      name: 'counts only pods that stay when the pool shrinks in the same change',
      pool: updating({ replicas: 2, ...rolling(1) }),
      pods: [ready(0, OLD), ready(1, OLD), ready(2, OLD), ready(3, OLD)],
      expect: ['remove 3 scaleDown', 'remove 2 scaleDown', 'remove 1 update'],
    },
    {
      name: 'updates pods that were made before the first status write',
      pool: minerPool(rolling(1)),
      pods: [ready(0, OLD), ready(1, OLD), ready(2, OLD)],
      expect: ['remove 2 update'],
    },
    {
      name: 'OnDelete leaves outdated pods',
      pool: updating({
        updateStrategy: { type: 'OnDelete', rollingUpdate: { maxUnavailable: 1, maxSurge: 0, partition: 0 } },
      }),
      pods: [ready(0, OLD), ready(1, OLD)],
      expect: ['create 2'],
    },
    {
      name: 'counts a pod as available only after minReadySeconds',
      pool: updating({ minReadySeconds: 30, ...rolling(1) }),
      pods: [ready(0, OLD), ready(1, OLD), poolPod({ ordinal: 2, revision: NEW, node: 'n1', readyFor: 29 })],
      expect: [],
    },
  ],
};

describe('controllers/minerpool/decide', () => {
  for (const [group, rows] of Object.entries(cases)) {
    describe(group, () => {
      for (const { name, pool = minerPool(), pods = [], more, expect } of rows) {
        it(name, () => {
          assert.deepEqual(steps(observe(pool, pods, more)), expect);
        });
      }
    });
  }

  it('makes a pod below the partition from the revision that was recorded for it', () => {
    const before = minerPool({ template: { spec: { containers: [{ name: 'miner', image: 'miner:0' }] } } });
    const name = revisionName('pool', podSource(before));
    const recorded = {
      ...revisionManifest(before, name, 1),
      metadata: { ...before.metadata, name },
    };
    const pool = updating(rolling(1, 0, 2));
    pool.status!.currentRevision = name;

    const plan = decide(observe(pool, [ready(1, name), ready(2)], { revisions: [recorded] }), NOW);

    const [step] = plan.steps;
    assert.equal(step?.kind, 'create');
    assert.equal(step.order.ordinal, 0);
    assert.equal(step.order.revision, name);
    assert.equal(step.order.source.template.spec.containers[0]?.image, 'miner:0');
  });

  describe('looks again', () => {
    const times: { name: string; pods: Pod[]; more?: Partial<Here>; pool?: MinerPool; ms?: number }[] = [
      { name: 'never, when nothing is pending', pods: [ready(0), ready(1), ready(2)] },
      { name: 'when the pause of a failed pod ends', pods: [ready(0), ready(1), failed(2, 4)], ms: 6000 },
      {
        name: 'when the grace of a node ends',
        pods: [ready(0), ready(1), ready(2)],
        more: { awaySince: () => NOW - 20_000 },
        ms: 40_000,
      },
      {
        name: 'at the first of several times, not at one that has passed',
        pods: [failed(0, 4), failed(1, 7), failed(2, 60)],
        ms: 3000,
      },
      {
        name: 'when minReadySeconds end',
        pool: minerPool({ minReadySeconds: 30 }),
        pods: [ready(0), ready(1), poolPod({ ordinal: 2, revision: NEW, node: 'n1', readyFor: 10 })],
        ms: 20_000,
      },
    ];
    for (const { name, pods, more, pool = minerPool(), ms } of times) {
      it(name, () => {
        assert.equal(decide(observe(pool, pods, more), NOW).againMs, ms);
      });
    }
  });

  it('records a revision before its pods, numbered after the highest', () => {
    const other = {
      ...revisionManifest(minerPool(), OLD, 7),
      metadata: { ...minerPool().metadata, name: OLD },
    };

    assert.equal(decide(observe(minerPool(), []), NOW).newRevisionNumber, 1);
    assert.equal(decide(observe(minerPool(), [], { revisions: [other] }), NOW).newRevisionNumber, 8);
    const known = {
      ...revisionManifest(minerPool(), NEW, 3),
      metadata: { ...minerPool().metadata, name: NEW },
    };
    assert.equal(decide(observe(minerPool(), [], { revisions: [known] }), NOW).newRevisionNumber, undefined);
  });

  it('prunes revisions beyond the limit, never one that a pod or the status names', () => {
    const revision = (name: string, number: number): Observed['revisions'][number] => ({
      ...revisionManifest(minerPool(), name, number),
      metadata: { ...minerPool().metadata, name },
    });
    const revisions = [
      revision('r1', 1),
      revision('r2', 2),
      revision('r3', 3),
      revision(OLD, 0),
      revision(NEW, 9),
    ];
    const pool = minerPool({ revisionHistoryLimit: 1 });

    const plan = decide(observe(pool, [ready(0, OLD)], { revisions }), NOW);

    assert.deepEqual(
      plan.obsoleteRevisions.map(({ metadata }) => metadata.name),
      ['r2', 'r1'],
    );
  });

  it('prunes the former revision in the plan that finds the rollout done: nothing wakes the pool once more', () => {
    const former = {
      ...revisionManifest(minerPool(), OLD, 1),
      metadata: { ...minerPool().metadata, name: OLD },
    };
    const pool = updating({ replicas: 1, revisionHistoryLimit: 0 });

    const during = decide(observe(pool, [ready(0, OLD)], { revisions: [former] }), NOW);
    const done = decide(observe(pool, [ready(0, NEW)], { revisions: [former] }), NOW);

    assert.deepEqual(during.obsoleteRevisions, []);
    assert.deepEqual(done.obsoleteRevisions, [former]);
  });
});
