import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  parseQuantity,
  QuantityError,
  wholeUnits,
} from '../../src/api/quantity.ts';

/** Text, and what kube-apiserver 1.37.2 gives back for it as an emptyDir's sizeLimit. */
const canonical: readonly (readonly [string, string])[] = [
  ['0', '0'],
  ['1', '1'],
  ['.5', '500m'],
  ['0.5', '500m'],
  ['1.5Gi', '1536Mi'],
  ['0.5Ki', '512'],
  ['0.0000001Ki', '102400n'],
  ['1023Ki', '1023Ki'],
  ['1024Ki', '1Mi'],
  ['1025Ki', '1025Ki'],
  ['1048576Ki', '1Gi'],
  ['40Gi', '40Gi'],
  ['1000m', '1'],
  ['1500m', '1500m'],
  ['1n', '1n'],
  ['0.1n', '1n'],
  ['0.0000000001', '1n'],
  ['2000u', '2m'],
  ['1000k', '1M'],
  ['1234567', '1234567'],
  ['1e3', '1e3'],
  ['1e-3', '1e-3'],
  ['12e5', '1200e3'],
  ['1E', '1E'],
  ['9223372036854775807', '9223372036854775807'],
  ['10000Ei', '9223372036854775807'],
  ['0Ki', '0'],
  ['1.0001Ki', '1024102400u'],
  ['1.1Ki', '1126400m'],
  ['1024', '1024'],
  ['1e-100', '1e-9'],
  ['0.3e2', '30'],
  ['0e5', '0'],
  ['2e9', '2e9'],
  ['3.5e-10', '1e-9'],
];

const suffixes = [
  'n',
  'u',
  'm',
  '',
  'k',
  'M',
  'G',
  'T',
  'P',
  'E',
  'Ki',
  'Mi',
  'Gi',
  'Ti',
  'Pi',
  'Ei',
  'e3',
  'E-3',
];

/** Any text of the grammar, of a moderate length. */
const quantityText = fc
  .tuple(
    fc.constantFrom('', '+', '-'),
    fc.bigInt(0n, 10n ** 12n),
    fc.option(fc.stringMatching(/^[0-9]{0,12}$/), { nil: undefined }),
    fc.constantFrom(...suffixes),
  )
  .map(
    ([sign, whole, fraction, suffix]) =>
      `${sign}${whole}${fraction === undefined ? '' : `.${fraction}`}${suffix}`,
  );

describe('quantity', () => {
  for (const [text, expected] of canonical) {
    it(`writes '${text}' as the API server does: '${expected}'`, () => {
      assert.equal(formatQuantity(parseQuantity(text)), expected);
    });
  }

  for (const text of [
    '',
    '.',
    '-',
    'Ki',
    '1ki',
    '1K',
    '1 Gi',
    ' 1',
    '40GiB',
    '0x10',
    '1e',
    '1e1.5',
    '1.2.3',
    '--1',
    'NaN',
    '½',
  ]) {
    it(`refuses '${text}' and says what is allowed`, () => {
      assert.throws(
        () => parseQuantity(text),
        (error) =>
          error instanceof QuantityError &&
          error.message.includes(`'${text}'`) &&
          error.message.includes('40Gi'),
      );
    });
  }

  it('reads integers that were written without quotes', () => {
    assert.equal(wholeUnits(parseQuantity(1024)), 1024n);
    assert.equal(wholeUnits(parseQuantity(1e21)), 9223372036854775807n);
  });

  it('refuses numbers that are none', () => {
    assert.throws(() => parseQuantity(Number.NaN), QuantityError);
    assert.throws(() => parseQuantity(Infinity), QuantityError);
  });

  it('does not compute a number of a billion digits', () => {
    assert.equal(formatQuantity(parseQuantity('1e999999999')), '9223372036854775807');
    assert.equal(formatQuantity(parseQuantity('-1e999999999')), '-9223372036854775807');
    assert.equal(parseQuantity('1e-999999999').nanos, 1n);
    assert.equal(parseQuantity('0e999999999').nanos, 0n);
  });

  for (const [a, sign, b] of [
    ['1Gi', 1, '1G'],
    ['1024Mi', 0, '1Gi'],
    ['0.5', 0, '500m'],
    ['-1', -1, '0'],
    ['1e3', 0, '1k'],
  ] as const) {
    it(`compares '${a}' with '${b}': ${sign}`, () => {
      assert.equal(compareQuantities(parseQuantity(a), parseQuantity(b)), sign);
    });
  }

  for (const [text, units] of [
    ['1500m', 2n],
    ['1', 1n],
    ['1n', 1n],
    ['-1500m', -2n],
    ['0', 0n],
    ['1.5Gi', 1610612736n],
  ] as const) {
    it(`rounds '${text}' away from zero to ${units} whole units`, () => {
      assert.equal(wholeUnits(parseQuantity(text)), units);
    });
  }

  it('keeps the amount when it is written and read again', () => {
    fc.assert(
      fc.property(quantityText, (text) => {
        const quantity = parseQuantity(text);
        const again = parseQuantity(formatQuantity(quantity));
        assert.equal(again.nanos, quantity.nanos);
        assert.equal(formatQuantity(again), formatQuantity(quantity), 'the canonical text is a fixed point');
      }),
    );
  });

  it('reads plain decimals exactly', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 15n), fc.stringMatching(/^[0-9]{9}$/), (whole, fraction) => {
        assert.equal(parseQuantity(`${whole}.${fraction}`).nanos, whole * 10n ** 9n + BigInt(fraction));
      }),
    );
  });

  it('orders and adds as integers do', () => {
    fc.assert(
      fc.property(quantityText, quantityText, (left, right) => {
        const [a, b] = [parseQuantity(left), parseQuantity(right)];
        assert.equal(compareQuantities(a, b), -compareQuantities(b, a) + 0);
        assert.equal(addQuantities(a, b).nanos, addQuantities(b, a).nanos);
        assert.equal(addQuantities(a, b).form, a.form);
      }),
    );
  });
});
