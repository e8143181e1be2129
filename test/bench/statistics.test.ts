import assert from 'node:assert/strict';
import { median, percentile } from '../../bench/statistics.ts';

describe('bench/statistics', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  const percentiles: { samples: number[]; p: number; is: number }[] = [
    { samples: [7], p: 0.5, is: 7 },
    { samples: [7], p: 0.99, is: 7 },
    { samples: hundred, p: 0.5, is: 50 },
    { samples: hundred, p: 0.99, is: 99 },
    { samples: hundred, p: 1, is: 100 },
    { samples: hundred, p: 0, is: 1 },
    { samples: [], p: 0.5, is: NaN },
  ];
  for (const { samples, p, is } of percentiles) {
    it(`takes ${is} for the percentile ${p} of ${samples.length} samples`, () => {
      assert.equal(percentile(samples, p), is);
    });
  }

  const medians: { samples: number[]; is: number }[] = [
    { samples: [3, 1, 2], is: 2 },
    { samples: [4, 1, 2, 3], is: 2.5 },
    { samples: [5], is: 5 },
    { samples: [], is: NaN },
  ];
  for (const { samples, is } of medians) {
    it(`takes ${is} for the median of [${samples.join(', ')}]`, () => {
      assert.equal(median(samples), is);
    });
  }

  it('leaves its samples in their order', () => {
    const samples = [3, 1, 2];
    median(samples);
    percentile(samples, 0.5);
    assert.deepEqual(samples, [3, 1, 2]);
  });
});
