import assert from 'node:assert/strict';
import fc from 'fast-check';
import { wei } from '../../../src/chain/amounts/amount.ts';
import { BUMP_LIMITS, beyondBumpLimit } from '../../../src/chain/fees/fee-limits.ts';
import { atLeast, feeCap, suggestedFees } from '../../../src/chain/fees/fees.ts';
import type { FeeMarket, Fees } from '../../../src/chain/fees/fees.ts';
import {
  BUMP_PERCENT,
  GETH_BUMP_PERCENT,
  replacementFees,
  replacementThreshold,
} from '../../../src/chain/fees/replacement.ts';
import { replacementVectors } from './op-txmgr-vectors.ts';

const GWEI = 10n ** 9n;

function market(tip: bigint, base: bigint): FeeMarket {
  return { suggestedTip: wei(tip), baseFeePerGas: wei(base) };
}

function fees(maxPriorityFeePerGas: bigint, maxFeePerGas: bigint): Fees {
  return { maxPriorityFeePerGas: wei(maxPriorityFeePerGas), maxFeePerGas: wei(maxFeePerGas) };
}

describe('replacement fees', () => {
  for (const { tip, base, newTip, newBase, expectedTip, expectedCap } of replacementVectors) {
    it(`tip ${tip}, base ${base}, then tip ${newTip}, base ${newBase}: tip ${expectedTip}, cap ${expectedCap}`, () => {
      const previous = suggestedFees(market(tip, base));
      const replaced = replacementFees(previous, market(newTip, newBase), GETH_BUMP_PERCENT);
      assert.deepEqual(replaced, fees(expectedTip, expectedCap));
    });
  }

  const thresholds: [bigint, bigint, bigint][] = [
    [0n, 10n, 1n],
    [1n, 10n, 2n],
    [9n, 10n, 10n],
    [10n, 10n, 11n],
    [11n, 10n, 13n],
    [100n, 10n, 110n],
    [101n, 10n, 112n],
    [100n, 12n, 112n],
    [101n, 12n, 114n],
  ];
  for (const [fee, percent, least] of thresholds) {
    it(`${least} is the least that replaces ${fee} at ${percent} %`, () =>
      assert.equal(replacementThreshold(fee, percent), least));
  }

  it('offers both fees at least the bump higher, and whatever the market asks for', () => {
    const gwei = fc.bigInt({ min: 0n, max: 10_000n * GWEI });
    fc.assert(
      fc.property(gwei, gwei, gwei, gwei, (tip, base, newTip, newBase) => {
        const previous = suggestedFees(market(tip, base));
        const replaced = replacementFees(previous, market(newTip, newBase));
        for (const fee of ['maxFeePerGas', 'maxPriorityFeePerGas'] as const) {
          assert.ok(replaced[fee] * 100n >= previous[fee] * (100n + GETH_BUMP_PERCENT));
          assert.ok(replaced[fee] * 100n >= previous[fee] * (100n + BUMP_PERCENT));
          assert.ok(replaced[fee] > previous[fee]);
        }
        assert.ok(replaced.maxPriorityFeePerGas >= newTip);
        assert.ok(replaced.maxFeePerGas >= feeCap(newTip, newBase));
        assert.ok(replaced.maxFeePerGas >= replaced.maxPriorityFeePerGas);
      }),
    );
  });

  it('applies the floors', () => {
    const floors = { minBaseFeePerGas: wei(GWEI), minPriorityFeePerGas: wei(2n * GWEI) };
    assert.deepEqual(atLeast(market(0n, 7n), floors), market(2n * GWEI, GWEI));
    assert.deepEqual(atLeast(market(3n * GWEI, 5n * GWEI), floors), market(3n * GWEI, 5n * GWEI));
  });
});

describe('bump limits', () => {
  const calm = market(10n * GWEI, 50n * GWEI);
  const table: [string, Fees, FeeMarket, keyof Fees | undefined][] = [
    ['five times the suggestion is the limit', fees(50n * GWEI, 550n * GWEI), calm, undefined],
    ['a wei of the cap more is beyond it', fees(50n * GWEI, 550n * GWEI + 1n), calm, 'maxFeePerGas'],
    ['a tip below the threshold is not held back', fees(99n * GWEI, 550n * GWEI), calm, undefined],
    ['a tip at the threshold is', fees(100n * GWEI, 550n * GWEI), calm, 'maxPriorityFeePerGas'],
    ['below the threshold anything goes', fees(99n * GWEI, 99n * GWEI), market(0n, 1n), undefined],
    [
      'a market that spikes is no reason',
      fees(50n * GWEI, 5000n * GWEI),
      market(10n * GWEI, 2490n * GWEI),
      undefined,
    ],
  ];
  for (const [title, offered, now, expected] of table) {
    it(title, () => assert.equal(beyondBumpLimit(offered, now, BUMP_LIMITS), expected));
  }
});
