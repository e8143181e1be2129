import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { sharedStrings } from '../../src/controllers/shared-strings.ts';

const COUNT = 5000;
const LENGTH = 2048;
/** All of them would take COUNT x LENGTH = 10 MB. */
const MOST_BYTES = 2_000_000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** A new string with its own place in memory, as parsing makes them. */
function fresh(number: number): string {
  return Buffer.from(String(number).padStart(LENGTH, 'x')).toString('latin1');
}

/** By how much the heap has grown when `fill` is done, as long as what it returns is held. */
function bytesHeld(fill: () => unknown): number {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const held = fill();
  collectGarbage();
  const grown = process.memoryUsage().heapUsed - before;
  assert.ok(held !== undefined);
  return grown;
}

describe('controllers/shared-strings', () => {
  it('answers with equal strings, before and after it has forgotten', () => {
    const share = sharedStrings(2);
    for (const text of ['a', 'b', 'a', 'c', 'd', 'a', 'b']) {
      assert.equal(share(text), text);
    }
  });

  it('gives equal strings one place in memory', () => {
    const share = sharedStrings();
    const holding = (text: (number: number) => string): string[] =>
      Array.from({ length: COUNT }, (_, index) => text(index % 10));

    assert.ok(bytesHeld(() => holding(fresh)) > MOST_BYTES, 'without sharing the test would not fail');
    const bytes = bytesHeld(() => holding((number) => share(fresh(number))));
    assert.ok(bytes < MOST_BYTES, `${bytes} bytes`);
  });

  it('holds no more than so many that nobody else holds any more', () => {
    const share = sharedStrings(10);
    const bytes = bytesHeld(() => {
      for (let number = 0; number < COUNT; number++) {
        share(fresh(number));
      }
      return share;
    });
    assert.ok(bytes < MOST_BYTES, `${bytes} bytes`);
  });
});
