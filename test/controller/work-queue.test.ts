import assert from 'node:assert/strict';
import type { QueueMetrics } from '../../src/controller/metrics.ts';
import { createWorkQueue, INITIAL_LIST_PRIORITY, type WorkQueue } from '../../src/controller/work-queue.ts';
import { manualClock, settle, type ManualClock } from '../support/manual-clock.ts';

function newQueue(): { queue: WorkQueue; clock: ManualClock } {
  const clock = manualClock();
  return { queue: createWorkQueue({ name: 'test', clock }), clock };
}

/** Takes and gives back everything that is ready, in the order in which it is handed out. */
async function takeAll(queue: WorkQueue): Promise<string[]> {
  const keys: string[] = [];
  for (let item = await getNow(queue); item !== undefined; item = await getNow(queue)) {
    keys.push(item);
    queue.done(item);
  }
  return keys;
}

/** The pending `get` of each queue that had nothing ready when it was asked. */
const waiting = new WeakMap<WorkQueue, Promise<string | undefined>>();

/** The next key if one is ready. */
async function getNow(queue: WorkQueue): Promise<string | undefined> {
  const next = waiting.get(queue) ?? queue.get().then((item) => item?.key);
  waiting.set(queue, next);
  const nothing = Symbol('nothing');
  const got = await Promise.race([next, settle().then(() => nothing)]);
  if (typeof got === 'symbol') {
    return undefined;
  }
  waiting.delete(queue);
  return got;
}

describe('work queue', () => {
  describe('order', () => {
    const cases: { title: string; fill: (queue: WorkQueue) => void; expected: string[] }[] = [
      {
        title: 'first come, first served',
        fill: (queue) => ['b', 'a', 'c'].forEach((key) => queue.add(key)),
        expected: ['b', 'a', 'c'],
      },
      {
        title: 'a key added twice is handed out once, at its first place',
        fill: (queue) => ['a', 'b', 'a'].forEach((key) => queue.add(key)),
        expected: ['a', 'b'],
      },
      {
        title: 'user changes overtake the first list',
        fill(queue) {
          queue.add('listed', INITIAL_LIST_PRIORITY);
          queue.add('changed');
        },
        expected: ['changed', 'listed'],
      },
      {
        title: 'a key of the first list that a user changes rises, to the end of the higher level',
        fill(queue) {
          queue.add('listed', INITIAL_LIST_PRIORITY);
          queue.add('other', INITIAL_LIST_PRIORITY);
          queue.add('changed');
          queue.add('other');
        },
        expected: ['changed', 'other', 'listed'],
      },
      {
        title: 'a lower priority does not sink a key',
        fill(queue) {
          queue.add('a');
          queue.add('b');
          queue.add('a', INITIAL_LIST_PRIORITY);
        },
        expected: ['a', 'b'],
      },
    ];
    for (const { title, fill, expected } of cases) {
      it(title, async () => {
        const { queue } = newQueue();
        fill(queue);
        assert.deepEqual(await takeAll(queue), expected);
      });
    }
  });

  describe('delay', () => {
    const cases: { title: string; fill: (queue: WorkQueue) => void; dueAt: number }[] = [
      { title: 'holds a key back', fill: (queue) => queue.addAfter('a', 100), dueAt: 100 },
      {
        title: 'keeps the earlier of two',
        fill(queue) {
          queue.addAfter('a', 100);
          queue.addAfter('a', 30);
          queue.addAfter('a', 200);
        },
        dueAt: 30,
      },
      {
        title: 'ends when the key is added without one',
        fill(queue) {
          queue.addAfter('a', 100);
          queue.add('a');
        },
        dueAt: 0,
      },
      {
        title: 'does not put off a key that is ready',
        fill(queue) {
          queue.add('a');
          queue.addAfter('a', 100);
        },
        dueAt: 0,
      },
      {
        title: 'is not shortened by a change of priority',
        fill(queue) {
          queue.addAfter('a', 50, INITIAL_LIST_PRIORITY);
          queue.addAfter('a', 80);
        },
        dueAt: 50,
      },
    ];
    for (const { title, fill, dueAt } of cases) {
      it(title, async () => {
        const { queue, clock } = newQueue();
        fill(queue);
        if (dueAt > 0) {
          await clock.advance(dueAt - 1);
          assert.equal(await getNow(queue), undefined);
          await clock.advance(1);
        }
        assert.equal(await getNow(queue), 'a');
        assert.equal(queue.size, 0);
        assert.equal(clock.pending(), 0);
      });
    }

    it('of more than setTimeout can do (24.8 days) is waited for in full', async () => {
      const { queue, clock } = newQueue();
      const days30 = 30 * 24 * 3600 * 1000;
      queue.addAfter('a', days30);
      await clock.advance(days30 - 1);
      assert.equal(await getNow(queue), undefined);
      await clock.advance(1);
      assert.equal(await getNow(queue), 'a');
    });

    it('lets keys in by the time that they fall due, not by when they were added', async () => {
      const { queue, clock } = newQueue();
      queue.addAfter('late', 30);
      queue.addAfter('early', 10);
      queue.addAfter('early too', 10);
      await clock.advance(40);
      assert.deepEqual(await takeAll(queue), ['early', 'early too', 'late']);
    });

    it('waits for a timer that rings early', async () => {
      const clock = manualClock();
      const hasty = { ...clock, after: (ms: number, callback: () => void) => clock.after(ms / 2, callback) };
      const queue = createWorkQueue({ name: 'test', clock: hasty });
      queue.addAfter('a', 8);
      await clock.advance(7);
      assert.equal(await getNow(queue), undefined);
      await clock.advance(2);
      assert.equal(await getNow(queue), 'a');
    });
  });

  describe('a key in the hands of a worker', () => {
    it('is not given to a second one, and comes back when the first is done', async () => {
      const { queue } = newQueue();
      queue.add('a');
      assert.equal(await getNow(queue), 'a');
      queue.add('a');
      assert.equal(await getNow(queue), undefined);
      queue.done('a');
      assert.equal(await getNow(queue), 'a');
    });

    it('that falls due again waits for the worker', async () => {
      const { queue, clock } = newQueue();
      queue.add('a');
      await getNow(queue);
      queue.addAfter('a', 10);
      await clock.advance(20);
      assert.equal(await getNow(queue), undefined);
      queue.done('a');
      assert.equal(await getNow(queue), 'a');
    });

    it('goes behind those that wait when it wants itself again', async () => {
      const { queue } = newQueue();
      ['greedy', 'x', 'y'].forEach((key) => queue.add(key));
      const seen: string[] = [];
      for (let turn = 0; turn < 4; turn++) {
        const key = await getNow(queue);
        assert.ok(key !== undefined);
        seen.push(key);
        if (key === 'greedy') {
          queue.add(key);
        }
        queue.done(key);
      }
      assert.deepEqual(seen, ['greedy', 'x', 'y', 'greedy']);
    });

    it('may rise in priority meanwhile', async () => {
      const { queue } = newQueue();
      queue.add('a');
      await getNow(queue);
      queue.add('a', INITIAL_LIST_PRIORITY);
      queue.add('a');
      queue.add('b', INITIAL_LIST_PRIORITY);
      queue.done('a');
      assert.deepEqual(await queue.get(), { key: 'a', priority: 0 });
    });

    it('may be given back only once: a second time does nothing', async () => {
      const { queue } = newQueue();
      queue.done('never taken');
      queue.add('a');
      await getNow(queue);
      queue.done('a');
      queue.done('a');
      assert.equal(queue.size, 0);
    });
  });

  describe('retry', () => {
    /** How long after a retry the key is handed out. */
    async function waitOf(queue: WorkQueue, clock: ManualClock): Promise<number> {
      const start = clock.monotonic();
      const next = queue.get();
      let got: string | undefined;
      void next.then((item) => (got = item?.key));
      for (let step = 0; step < 60 && got === undefined; step++) {
        const ms = step === 0 ? 1 : clock.monotonic() - start;
        await clock.advance(ms);
      }
      assert.ok(got !== undefined);
      queue.done(got);
      return clock.monotonic() - start;
    }

    it('waits 5 ms, then twice as long after each failure, up to 1000 s; forget starts over', async () => {
      const { queue, clock } = newQueue();
      const dueAfter = async (ms: number): Promise<void> => {
        await clock.advance(ms - 1);
        assert.equal(await getNow(queue), undefined, `before ${ms} ms`);
        await clock.advance(1);
        assert.equal(await getNow(queue), 'a', `after ${ms} ms`);
        queue.done('a');
      };
      for (const ms of [5, 10, 20, 40]) {
        queue.retry('a');
        await dueAfter(ms);
      }
      for (let failure = 5; failure <= 18; failure++) {
        queue.retry('a');
        await waitOf(queue, clock);
      }
      queue.retry('a');
      await dueAfter(1_000_000);
      queue.forget('a');
      queue.retry('a');
      await dueAfter(5);
    });

    it('takes a backoff of ones own', async () => {
      const clock = manualClock();
      const queue = createWorkQueue({
        name: 't',
        clock,
        backoff: { initialMs: 1000, factor: 1, maxMs: 1000 },
      });
      queue.retry('a');
      await clock.advance(999);
      assert.equal(await getNow(queue), undefined);
      await clock.advance(1);
      assert.equal(await getNow(queue), 'a');
    });

    it('is overtaken by a change', async () => {
      const { queue } = newQueue();
      queue.retry('a');
      queue.add('a');
      assert.equal(await getNow(queue), 'a');
    });

    it('before the time that a server asked for is not overtaken by anything', async () => {
      const { queue, clock } = newQueue();
      queue.add('a');
      await getNow(queue);
      queue.add('a');
      queue.retry('a', { notBeforeMs: 30_000 });
      queue.done('a');
      queue.add('a');
      queue.add('b');
      assert.equal(await getNow(queue), 'b');
      await clock.advance(29_999);
      queue.add('a');
      assert.equal(await getNow(queue), undefined);
      await clock.advance(1);
      assert.equal(await getNow(queue), 'a');
      queue.done('a');
      queue.add('a');
      assert.equal(await getNow(queue), 'a');
    });

    it('that a server asked for twice waits for the longer time', async () => {
      const { queue, clock } = newQueue();
      queue.retry('a', { notBeforeMs: 60_000 });
      queue.retry('a', { notBeforeMs: 1000 });
      await clock.advance(59_999);
      assert.equal(await getNow(queue), undefined);
      await clock.advance(1);
      assert.equal(await getNow(queue), 'a');
    });

    it('keeps the priority that it is given', async () => {
      const { queue, clock } = newQueue();
      queue.retry('a', { priority: INITIAL_LIST_PRIORITY });
      await clock.advance(5);
      assert.deepEqual(await queue.get(), { key: 'a', priority: INITIAL_LIST_PRIORITY });
    });
  });

  describe('shut down', () => {
    it('sends waiting workers home, takes nothing in and leaves no timer', async () => {
      const { queue, clock } = newQueue();
      const waiting = [queue.get(), queue.get()];
      queue.addAfter('later', 1000);
      await queue.shutDown();
      assert.deepEqual(await Promise.all(waiting), [undefined, undefined]);
      assert.equal(clock.pending(), 0);
      queue.add('a');
      queue.addAfter('a', 5);
      queue.retry('a');
      assert.equal(queue.size, 0);
      assert.equal(await queue.get(), undefined);
      assert.equal(clock.pending(), 0);
    });

    it('waits for what the workers have, and hands out nothing more', async () => {
      const { queue } = newQueue();
      ['a', 'b', 'c'].forEach((key) => queue.add(key));
      await queue.get();
      await queue.get();
      let drained = 0;
      void queue.shutDown().then(() => drained++);
      void queue.shutDown().then(() => drained++);
      queue.done('a');
      await settle();
      assert.equal(drained, 0);
      assert.equal(await queue.get(), undefined);
      queue.done('b');
      await settle();
      assert.equal(drained, 2);
    });
  });

  it('tells its metrics what happens', async () => {
    const clock = manualClock();
    const told: string[] = [];
    let running: () => readonly number[] = () => [];
    const metrics: QueueMetrics = {
      added: (priority) => told.push(`added ${priority}`),
      promoted: (from, to) => told.push(`promoted ${from} ${to}`),
      taken: (priority, seconds) => told.push(`taken ${priority} ${seconds}`),
      dropped: (priority) => told.push(`dropped ${priority}`),
      finished: (seconds) => told.push(`finished ${seconds}`),
      delayed: () => told.push('delayed'),
      observeRunning: (seconds) => (running = seconds),
    };
    const queue = createWorkQueue({ name: 'test', clock, metrics });
    queue.add('a', INITIAL_LIST_PRIORITY);
    queue.add('a');
    await clock.advance(250);
    await queue.get();
    await clock.advance(500);
    assert.deepEqual(running(), [0.5]);
    queue.add('a');
    queue.retry('a', { notBeforeMs: 1000 });
    queue.done('a');
    assert.deepEqual(running(), []);
    await clock.advance(1000);
    queue.addAfter('b', 10);
    await queue.shutDown();
    assert.deepEqual(told, [
      'added -100',
      'promoted -100 0',
      'taken 0 0.25',
      'added 0',
      'dropped 0',
      'delayed',
      'finished 0.5',
      'added 0',
      'delayed',
      'dropped 0',
    ]);
  });

  it('handles 100 000 keys without slowing down per key', async function () {
    this.timeout(60_000);
    const { queue } = newQueue();
    const keys = Array.from({ length: 100_000 }, (_, index) => `namespace/pool-${index}`);
    keys.forEach((key, index) => queue.addAfter(key, (index * 7919) % 100_003));
    keys.forEach((key) => queue.add(key, INITIAL_LIST_PRIORITY));
    for (const key of keys) {
      queue.done((await queue.get())?.key ?? 'none');
      queue.forget(key);
    }
    assert.equal(queue.size, 0);
  });
});
