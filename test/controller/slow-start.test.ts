import assert from 'node:assert/strict';
import { slowStart } from '../../src/controller/slow-start.ts';

/** Records how many calls run at the same time, and fails for the items it is told to. */
function recorder(failing: (item: number) => boolean = () => false): {
  run: (item: number) => Promise<void>;
  begun: number[];
  most: () => number;
} {
  const begun: number[] = [];
  let running = 0;
  let most = 0;
  return {
    begun,
    most: () => most,
    async run(item) {
      begun.push(item);
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      if (failing(item)) {
        throw new Error(`item ${item}`);
      }
    },
  };
}

const items = Array.from({ length: 100 }, (_, index) => index);

describe('controller/slow-start', () => {
  it('does everything, at most so many at a time', async () => {
    const { run, begun, most } = recorder();

    const result = await slowStart(items, run, { maxInFlight: () => 8 });

    assert.deepEqual(begun, items);
    assert.deepEqual(result, { succeeded: 100, skipped: 0, reached: 8, error: undefined });
    assert.equal(most(), 8);
  });

  it('makes one call when everything is refused', async () => {
    const { run, begun } = recorder(() => true);

    const result = await slowStart(items, run);

    assert.deepEqual(begun, [0]);
    assert.equal(result.skipped, 99);
    assert.equal(result.error?.message, 'item 0');
  });

  it('lets the calls in flight double with every round trip', async () => {
    const { run, most } = recorder();
    for (const [count, atOnce] of [
      [1, 1],
      [3, 2],
      [7, 4],
      [15, 8],
    ] as const) {
      await slowStart(items.slice(0, count), run);
      assert.equal(most(), atOnce, `${count} items`);
    }
  });

  it('begins nothing new after a failure, and waits for what is under way', async () => {
    const { run, begun } = recorder((item) => item === 4);

    const result = await slowStart(items, run);

    assert.equal(result.error?.message, 'item 4');
    assert.equal(result.succeeded, begun.length - 1);
    assert.equal(result.skipped, items.length - begun.length);
    assert.ok(begun.length <= 2 * 4 + 2, `${begun.length} begun after 4 successes`);
  });

  it('does not wait for the slowest call before it goes on', async () => {
    let release: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => (release = resolve));
    const ended: number[] = [];

    const result = slowStart(items, async (item) => {
      await (item === 1 ? slow : Promise.resolve());
      ended.push(item);
      if (ended.length === 99) {
        release();
      }
    });

    assert.equal((await result).succeeded, 100);
    assert.equal(ended.at(-1), 1);
  });

  it('begins so many calls at once when it is told to', async () => {
    const { run, most } = recorder();
    await slowStart(items, run, { firstBatch: 100, maxInFlight: () => 16 });
    assert.equal(most(), 16);
  });

  it('begins nothing new once the time is up, and waits for what is under way', async () => {
    const { run, begun } = recorder();

    const result = await slowStart(items, run, { timeUp: () => begun.length >= 7 });

    assert.deepEqual([begun.length, result.succeeded, result.skipped], [7, 7, 93]);
    assert.equal(result.error, undefined);
  });

  it('begins nothing new once it is told to stop', async () => {
    const stopping = new AbortController();
    const { run, begun } = recorder((item) => {
      stopping.abort();
      return item < 0;
    });

    const result = await slowStart(items, run, { signal: stopping.signal });

    assert.deepEqual(begun, [0]);
    assert.equal(result.skipped, 99);
  });
});
