import assert from 'node:assert/strict';
import { wei } from '../../../../src/chain/amounts/amount.ts';
import { allowed } from '../../../../src/chain/protocols/headframe/allowed.ts';
import { erc20 } from '../../../../src/chain/protocols/headframe/erc20.ts';
import { objectionTo } from '../../../../src/chain/signing/allow-list.ts';
import { networkFacts } from '../../../support/network-objects.ts';

const address = (digit: string): string => `0x${digit.repeat(40)}`;
const [ACCOUNT, TOKEN, MANAGER, STRANGER] = ['a', 'b', 'c', 'd'].map(address) as [
  string,
  string,
  string,
  string,
];

describe('chain/protocols/headframe allowed', () => {
  it('lets nobody but the StakeManager take tokens from the wallet', () => {
    const calls = allowed(
      networkFacts({ contracts: { MinerRegistry: STRANGER, StakeManager: MANAGER, Token: TOKEN } }),
    );
    const objection = (spender: string): string | undefined => {
      const data = erc20.writes.approve.encode(spender, 5n);
      return objectionTo({ to: TOKEN, data, valueWei: wei(0n) }, calls, ACCOUNT);
    };
    assert.equal(objection(MANAGER), undefined);
    assert.equal(objection(STRANGER), `the first argument of 0x095ea7b3 of ${TOKEN} must be ${MANAGER}`);
  });
});
