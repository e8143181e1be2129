import assert from 'node:assert/strict';
import { accountLabel, entryName } from '../../../src/chain/engine/entry-name.ts';
import { intentId } from '../../../src/chain/engine/intent.ts';
import { ADDRESS, CONTRACT } from './model/world.ts';

const owner = { account: 'acct', chainId: 1, address: ADDRESS };
const meaning = { chainId: 1, account: ADDRESS, contract: CONTRACT, kind: 'Count', key: 'a' };

describe('names of ChainTransactions', () => {
  it('follow from account, chain, address and sequence, and sort by the sequence', () => {
    assert.match(entryName(owner, 7), /^acct-[0-9a-f]{6}-00000007$/);
    assert.equal(entryName(owner, 7), entryName({ ...owner, address: ADDRESS.toUpperCase() }, 7));
    assert.ok(entryName(owner, 9) < entryName(owner, 10));
  });

  it('differ for another key, another chain, and accounts that are cut', () => {
    const long = 'a'.repeat(250);
    const names = [
      entryName(owner, 7),
      entryName({ ...owner, address: CONTRACT }, 7),
      entryName({ ...owner, chainId: 2 }, 7),
      entryName({ ...owner, account: `${long}b` }, 7),
      entryName({ ...owner, account: `${long}c` }, 7),
    ];
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.every((name) => name.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)));
  });

  it('the label fits a label', () => {
    assert.equal(accountLabel('acct'), 'acct');
    assert.ok(accountLabel('a'.repeat(100)).length <= 63);
    assert.notEqual(accountLabel(`${'a'.repeat(80)}b`), accountLabel(`${'a'.repeat(80)}c`));
  });
});

describe('the id of an intent', () => {
  it('is the same for the same meaning, whatever the capitals of addresses', () => {
    assert.equal(intentId(meaning), intentId({ ...meaning, account: ADDRESS.toUpperCase() }));
    assert.match(intentId(meaning), /^0x[0-9a-f]{64}$/);
  });

  it('differs in every part, and parts do not run into each other', () => {
    const ids = [
      meaning,
      { ...meaning, chainId: 2 },
      { ...meaning, kind: 'Count2' },
      { ...meaning, key: 'b' },
      { ...meaning, kind: 'Counta', key: '' },
    ].map(intentId);
    assert.equal(new Set(ids).size, ids.length);
  });
});
