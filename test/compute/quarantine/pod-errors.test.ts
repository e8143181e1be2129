import assert from 'node:assert/strict';
import type { ContainerStatus, Pod } from '../../../src/api/builtin.ts';
import { podErrorOf } from '../../../src/compute/quarantine/pod-errors.ts';
import { projectPod } from '../../../src/controllers/pod-projection.ts';
import { guestPod } from '../../support/guest-objects.ts';
import { NOW, ago } from '../../support/pool-objects.ts';

type End = NonNullable<NonNullable<ContainerStatus['state']>['terminated']>;

const failed: End = { exitCode: 1, finishedAt: ago(5), message: 'long' };

function container(status: Partial<ContainerStatus>): ContainerStatus {
  return { name: 'miner', ready: false, restartCount: 0, image: 'i', imageID: 'i', ...status };
}

/** A guest on a node, with its container as given. */
function pod(status: Partial<ContainerStatus>, change: Partial<NonNullable<Pod['status']>> = {}): Pod {
  return {
    ...guestPod('p', { node: 'n', ageSeconds: 60 }),
    status: { phase: 'Running', containerStatuses: [container(status)], ...change },
  };
}

describe('compute/quarantine/pod-errors', () => {
  const ended = { state: { terminated: failed } };
  const table: [what: string, pod: Pod, at: number | undefined][] = [
    ['whose container runs', pod({ state: { running: {} } }), undefined],
    ['whose container ended with an error', pod(ended, { phase: 'Failed' }), NOW - 5000],
    ['whose container ended well', pod({ state: { terminated: { ...failed, exitCode: 0 } } }), undefined],
    [
      'whose container was started again',
      pod({ state: { running: {} }, lastState: { terminated: failed } }),
      NOW - 5000,
    ],
    [
      'whose container waits to be started again',
      pod({ state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: failed } }),
      NOW - 5000,
    ],
    [
      'whose container has failed twice: the last time counts',
      pod({ state: { terminated: { ...failed, finishedAt: ago(1) } }, lastState: { terminated: failed } }),
      NOW - 1000,
    ],
    [
      'whose init container ended with an error',
      pod({}, { initContainerStatuses: [container(ended)] }),
      NOW - 5000,
    ],
    ['without memory', pod({ state: { terminated: { ...failed, reason: 'OOMKilled' } } }), undefined],
    ['that does not say when', pod({ state: { terminated: { exitCode: 1 } } }), undefined],
    [
      'that says when in no words',
      pod({ state: { terminated: { exitCode: 1, finishedAt: '-' } } }),
      undefined,
    ],
    ['that was evicted', pod(ended, { phase: 'Failed', reason: 'Evicted' }), undefined],
    [
      'that was preempted',
      pod(ended, { conditions: [{ type: 'DisruptionTarget', status: 'True' }] }),
      undefined,
    ],
  ];
  for (const [what, one, at] of table) {
    it(`a pod ${what} ${at === undefined ? 'has met no error' : 'has met an error'}, whole or from a cache`, () => {
      const expected = at === undefined ? undefined : { node: 'n', uid: 'p-uid', from: NOW - 60_000, at };
      assert.deepEqual(podErrorOf(one), expected);
      assert.deepEqual(podErrorOf(projectPod(structuredClone(one))), expected);
    });
  }

  it('looks at no pod that is being deleted, has no GPUs, or no node', () => {
    const one = pod(ended);
    const deleted = { ...one, metadata: { ...one.metadata, deletionTimestamp: ago(1) } };
    const unbound = { ...one, spec: { containers: one.spec.containers } };
    const plain = { ...one, spec: { ...one.spec, containers: [{ name: 'c' }] } };
    assert.deepEqual([deleted, unbound, plain].map(podErrorOf), [undefined, undefined, undefined]);
  });

  it('keeps no long messages in caches', () => {
    const kept = projectPod(pod({ lastState: { terminated: failed } }));
    assert.deepEqual(kept.status?.containerStatuses?.[0]?.lastState, {
      terminated: { exitCode: 1, finishedAt: failed.finishedAt },
    });
  });
});
