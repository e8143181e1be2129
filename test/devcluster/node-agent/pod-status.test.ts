import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { PodSpec, PodStatus } from '../../../src/api/builtin.ts';
import type { ContainerRecord } from '../../../src/devcluster/node-agent/container-record.ts';
import { covers, podStatus } from '../../../src/devcluster/node-agent/pod-status.ts';
import { ended, podOf, record, running } from './pod-objects.ts';

const now = Date.UTC(2026, 0, 1, 0, 0, 10);

interface PhaseCase {
  title: string;
  records: ContainerRecord[];
  policy?: NonNullable<PodSpec['restartPolicy']>;
  ending?: boolean;
  before?: NonNullable<PodStatus['phase']>;
  phase: NonNullable<PodStatus['phase']>;
}

const waitingAgain: Partial<ContainerRecord> = {
  state: { waiting: { reason: 'CrashLoopBackOff' } },
  lastState: { terminated: { exitCode: 1 } },
  restartCount: 1,
};
const init = { name: 'init', kind: 'init' } as const;
const sidecar = { name: 'proxy', kind: 'sidecar' } as const;

const phases: PhaseCase[] = [
  { title: 'nothing started', records: [record()], phase: 'Pending' },
  { title: 'one of two started', records: [record(running), record({ name: 'b' })], phase: 'Pending' },
  { title: 'all run', records: [record(running), record({ ...running, name: 'b' })], phase: 'Running' },
  { title: 'crash loop', records: [record(waitingAgain)], phase: 'Running' },
  { title: 'one crashed, to be restarted', records: [record(ended(1)), record(running)], phase: 'Running' },
  { title: 'Always: all ended with 0', records: [record(ended(0))], phase: 'Running' },
  {
    title: 'OnFailure: all ended with 0',
    policy: 'OnFailure',
    records: [record(ended(0))],
    phase: 'Succeeded',
  },
  { title: 'OnFailure: ended with 1', policy: 'OnFailure', records: [record(ended(1))], phase: 'Running' },
  { title: 'Never: ended with 0', policy: 'Never', records: [record(ended(0))], phase: 'Succeeded' },
  {
    title: 'Never: one of two failed',
    policy: 'Never',
    records: [record(ended(0)), record(ended(1))],
    phase: 'Failed',
  },
  {
    title: 'Never: one failed, one runs',
    policy: 'Never',
    records: [record(ended(1)), record(running)],
    phase: 'Running',
  },
  { title: 'deleted, ended with 0', ending: true, records: [record(ended(0))], phase: 'Succeeded' },
  { title: 'deleted, killed', ending: true, records: [record(ended(137))], phase: 'Failed' },
  { title: 'deleted, still runs', ending: true, records: [record(running)], phase: 'Running' },
  { title: 'init runs', records: [record({ ...init, ...running }), record()], phase: 'Pending' },
  { title: 'init failed, repeated', records: [record({ ...init, ...ended(1) }), record()], phase: 'Pending' },
  {
    title: 'init failed for good',
    policy: 'Never',
    records: [record({ ...init, ...ended(1) }), record()],
    phase: 'Failed',
  },
  { title: 'init done', records: [record({ ...init, ...ended(0) }), record(running)], phase: 'Running' },
  { title: 'sidecar not started', records: [record(sidecar), record()], phase: 'Pending' },
  {
    title: 'sidecar fails beside a running pod',
    before: 'Running',
    records: [record({ ...sidecar, ...ended(1) }), record(running)],
    phase: 'Running',
  },
  {
    title: 'a killed sidecar does not spoil success',
    policy: 'Never',
    records: [record({ ...sidecar, ...ended(143) }), record(ended(0))],
    phase: 'Succeeded',
  },
  { title: 'an end is an end', before: 'Failed', records: [record(running)], phase: 'Failed' },
];

function statusOf({
  records,
  policy,
  ending = false,
  before,
}: Omit<PhaseCase, 'title' | 'phase'>): PodStatus {
  const spec = policy === undefined ? {} : { restartPolicy: policy };
  const pod = podOf(spec, before === undefined ? undefined : { phase: before });
  return podStatus({ pod, records, ending, now, podIP: '127.0.0.1' });
}

function condition(status: PodStatus, type: string) {
  return status.conditions?.find((one) => one.type === type);
}

describe('podStatus', () => {
  for (const { title, phase, ...given } of phases) {
    it(`is ${phase}: ${title}`, () => {
      assert.equal(statusOf(given).phase, phase);
    });
  }

  it('is ready only when every container is', () => {
    const half = statusOf({ records: [record(running), record({ ...running, name: 'b', ready: false })] });
    const whole = statusOf({ records: [record(running)] });

    assert.deepEqual(condition(half, 'Ready'), {
      type: 'Ready',
      status: 'False',
      reason: 'ContainersNotReady',
      message: 'containers with unready status: [b]',
      lastTransitionTime: '2026-01-01T00:00:10Z',
    });
    assert.equal(condition(whole, 'Ready')?.status, 'True');
    assert.equal(condition(whole, 'ContainersReady')?.status, 'True');
  });

  it('names the init containers that are not done', () => {
    const status = statusOf({ records: [record({ ...init, ...running }), record()] });

    assert.equal(condition(status, 'Initialized')?.message, 'containers with incomplete status: [init]');
  });

  it('says PodCompleted of a pod that has succeeded', () => {
    const status = statusOf({ policy: 'Never', records: [record(ended(0))] });

    assert.equal(condition(status, 'Ready')?.reason, 'PodCompleted');
  });

  it('keeps the start time, foreign conditions, and the times of conditions that have not changed', () => {
    const before: PodStatus = {
      startTime: '2025-12-31T00:00:00Z',
      conditions: [
        { type: 'Ready', status: 'True', lastTransitionTime: '2025-12-31T00:00:01Z' },
        { type: 'DisruptionTarget', status: 'True', reason: 'Other' },
      ],
    };

    const status = podStatus({
      pod: podOf({}, before),
      records: [record(running)],
      ending: false,
      now,
      podIP: '127.0.0.1',
    });

    assert.equal(status.startTime, '2025-12-31T00:00:00Z');
    assert.equal(condition(status, 'Ready')?.lastTransitionTime, '2025-12-31T00:00:01Z');
    assert.equal(condition(status, 'DisruptionTarget')?.reason, 'Other');
  });

  it('is stable: the status computed from a pod that has it is the same', () => {
    const state = fc.constantFrom(running, waitingAgain, ended(0), ended(1), {});
    const kind = fc.constantFrom('init' as const, 'sidecar' as const, 'main' as const);
    const records = fc
      .array(fc.tuple(kind, state), { maxLength: 4 })
      .map((pairs) => [
        record(running),
        ...pairs.map(([kindOf, fields], index) => record({ ...fields, kind: kindOf, name: `c${index}` })),
      ]);
    const policy = fc.constantFrom('Always' as const, 'OnFailure' as const, 'Never' as const);
    fc.assert(
      fc.property(records, policy, fc.boolean(), (all, restartPolicy, ending) => {
        const input = { records: all, ending, podIP: '127.0.0.1' };
        const first = podStatus({ ...input, pod: podOf({ restartPolicy }), now });
        const second = podStatus({ ...input, pod: podOf({ restartPolicy }, first), now: now + 60_000 });
        assert.deepEqual(second, first);
      }),
    );
  });
});

describe('covers', () => {
  const cases: [string, unknown, unknown, boolean][] = [
    ['equal values', { a: 1, b: ['x'] }, { a: 1, b: ['x'] }, true],
    ['defaults that the server adds', { a: 1, qosClass: 'BestEffort' }, { a: 1 }, true],
    ['another value', { a: 1 }, { a: 2 }, false],
    ['a missing value', {}, { a: 2 }, false],
    ['nothing at all', undefined, { a: 2 }, false],
    ['a longer list', { a: [1, 2] }, { a: [1] }, false],
    ['an item with more fields', [{ type: 'Ready', probe: null }], [{ type: 'Ready' }], true],
    ['another state of a container', { state: { waiting: {} } }, { state: { running: {} } }, false],
    ['null in place of nothing', { a: null }, { a: undefined }, true],
  ];
  for (const [title, server, ours, expected] of cases) {
    it(`${expected ? 'accepts' : 'refuses'} ${title}`, () => {
      assert.equal(covers(server, ours), expected);
    });
  }
});
