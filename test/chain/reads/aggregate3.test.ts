import assert from 'node:assert/strict';
import { AbiCoder } from 'ethers';
import fc from 'fast-check';
import { multicall3 } from '../../../src/chain/contracts/generated/multicall3.ts';
import { decodeAggregate3, encodeAggregate3 } from '../../../src/chain/reads/aggregate3.ts';

const hex = fc.uint8Array({ maxLength: 100 }).map((bytes) => `0x${Buffer.from(bytes).toString('hex')}`);
const address = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .map((bytes) => `0x${Buffer.from(bytes).toString('hex')}`);

describe('chain/reads/aggregate3', () => {
  it('encodes calls as ethers does', () => {
    const call = fc.record({ target: address, allowFailure: fc.boolean(), callData: hex });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 8 }), (calls) => {
        assert.equal(encodeAggregate3(calls), multicall3.writes.aggregate3.encode(calls));
      }),
    );
  });

  it('reads answers that ethers has written', () => {
    const result = fc.record({ success: fc.boolean(), data: hex }, { noNullPrototype: true });
    fc.assert(
      fc.property(fc.array(result, { maxLength: 8 }), (results) => {
        const tuples = results.map(({ success, data }) => [success, data]);
        const answer = AbiCoder.defaultAbiCoder().encode(['tuple(bool,bytes)[]'], [tuples]);
        assert.deepEqual(decodeAggregate3(answer), results);
      }),
    );
  });

  for (const [what, answer] of [
    ['nothing', '0x'],
    ['half a word', `0x${'00'.repeat(16)}`],
    ['an offset beyond the end', `0x${'00'.repeat(31)}40`],
    ['a length that nothing has', `0x${'00'.repeat(31)}20${'ff'.repeat(32)}`],
    ['more results than there is room for', `0x${'00'.repeat(31)}20${'00'.repeat(28)}00ffffff`],
    ['text', `0x${Buffer.from('no contract at all, but a page of words'.padEnd(64)).toString('hex')}`],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.throws(() => decodeAggregate3(answer), RangeError);
    });
  }
});
