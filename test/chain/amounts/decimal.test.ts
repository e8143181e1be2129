import assert from 'node:assert/strict';
import fc from 'fast-check';
import { AmountError, MAX_UINT256, tokenUnits, wei } from '../../../src/chain/amounts/amount.ts';
import {
  approximate,
  formatEth,
  formatGwei,
  formatTokens,
  parseEth,
  parseGwei,
  parseTokens,
  parseWei,
} from '../../../src/chain/amounts/decimal.ts';

const decimals = fc.integer({ min: 0, max: 18 });
const amount = fc.bigInt({ min: 0n, max: MAX_UINT256 });

describe('amounts', () => {
  const good: [string, number, bigint][] = [
    ['0', 18, 0n],
    ['0.0', 18, 0n],
    ['1', 18, 10n ** 18n],
    ['12.5', 18, 12_500_000_000_000_000_000n],
    ['0.000000000000000001', 18, 1n],
    ['007.10', 6, 7_100_000n],
    ['3', 0, 3n],
    [String(MAX_UINT256), 0, MAX_UINT256],
  ];
  for (const [text, of, units] of good) {
    it(`reads ${text} with ${of} decimals`, () => assert.equal(parseTokens(text, of), units));
  }

  const bad: [string, number, RegExp][] = [
    ['', 18, /must be digits/],
    ['-1', 18, /must not be negative/],
    ['1e3', 18, /without an exponent/],
    ['1.5E-3', 18, /without an exponent/],
    ['0.0000000000000000001', 18, /at most 18 digits after the point/],
    ['0.0000001', 6, /at most 6 digits after the point/],
    ['1.0', 0, /a whole number/],
    ['1.', 18, /must be digits/],
    ['.5', 18, /must be digits/],
    ['+1', 18, /must be digits/],
    ['1,5', 18, /must be digits/],
    ['1_000', 18, /must be digits/],
    [' 1', 18, /must be digits/],
    ['1\n', 18, /must be digits/],
    ['0x10', 18, /must be digits/],
    ['NaN', 18, /must be digits/],
    ['١', 18, /must be digits/],
    [String(MAX_UINT256 + 1n), 0, /below 2\^256/],
    [String(MAX_UINT256), 1, /below 2\^256/],
    ['9'.repeat(101), 0, /101 characters/],
  ];
  for (const [text, of, message] of bad) {
    it(`refuses ${JSON.stringify(text.slice(0, 30))} with ${of} decimals`, () => {
      assert.throws(
        () => parseTokens(text, of),
        (error) => error instanceof AmountError && message.test(error.message),
      );
    });
  }

  it('refuses decimals that no token of ours has', () => {
    for (const decimals of [-1, 19, 1.5, NaN]) {
      assert.throws(() => parseTokens('1', decimals), /from 0 to 18/);
    }
  });

  it('brands only what a uint256 holds', () => {
    assert.throws(() => wei(-1n), /0 to 2\^256 - 1/);
    assert.throws(() => tokenUnits(MAX_UINT256 + 1n), /0 to 2\^256 - 1/);
    assert.equal(wei(5n), 5n);
  });

  it('knows coin, gwei and wei', () => {
    assert.equal(parseEth('0.05'), 5n * 10n ** 16n);
    assert.equal(parseGwei('1.5'), 1_500_000_000n);
    assert.equal(parseWei('21000'), 21_000n);
    assert.throws(() => parseWei('1.5'), /a whole number/);
    assert.equal(formatEth(wei(5n * 10n ** 16n)), '0.05');
    assert.equal(formatGwei(wei(1_500_000_000n)), '1.5');
    assert.equal(approximate(wei(5n * 10n ** 16n), 18), 0.05);
  });

  it('reads what it writes, to the last unit', () => {
    fc.assert(
      fc.property(amount, decimals, (units, of) => {
        const text = formatTokens(tokenUnits(units), of);
        assert.match(text, /^\d+(\.\d{1,18})?$/);
        assert.equal(parseTokens(text, of), units);
      }),
    );
  });

  it('orders as the amounts do', () => {
    const small = fc.bigInt({ min: 0n, max: 10n ** 15n });
    fc.assert(
      fc.property(small, small, decimals, (a, b, of) => {
        const [x, y] = [approximate(tokenUnits(a), of), approximate(tokenUnits(b), of)];
        assert.equal(a < b, x < y);
      }),
    );
  });

  it('either reads a text or refuses it with an AmountError', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 120 }), decimals, (text, of) => {
        try {
          assert.match(text, /^\d+(\.\d{1,18})?$/, String(parseTokens(text, of)));
        } catch (error) {
          assert.ok(error instanceof AmountError, String(error));
        }
      }),
    );
  });
});
