import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  PriceError,
  formatUsd,
  formatUsdCents,
  microUsd,
  parseUsd,
  scaleUsd,
} from '../../../src/compute/pricing/micro-usd.ts';

describe('compute/pricing/micro-usd', () => {
  const amounts: [text: string, micros: bigint, exact: string, cents: string][] = [
    ['0', 0n, '0', '0.00'],
    ['0.40', 400_000n, '0.4', '0.40'],
    ['2', 2_000_000n, '2', '2.00'],
    ['3.16608', 3_166_080n, '3.16608', '3.17'],
    ['0.004999', 4999n, '0.004999', '0.00'],
    ['0.005', 5000n, '0.005', '0.01'],
    ['0.995', 995_000n, '0.995', '1.00'],
    ['0.000001', 1n, '0.000001', '0.00'],
    ['999999999.999999', 999_999_999_999_999n, '999999999.999999', '1000000000.00'],
    ['007.50', 7_500_000n, '7.5', '7.50'],
  ];
  for (const [text, micros, exact, cents] of amounts) {
    it(`${text} is ${micros} millionths, ${exact}, for people ${cents}`, () => {
      const amount = parseUsd(text);

      assert.equal(amount, micros);
      assert.equal(formatUsd(amount), exact);
      assert.equal(formatUsdCents(amount), cents);
    });
  }

  for (const text of [
    '',
    '-1',
    '-0',
    '+1',
    '1.',
    '.5',
    '1e3',
    '$2',
    '1,5',
    '0.0000001',
    '1234567890',
    ' 1',
    'NaN',
  ]) {
    it(`refuses '${text}' and says what is allowed`, () => {
      assert.throws(
        () => parseUsd(text),
        (error: Error) => {
          assert.ok(error instanceof PriceError);
          assert.match(
            error.message,
            /must be US dollars of at least 0, with at most 9 digits before and 6 after/,
          );
          return true;
        },
      );
    });
  }

  it('refuses negative amounts', () => {
    assert.throws(() => microUsd(-1n), PriceError);
  });

  it('loses nothing on the way to text and back', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }), (micros) => {
        assert.equal(parseUsd(formatUsd(microUsd(micros))), micros);
      }),
    );
  });

  it('is within half a millionth of the exact product', () => {
    const positive = fc.bigInt({ min: 1n, max: 10n ** 12n });
    fc.assert(
      fc.property(positive, positive, positive, (amount, numerator, denominator) => {
        const error =
          2n * (scaleUsd(microUsd(amount), numerator, denominator) * denominator - amount * numerator);
        assert.ok(-denominator < error && error <= denominator);
      }),
    );
  });
});
