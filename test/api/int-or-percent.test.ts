import assert from 'node:assert/strict';
import fc from 'fast-check';
import { resolveIntOrPercent } from '../../src/api/int-or-percent.ts';

describe('resolveIntOrPercent', () => {
  for (const [value, total, rounding, expected] of [
    [0, 10, 'up', 0],
    [3, 10, 'down', 3],
    [30, 10, 'down', 30],
    ['0%', 10, 'up', 0],
    ['25%', 10, 'up', 3],
    ['25%', 10, 'down', 2],
    ['1%', 1, 'up', 1],
    ['99%', 1, 'down', 0],
    ['100%', 7, 'down', 7],
    ['50%', 0, 'up', 0],
    // 0.29 x 100 is 28.999... in binary fractions.
    ['29%', 100, 'down', 29],
    ['7%', 10_000, 'up', 700],
  ] as const) {
    it(`takes ${JSON.stringify(value)} of ${total}, rounded ${rounding}, as ${expected}`, () => {
      assert.equal(resolveIntOrPercent(value, total, rounding), expected);
    });
  }

  for (const value of [-1, 1.5, Number.NaN, '', '5', '-5%', '101%', '05%', '1.5%', '5 %', 'all']) {
    it(`refuses ${JSON.stringify(value)}`, () => {
      assert.throws(() => resolveIntOrPercent(value, 10, 'up'), RangeError);
    });
  }

  it('rounds to the two whole numbers around the exact share', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 10_000 }), (percent, total) => {
        const up = resolveIntOrPercent(`${percent}%`, total, 'up');
        const down = resolveIntOrPercent(`${percent}%`, total, 'down');
        assert.ok(down * 100 <= percent * total && percent * total <= up * 100);
        assert.ok(up - down <= 1 && up <= total);
      }),
    );
  });
});
