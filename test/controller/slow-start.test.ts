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

    const result = await slowStart(items, run, { maxInFlight: 8 });

    assert.deepEqual(begun, items);
    assert.deepEqual(result, { succeeded: 100, skipped: 0, error: undefined });
    assert.equal(most(), 8);
  });

  it('makes one call when everything is refused', async () => {
    const { run, begun } = recorder(() => true);

    const result = await slowStart(items, run);

    assert.deepEqual(begun, [0]);
    assert.equal(result.skipped, 99);
    assert.equal(result.error?.message, 'item 0');
  });

  it('ends with the batch that fails: 1, 2, 4, ...', async () => {
    const { run, begun } = recorder((item) => item === 4);

    const result = await slowStart(items, run);

    assert.equal(begun.length, 1 + 2 + 4);
    assert.deepEqual([result.succeeded, result.skipped], [6, 93]);
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
