import assert from 'node:assert/strict';
import type { NodeCondition, Toleration } from '../../../src/api/builtin.ts';
import { evictionTime } from '../../../src/devcluster/cluster-controllers/nodes/eviction-time.ts';
import {
  nodeTaints,
  silentConditions,
  type TimedTaint,
} from '../../../src/devcluster/cluster-controllers/nodes/node-health.ts';

const NOW = Date.parse('2026-01-01T00:01:00Z');
const NOW_TEXT = '2026-01-01T00:01:00Z';
const ready = (status: NodeCondition['status']): NodeCondition => ({ type: 'Ready', status });
const key = (name: string): string => `node.kubernetes.io/${name}`;
const own: TimedTaint = { key: 'reserved', effect: 'NoSchedule' };

describe('nodeTaints', () => {
  const unreachable: TimedTaint[] = [
    { key: key('unreachable'), effect: 'NoSchedule', timeAdded: NOW_TEXT },
    { key: key('unreachable'), effect: 'NoExecute', timeAdded: NOW_TEXT },
  ];
  const notReady: TimedTaint = { key: key('not-ready'), effect: 'NoSchedule' };
  const cases: {
    title: string;
    taints: TimedTaint[];
    conditions: NodeCondition[];
    unschedulable?: boolean;
    expected: TimedTaint[] | undefined;
  }[] = [
    { title: 'leaves a ready node alone', taints: [own], conditions: [ready('True')], expected: undefined },
    {
      title: 'takes the first taint from a node that is ready',
      taints: [notReady, own],
      conditions: [ready('True')],
      expected: [own],
    },
    {
      title: 'leaves the first taint on a node that has not reported',
      taints: [notReady],
      conditions: [],
      expected: undefined,
    },
    {
      title: 'taints a lost node',
      taints: [own],
      conditions: [ready('Unknown')],
      expected: [own, ...unreachable],
    },
    {
      title: 'does not move the time of a taint',
      taints: unreachable,
      conditions: [ready('Unknown')],
      expected: undefined,
    },
    {
      title: 'taints a node that says it is not ready',
      taints: [],
      conditions: [ready('False')],
      expected: [
        { ...notReady, timeAdded: NOW_TEXT },
        { key: key('not-ready'), effect: 'NoExecute', timeAdded: NOW_TEXT },
      ],
    },
    {
      title: 'taints cordons and pressure',
      taints: [],
      conditions: [ready('True'), { type: 'DiskPressure', status: 'True' }],
      unschedulable: true,
      expected: [
        { key: key('disk-pressure'), effect: 'NoSchedule', timeAdded: NOW_TEXT },
        { key: key('unschedulable'), effect: 'NoSchedule', timeAdded: NOW_TEXT },
      ],
    },
    {
      title: 'takes back the taint of a cordon',
      taints: [{ key: key('unschedulable'), effect: 'NoSchedule' }],
      conditions: [ready('True')],
      expected: [],
    },
  ];
  for (const { title, taints, conditions, unschedulable = false, expected } of cases) {
    it(title, () => assert.deepEqual(nodeTaints(taints, conditions, { unschedulable, now: NOW }), expected));
  }
});

describe('silentConditions', () => {
  const times = { created: '2026-01-01T00:00:00Z', now: NOW };

  it('turns what was known to Unknown, adds what was never said, and leaves what is not the kubelet’s', () => {
    const network: NodeCondition = { type: 'NetworkUnavailable', status: 'False' };
    const conditions = silentConditions([network, { ...ready('True'), lastHeartbeatTime: 'then' }], times);

    assert.deepEqual(
      conditions?.map(({ type, status, reason }) => [type, status, reason]),
      [
        ['NetworkUnavailable', 'False', undefined],
        ['Ready', 'Unknown', 'NodeStatusUnknown'],
        ['MemoryPressure', 'Unknown', 'NodeStatusNeverUpdated'],
        ['DiskPressure', 'Unknown', 'NodeStatusNeverUpdated'],
        ['PIDPressure', 'Unknown', 'NodeStatusNeverUpdated'],
      ],
    );
    assert.equal(conditions[1]?.lastHeartbeatTime, 'then');
    assert.equal(conditions[1].lastTransitionTime, NOW_TEXT);
  });

  it('has nothing more to say the second time', () => {
    const first = silentConditions([ready('True')], times);

    assert.equal(silentConditions(first ?? [], { ...times, now: NOW + 1000 }), undefined);
  });
});

describe('evictionTime', () => {
  const lost: TimedTaint = { key: 'lost', effect: 'NoExecute', timeAdded: NOW_TEXT };
  const exists = (tolerationSeconds?: number): Toleration => ({
    key: 'lost',
    operator: 'Exists',
    ...(tolerationSeconds !== undefined && { tolerationSeconds }),
  });
  const later = NOW + 5000;
  const cases: [string, TimedTaint[], Toleration[], number | undefined][] = [
    ['stays without taints', [], [], undefined],
    ['stays with a taint that only keeps new pods away', [own], [], undefined],
    ['leaves at once without a toleration', [lost], [], later],
    ['stays for ever with a toleration without a limit', [lost], [exists()], undefined],
    ['leaves when its toleration runs out, counted from the taint', [lost], [exists(300)], NOW + 300_000],
    ['leaves when the shortest runs out', [lost], [exists(300), exists(30), exists()], NOW + 30_000],
    ['counts a negative limit as none', [lost], [exists(-1)], NOW],
    [
      'leaves at once when one of two taints is not tolerated',
      [lost, { ...lost, key: 'other' }],
      [exists(300)],
      later,
    ],
  ];
  for (const [title, taints, tolerations, expected] of cases) {
    it(`a pod ${title}`, () => assert.equal(evictionTime(taints, tolerations, later), expected));
  }
});
