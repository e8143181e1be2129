import assert from 'node:assert/strict';
import { keyQueue } from '../../../src/devcluster/cluster-controllers/key-queue.ts';
import { podQueue } from '../../../src/devcluster/cluster-controllers/scheduler/pod-queue.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { podObject } from './scheduler-objects.ts';

describe('podQueue', () => {
  const names = (queue: ReturnType<typeof podQueue>): string[] => {
    const taken: string[] = [];
    for (let pod = queue.next(); pod !== undefined; pod = queue.next()) {
      taken.push(pod.metadata.name);
    }
    return taken;
  };

  it('gives the most important pod first, of equals the oldest', () => {
    const queue = podQueue();
    queue.add(podObject('young', { metadata: { creationTimestamp: '2026-01-01T00:00:09Z' } }));
    queue.add(podObject('old'));
    queue.add(
      podObject('important', {
        spec: { priority: 10 },
        metadata: { creationTimestamp: '2026-01-02T00:00:00Z' },
      }),
    );

    assert.deepEqual(names(queue), ['important', 'old', 'young']);
  });

  it('keeps a parked pod until it is woken, and then as long as it was tried lately', () => {
    const queue = podQueue();
    const pod = podObject('pod');
    queue.park(pod, 0);
    queue.add(podObject('pod', { metadata: { resourceVersion: '2' } }));
    assert.equal(queue.advance(60_000), undefined);
    assert.equal(queue.ready, 0);

    queue.park(pod, 60_000);
    queue.wake(() => true);
    const next = queue.advance(60_000) ?? 0;
    assert.ok(next > 60_000);
    assert.equal(queue.ready, 0);

    assert.equal(queue.advance(next), undefined);
    assert.deepEqual(names(queue), ['pod']);
  });

  it('wakes a parked pod whose labels change', () => {
    const queue = podQueue();
    queue.park(podObject('pod'), 0);

    queue.add(podObject('pod', { metadata: { labels: { app: 'new' } } }));
    queue.advance(60_000);

    assert.deepEqual(names(queue), ['pod']);
  });

  it('forgets a pod that is gone', () => {
    const queue = podQueue();
    queue.park(podObject('parked'), 0);
    queue.add(podObject('active'));
    ['parked', 'active'].forEach((uid) => queue.remove(uid));
    queue.wake(() => true);
    queue.advance(60_000);

    assert.deepEqual(names(queue), []);
  });
});

describe('keyQueue', () => {
  it('runs a key once for many additions, again for one that comes meanwhile, and never twice at the same time', async () => {
    const releases: (() => void)[] = [];
    const run = (): Promise<void> => new Promise((resolve) => releases.push(resolve));
    const queue = keyQueue({ run, clock: manualClock(), log: silentLogger });
    queue.add('a');
    queue.add('a');
    await Promise.resolve();
    assert.equal(releases.length, 1);

    queue.add('a');
    await Promise.resolve();
    assert.equal(releases.length, 1);

    releases[0]?.();
    await new Promise(setImmediate);
    assert.equal(releases.length, 2);
    releases[1]?.();
    await queue.stop();
  });

  it('runs a key again, later and later, while it fails', async () => {
    const clock = manualClock();
    let runs = 0;
    const run = (): Promise<void> => {
      runs++;
      return Promise.reject(new Error('not yet'));
    };
    const backoff = { initialMs: 100, factor: 2, maxMs: 1000 };
    const queue = keyQueue({ run, clock, log: silentLogger, backoff });
    queue.add('a');
    await new Promise(setImmediate);

    for (const [delayMs, expected] of [
      [99, 1],
      [1, 2],
      [199, 2],
      [1, 3],
    ] as const) {
      await clock.advance(delayMs);
      assert.equal(runs, expected);
    }
    await queue.stop();
    await clock.advance(10_000);
    assert.equal(runs, 3);
  });
});
