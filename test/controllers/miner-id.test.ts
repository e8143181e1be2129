import assert from 'node:assert/strict';
import fc from 'fast-check';
import { minerId, minerTag } from '../../src/controllers/miner-id.ts';

describe('controllers/miner-id', () => {
  const owner = { home: '6f1c3f0e-0000-4000-8000-000000000000', namespace: 'default', account: 'main' };

  // printf '["6f1c...","default","main"]' | sha256sum, the first 16 bytes: who changes them loses his miners.
  it('never changes', () => {
    const tag = minerTag(owner);

    assert.equal(tag, '0x02231613cce09b5a3caa4d8746b0d1d7');
    assert.equal(minerId(tag, 'pool', 0), `${tag}c6e2b12a818b7bc4d6f7a73c1ca86042`);
    assert.equal(minerId(tag, 'pool', 12), `${tag}41c64e6e43ebf8f29f2aeef378dddd9e`);
  });

  it('is another one for every owner, pool and ordinal, and has its 32 bytes', () => {
    const ids = new Set<string>();
    const owners = [owner, { ...owner, home: 'b' }, { ...owner, namespace: 'b' }, { ...owner, account: 'b' }];
    for (const tag of owners.map(minerTag)) {
      for (const pool of ['a', 'a-1', 'b']) {
        for (const ordinal of [0, 1, 11]) {
          const id = minerId(tag, pool, ordinal);
          assert.match(id, /^0x[0-9a-f]{64}$/);
          assert.ok(id.startsWith(tag));
          ids.add(id);
        }
      }
    }

    assert.equal(ids.size, 4 * 3 * 3);
  });

  it('parts of an owner do not run into each other', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (a, b, c) => {
        const shifted = { home: a + b, namespace: c, account: '' };
        const equal = b === '' && c === '';
        assert.equal(minerTag({ home: a, namespace: b, account: c }) === minerTag(shifted), equal);
      }),
    );
  });
});
