import assert from 'node:assert/strict';
import { tokenUnits } from '../../../src/chain/amounts/amount.ts';
import type { AccountState } from '../../../src/chain/protocols/protocol.ts';
import { type WorkOrder, work } from '../../../src/controllers/stakeaccount/work.ts';
import { networkFacts } from '../../support/network-objects.ts';
import { stakeAccount } from '../../support/stake-objects.ts';
import { accountState } from './goal-grounds.ts';

const seen: AccountState = { ...accountState(10n, []), walletTokens: tokenUnits(1n) };
const later: AccountState = { ...seen, walletTokens: tokenUnits(2n) };

/** The state that is drawn from when the look was at block 0x01 and the reader is at another or the same. The node says nothing else. */
async function drawnAt(hash: string): Promise<AccountState | undefined> {
  let drawn: AccountState | undefined;
  const reader = { block: { hash }, nonce: () => Promise.reject(new Error('enough')) };
  const order = {
    account: stakeAccount([]),
    network: {
      chainId: 31_337n,
      facts: networkFacts(),
      block: { number: 1, hash: '0x01', time: 0 },
      pool: { reader: () => Promise.resolve(reader) },
      protocol: { readAccounts: () => Promise.resolve([later]) },
    },
    state: seen,
    minersIf: () => [],
    draw(state: AccountState) {
      drawn = state;
    },
    signal: new AbortController().signal,
  } as unknown as WorkOrder;
  await assert.rejects(work(order), /enough/);
  await new Promise((resolve) => setImmediate(resolve));
  return drawn;
}

describe('controllers/stakeaccount/work', () => {
  it('believes the look at the network where it was at the same block', async () => {
    assert.equal(await drawnAt('0x01'), seen);
  });

  it('reads the account where it is at another: what follows is decided at one block', async () => {
    assert.equal(await drawnAt('0x02'), later);
  });
});
