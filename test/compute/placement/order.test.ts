import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createMinHeap } from '../../../src/compute/placement/min-heap.ts';
import { compareNumbers } from '../../../src/compute/placement/order.ts';
import { formatUsd } from '../../../src/compute/placement/usd.ts';

describe('compute/placement min-heap', () => {
  it('gives back what was put in, smallest first, also while more is put in', () => {
    const steps = fc.array(fc.oneof(fc.integer(), fc.constant(Infinity), fc.constant('pop' as const)));
    fc.assert(
      fc.property(steps, (sequence) => {
        const heap = createMinHeap<number>(compareNumbers);
        let expected: number[] = [];
        for (const step of sequence) {
          if (step === 'pop') {
            assert.equal(heap.pop(), expected[0]);
            expected = expected.slice(1);
          } else {
            heap.push(step);
            expected = [...expected, step].sort(compareNumbers);
          }
        }
        for (const value of expected) {
          assert.equal(heap.pop(), value);
        }
        assert.equal(heap.pop(), undefined);
      }),
    );
  });
});

describe('compute/placement usd', () => {
  const rows: [microUsd: number, text: string][] = [
    [0, '0.00 USD'],
    [2_500_000, '2.50 USD'],
    [3_170_000, '3.17 USD'],
    [1_000, '0.001 USD'],
    [1, '0.000001 USD'],
    [1_234_500_000, '1234.50 USD'],
  ];
  for (const [microUsd, text] of rows) {
    it(text, () => {
      assert.equal(formatUsd(microUsd), text);
    });
  }
});
