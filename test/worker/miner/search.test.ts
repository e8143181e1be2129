import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { BATCH, createSearch, leadingZeroBits, verifyShare } from '../../../src/worker/miner/search.ts';

const seed = Buffer.from('headframe');

describe('leadingZeroBits', () => {
  const cases: [number[], number][] = [
    [[0x80], 0],
    [[0x01], 7],
    [[0x00, 0x40], 9],
    [[0x00, 0x00], 16],
    [[], 0],
  ];
  for (const [bytes, bits] of cases) {
    it(`of [${bytes.join(', ')}] is ${bits}`, () => {
      assert.equal(leadingZeroBits(Uint8Array.from(bytes)), bits);
    });
  }

  it('agrees with the binary digits', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 6 }), (bytes) => {
        const digits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
        assert.equal(leadingZeroBits(bytes), /^0*/.exec(digits)?.[0].length);
      }),
    );
  });
});

describe('search', () => {
  it('finds exactly the nonces whose hash has enough zeros', () => {
    const search = createSearch(seed, 6);
    let batches = 0;
    const shares = search.run(() => ++batches < 4);

    const expected = [];
    for (let nonce = 0n; nonce < BigInt(4 * BATCH); nonce++) {
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64BE(nonce);
      const digest = createHash('sha256').update(seed).update(bytes).digest();
      if (digest[0]! < 4) {
        expected.push({ nonce, digest: digest.toString('hex') });
      }
    }
    assert.ok(expected.length > 0);
    assert.deepEqual(shares, expected);
    assert.equal(search.hashes, 4 * BATCH);
  });

  it('goes on where it stopped', () => {
    const search = createSearch(seed, 1);
    const first = search.run(() => false).at(-1)!.nonce;
    const next = search.run(() => false)[0]!.nonce;

    assert.ok(next > first);
    assert.equal(search.hashes, 2 * BATCH);
  });
});

describe('verifyShare', () => {
  const share = createSearch(seed, 1).run(() => false)[0]!;

  it('accepts what the search found', () => {
    assert.ok(verifyShare(seed, share, leadingZeroBits(Buffer.from(share.digest, 'hex'))));
  });

  it('refuses another nonce, another seed, another digest and a higher difficulty', () => {
    const bits = leadingZeroBits(Buffer.from(share.digest, 'hex'));
    assert.ok(!verifyShare(seed, { ...share, nonce: share.nonce + 1n }, bits));
    assert.ok(!verifyShare(Buffer.from('other'), share, bits));
    assert.ok(!verifyShare(seed, { ...share, digest: '00'.repeat(32) }, bits));
    assert.ok(!verifyShare(seed, share, bits + 1));
  });
});
