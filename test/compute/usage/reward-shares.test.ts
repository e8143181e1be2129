import assert from 'node:assert/strict';
import fc from 'fast-check';
import { shares, splitAmount } from '../../../src/compute/usage/reward-shares.ts';

const HOUR = 3_600_000_000_000n * 1_000_000n;

describe('compute/usage/reward-shares', () => {
  it('shares by V100e-hours, in the order of the names', () => {
    const contributed = new Map([
      ['uni-b', 3n * HOUR],
      ['uni-a', HOUR],
      ['uni-c', 0n],
    ]);
    assert.deepEqual(shares(contributed), [
      { cluster: 'uni-a', v100eHours: 1, share: 0.25 },
      { cluster: 'uni-b', v100eHours: 3, share: 0.75 },
      { cluster: 'uni-c', v100eHours: 0, share: 0 },
    ]);
  });

  const splits: [
    what: string,
    amount: bigint,
    parts: Record<string, bigint>,
    expected: Record<string, bigint>,
  ][] = [
    ['what divides', 100n, { a: 1n, b: 3n }, { a: 25n, b: 75n }],
    ['what is left to the largest remainder', 10n, { a: 1n, b: 2n }, { a: 3n, b: 7n }],
    ['a tie by name', 2n, { c: 1n, b: 1n, a: 1n }, { a: 1n, b: 1n, c: 0n }],
    ['nothing to those without a contribution', 3n, { a: 0n, b: 1n }, { a: 0n, b: 3n }],
    ['less than there are clusters', 1n, { a: 1n, b: 5n }, { a: 0n, b: 1n }],
    ['nothing', 0n, { a: 1n, b: 5n }, { a: 0n, b: 0n }],
    [
      'wei beyond what numbers hold',
      10n ** 27n + 1n,
      { a: 1n, b: 2n },
      { a: 333_333_333_333_333_333_333_333_334n, b: 666_666_666_666_666_666_666_666_667n },
    ],
  ];
  for (const [what, amount, parts, expected] of splits) {
    it(`splits ${what}`, () => {
      assert.deepEqual(
        splitAmount(amount, new Map(Object.entries(parts))),
        new Map(Object.entries(expected)),
      );
    });
  }

  it('has nobody to pay when nobody has contributed', () => {
    assert.equal(splitAmount(5n, new Map([['a', 0n]])), undefined);
    assert.equal(splitAmount(5n, new Map()), undefined);
    assert.deepEqual(shares(new Map([['a', 0n]])), [{ cluster: 'a', v100eHours: 0, share: 0 }]);
  });

  it('refuses a negative amount', () => {
    assert.throws(() => splitAmount(-1n, new Map([['a', 1n]])), RangeError);
  });

  it('any split: adds up, is off by less than one from the exact part, and does not depend on the order', () => {
    const contributed = fc.dictionary(fc.string(), fc.bigInt({ min: 0n, max: 10n ** 40n }), { maxKeys: 20 });
    fc.assert(
      fc.property(contributed, fc.bigInt({ min: 0n, max: 10n ** 30n }), (record, amount) => {
        const entries = Object.entries(record);
        const total = entries.reduce((sum, [, part]) => sum + part, 0n);
        const parts = splitAmount(amount, new Map(entries));
        assert.deepEqual(parts, splitAmount(amount, new Map(entries.reverse())));
        const sum = shares(new Map(entries)).reduce((all, { share }) => all + share, 0);
        if (parts === undefined) {
          assert.deepEqual([total, sum], [0n, 0]);
          return;
        }
        assert.ok(Math.abs(sum - 1) < 1e-9);
        assert.equal(
          [...parts.values()].reduce((all, part) => all + part, 0n),
          amount,
        );
        for (const [cluster, weight] of entries) {
          const off = (parts.get(cluster) ?? 0n) * total - amount * weight;
          assert.ok(off < total && off > -total);
        }
      }),
      { numRuns: 500 },
    );
  });
});
