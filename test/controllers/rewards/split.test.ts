import assert from 'node:assert/strict';
import fc from 'fast-check';
import { split } from '../../../src/controllers/rewards/split.ts';

describe('controllers/rewards/split', () => {
  const rows: readonly [it: string, amount: bigint, weights: readonly number[], parts: readonly bigint[]][] =
    [
      ['gives all to the only one', 7n, [3], [7n]],
      ['gives what is left to the largest remainder', 10n, [1, 1, 1], [4n, 3n, 3n]],
      ['goes by weight', 5n, [2000, 1000], [3n, 2n]],
      ['gives nothing to what weighs nothing', 5n, [0, 1], [0n, 5n]],
      ['gives nobody anything where nothing weighs', 5n, [0, 0], [0n, 0n]],
      ['divides nothing', 0n, [1, 2], [0n, 0n]],
    ];
  for (const [it_, amount, weights, parts] of rows) {
    it(it_, () => assert.deepEqual(split(amount, weights), parts));
  }

  it('adds up to the last unit, and favours nobody by more than one', () => {
    const weights = fc.array(fc.nat({ max: 2 ** 40 }), { minLength: 1, maxLength: 70 });
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 128n), weights, (amount, given) => {
        const total = given.reduce((sum, weight) => sum + BigInt(weight), 0n);
        const parts = split(amount, given);
        assert.equal(
          parts.reduce((sum, part) => sum + part, 0n),
          total === 0n ? 0n : amount,
        );
        parts.forEach((part, index) => {
          const exact = total === 0n ? 0n : (amount * BigInt(given[index] ?? 0)) / total;
          assert.equal(part - exact === 0n || part - exact === 1n, true, `part ${index}`);
        });
      }),
    );
  });
});
