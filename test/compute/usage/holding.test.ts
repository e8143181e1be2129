import assert from 'node:assert/strict';
import type { Pod, PodStatus } from '../../../src/api/builtin.ts';
import { heldFrom, heldUntil } from '../../../src/compute/usage/holding.ts';

const CREATED = '2026-03-01T10:00:00Z';
const BOUND = '2026-03-01T10:00:05Z';
const STARTED = '2026-03-01T10:00:06Z';
const READY_CHANGED = '2026-03-01T11:00:09Z';

function podWith(status: PodStatus): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'miners-0',
      namespace: 'ml',
      uid: 'u',
      resourceVersion: '1',
      creationTimestamp: CREATED,
    },
    spec: { containers: [{ name: 'miner' }], nodeName: 'gpu-1' },
    status,
  };
}

const bound = { type: 'PodScheduled', status: 'True', lastTransitionTime: BOUND } as const;
const unready = { type: 'Ready', status: 'False', lastTransitionTime: READY_CHANGED } as const;

function ended(...finishedAt: (string | undefined)[]): Pick<PodStatus, 'containerStatuses'> {
  return {
    containerStatuses: finishedAt.map((at, index) => ({
      name: `c${index}`,
      ready: false,
      restartCount: 0,
      image: '',
      imageID: '',
      state: at === undefined ? { running: {} } : { terminated: { exitCode: 0, finishedAt: at } },
    })),
  };
}

describe('compute/usage/holding', () => {
  const beginnings: [what: string, pod: Pod, from: string | undefined][] = [
    ['when it was bound', podWith({ conditions: [unready, bound], startTime: STARTED }), BOUND],
    [
      'when its kubelet began, if no condition says when it was bound',
      podWith({ startTime: STARTED }),
      STARTED,
    ],
    ['when it was made, if nothing else is known', podWith({}), CREATED],
    [
      'not while it is not bound',
      { ...podWith({ conditions: [{ ...bound, status: 'False' }] }), spec: { containers: [] } },
      undefined,
    ],
  ];
  for (const [what, pod, from] of beginnings) {
    it(`a pod holds its GPUs ${from === undefined ? '' : 'from '}${what}`, () => {
      assert.equal(heldFrom(pod), from === undefined ? undefined : Date.parse(from));
    });
  }

  const last = '2026-03-01T11:00:02Z';
  const first = '2026-03-01T10:59:00Z';
  const ends: [what: string, pod: Pod, until: string | undefined][] = [
    ['while it runs', podWith({ phase: 'Running', ...ended(last) }), undefined],
    ['without a status', podWith({}), undefined],
    ['until the last of its containers ended', podWith({ phase: 'Succeeded', ...ended(first, last) }), last],
    [
      'until its conditions changed, when a lost node never said how a container ended',
      podWith({ phase: 'Failed', conditions: [bound, unready], ...ended(first, undefined) }),
      READY_CHANGED,
    ],
    [
      'until its conditions changed, when it was evicted before a container began',
      podWith({ phase: 'Failed', conditions: [bound, unready] }),
      READY_CHANGED,
    ],
    ['not at all, when nothing says until when', podWith({ phase: 'Failed', startTime: STARTED }), STARTED],
  ];
  for (const [what, pod, until] of ends) {
    it(`a pod holds its GPUs ${what}`, () => {
      assert.equal(heldUntil(pod), until === undefined ? undefined : Date.parse(until));
    });
  }
});
