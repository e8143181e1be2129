import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  FIRST_RANGE,
  afterQuery,
  afterTooMuch,
  suggestedBlocks,
} from '../../../src/chain/events/scan-range.ts';
import type { ScanRange } from '../../../src/chain/events/scan-range.ts';

describe('the range of a scan', () => {
  it('grows by a quarter after five full queries that went well', () => {
    let range: ScanRange = FIRST_RANGE;
    const sizes = Array.from({ length: 11 }, () => {
      range = afterQuery(range, range.blocks);
      return range.blocks;
    });
    assert.deepEqual(sizes, [2000, 2000, 2000, 2000, 2500, 2500, 2500, 2500, 2500, 3125, 3125]);
  });

  it('learns nothing from a short query at the head', () => {
    assert.equal(afterQuery(FIRST_RANGE, 3), FIRST_RANGE);
  });

  it('is halved when it was too much, down to one block', () => {
    assert.deepEqual(afterTooMuch(2000), { blocks: 1000, successes: 0 });
    assert.equal(afterTooMuch(3).blocks, 1);
    assert.equal(afterTooMuch(1).blocks, 1);
  });

  it('takes what a node suggests, if that is less', () => {
    assert.equal(afterTooMuch(2000, 500).blocks, 500);
    assert.equal(afterTooMuch(2000, 2000).blocks, 1000);
    assert.equal(afterTooMuch(2000, 9000).blocks, 1000);
    assert.equal(afterTooMuch(2000, 0).blocks, 1000);
  });

  it('is never less than one, and ends at what a node takes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), (limit) => {
        let range: ScanRange = FIRST_RANGE;
        let refusals = 0;
        for (let query = 0; query < 200; query++) {
          if (range.blocks > limit) {
            refusals++;
            range = afterTooMuch(range.blocks);
          } else {
            range = afterQuery(range, range.blocks);
          }
          assert.ok(range.blocks >= 1);
        }
        assert.ok(refusals <= 12 + 200 / 6, `${refusals} refusals`);
      }),
    );
  });

  const hints: [string, number | undefined][] = [
    ['query returned more than 10000 results. Try with this block range [0x1, 0x2].', 2],
    ['Log response size exceeded. this block range should work: [0x10, 0x1f]', 16],
    ['query exceeds max results 20000, retry with the range 25766988-25775072', 8085],
    ['eth_getLogs is limited to a 10,000 range', 10_000],
    ['eth_getLogs is limited to 0 - 1000 blocks range', 1000],
    ['range 1000000 exceeds limit of 10000', 10_000],
    ['exceed maximum block range: 5000', 5000],
    ['block range is larger than max block range, block range = 5120, max block range = 5000', 5000],
    ['requested too many blocks from 1 to 9000, maximum is set to 2048', 2048],
    ['You can make eth_getLogs requests with up to a 500 block range', 500],
    ['range 9009594 is bigger than range limit 2000', 2000],
    ['query returned more than 10000 results', undefined],
    ['query timeout exceeded', undefined],
    ['block range is bigger than maxBlockRange', undefined],
    ['range [0x2, 0x1]', undefined],
    [`limited to ${'9'.repeat(40)}`, undefined],
    ['', undefined],
  ];
  for (const [message, blocks] of hints) {
    it(`'${message.slice(0, 60)}' suggests ${blocks ?? 'nothing'}`, () =>
      assert.equal(suggestedBlocks(message), blocks));
  }
});
