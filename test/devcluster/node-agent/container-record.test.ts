import assert from 'node:assert/strict';
import type { ContainerStatus } from '../../../src/api/builtin.ts';
import {
  restartPolicyOf,
  resumeRecord,
  shouldRestart,
  type RestartPolicy,
} from '../../../src/devcluster/node-agent/container-record.ts';
import { container } from './pod-objects.ts';

const now = '2026-01-01T00:01:00Z';

function status(fields: Partial<ContainerStatus>): ContainerStatus {
  return { name: 'main', ready: false, restartCount: 2, image: 'busybox', imageID: 'x', ...fields };
}

describe('resumeRecord', () => {
  it('starts afresh without a status', () => {
    const resumed = resumeRecord(container(), 'main', { previous: undefined, policy: 'Always', now });

    assert.equal(resumed.finished, undefined);
    assert.equal(resumed.record.restartCount, 0);
    assert.deepEqual(resumed.record.state, { waiting: { reason: 'ContainerCreating' } });
  });

  it('counts on when the container ran under an earlier agent, whose processes are gone', () => {
    const previous = status({ state: { running: { startedAt: '2026-01-01T00:00:00Z' } }, containerID: 'id' });

    const { record, finished } = resumeRecord(container(), 'main', { previous, policy: 'Always', now });

    assert.equal(finished, undefined);
    assert.equal(record.restartCount, 3);
    assert.equal(record.lastState?.terminated?.exitCode, 137);
    assert.equal(record.lastState.terminated.finishedAt, now);
    assert.equal(record.lastState.terminated.containerID, 'id');
  });

  it('does not run again what its policy lets end', () => {
    const cases: [RestartPolicy, number, number | undefined][] = [
      ['Never', 1, 1],
      ['Never', 0, 0],
      ['OnFailure', 0, 0],
      ['OnFailure', 1, undefined],
      ['Always', 0, undefined],
    ];
    for (const [policy, exitCode, finished] of cases) {
      const previous = status({ state: { terminated: { exitCode } } });
      const resumed = resumeRecord(container(), 'main', { previous, policy, now });
      assert.equal(resumed.finished, finished, `${policy}, exit code ${exitCode}`);
      assert.equal(resumed.record.restartCount, finished === undefined ? 3 : 2);
    }
  });

  it('runs an init container again, though it had succeeded', () => {
    const previous = status({ state: { terminated: { exitCode: 0 } } });

    const resumed = resumeRecord(container(), 'init', { previous, policy: 'Never', now });

    assert.equal(resumed.finished, undefined);
  });

  it('takes a container in its back-off from its last end', () => {
    const previous = status({
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: { exitCode: 3 } },
    });

    const { record } = resumeRecord(container(), 'main', { previous, policy: 'Always', now });

    assert.equal(record.lastState?.terminated?.exitCode, 3);
    assert.equal(record.restartCount, 3);
  });
});

describe('restart policies', () => {
  it('decide by exit code', () => {
    const rows = (['Always', 'OnFailure', 'Never'] as const).map((policy) => [
      shouldRestart(policy, 0),
      shouldRestart(policy, 1),
    ]);
    assert.deepEqual(rows, [
      [true, true],
      [false, true],
      [false, false],
    ]);
  });

  it('repeat an init container under Always only when it fails, and a sidecar always', () => {
    assert.equal(restartPolicyOf('init', undefined), 'OnFailure');
    assert.equal(restartPolicyOf('init', 'Never'), 'Never');
    assert.equal(restartPolicyOf('sidecar', 'Never'), 'Always');
    assert.equal(restartPolicyOf('main', 'OnFailure'), 'OnFailure');
  });
});
