import assert from 'node:assert/strict';
import { createMinerBook } from '../../../src/controllers/stakeaccount/miner-book.ts';
import { accountState, minersOf } from './goal-grounds.ts';

describe('controllers/stakeaccount/miner-book', () => {
  const miners = minersOf('pool', 2);
  const state = accountState(200n, miners);
  let now = 0;
  const book = createMinerBook(() => now);

  it('knows the miners as long as the figures are the same, for a while', () => {
    assert.equal(book.miners('uid', state), undefined);
    book.note('uid', state, miners);
    assert.equal(book.miners('uid', { ...state }), miners);
    assert.equal(book.miners('another', state), undefined);
    assert.equal(book.miners('uid', { ...state, milliUnits: 2001 }), undefined);
    assert.equal(book.miners('uid', { ...state, address: '0x02' }), undefined);
    now += 10 * 60_000;
    assert.equal(book.miners('uid', state), undefined);
  });

  it('needs to know none of an account without miners', () => {
    assert.deepEqual(book.miners('uid', accountState(0n)), []);
  });

  it('forgets', () => {
    book.note('uid', state, miners);
    book.forget('uid');
    assert.equal(book.miners('uid', state), undefined);
  });
});
