import assert from 'node:assert/strict';
import { MinerPools } from '../../../src/api/miner-pool.ts';
import type { StakeAccount } from '../../../src/api/stake-account.ts';
import { poolsOnAccount } from '../../../src/controllers/minerpool/stake-watch.ts';
import type { Change } from '../../../src/kube/informer.ts';
import { handCache } from '../../support/hand-fleet.ts';
import { minerPool } from '../../support/pool-objects.ts';
import { allotment, stake, stakeAccount } from '../../support/stake-objects.ts';

describe('controllers/minerpool/stake-watch', () => {
  const pools = handCache(MinerPools, [
    minerPool({ stake }),
    minerPool({ stake }, { name: 'twin', uid: 'b' }),
    minerPool({ stake: { ...stake, accountRef: { name: 'another' } } }, { name: 'other', uid: 'c' }),
    minerPool({ stake }, { namespace: 'elsewhere', uid: 'd' }),
    minerPool({}, { name: 'bare', uid: 'e' }),
  ]).informer;
  const woken = (change: Change<StakeAccount>): readonly string[] =>
    [...poolsOnAccount(change, { pools })].sort();
  const both = ['default/pool', 'default/twin'];
  const account = stakeAccount();

  const changed = (object: StakeAccount): Change<StakeAccount> => ({
    type: 'updated',
    previous: account,
    object,
  });
  const { status = assert.fail() } = account;
  const rows: { name: string; change: Change<StakeAccount>; keys: readonly string[] }[] = [
    { name: 'an account that comes', change: { type: 'added', object: account, initial: false }, keys: both },
    { name: 'one that is gone', change: { type: 'deleted', object: account }, keys: both },
    {
      name: 'another allotment',
      change: changed(stakeAccount([allotment({ allotted: 2 })])),
      keys: ['default/pool'],
    },
    {
      name: 'another miner',
      change: changed(stakeAccount([allotment({ registered: '0' })])),
      keys: ['default/pool'],
    },
    {
      name: 'an allotment of another pool',
      change: changed(stakeAccount([allotment(), allotment({ name: 'twin' })])),
      keys: ['default/twin'],
    },
    { name: 'another chain', change: changed({ ...account, status: { ...status, chainId: 2 } }), keys: both },
    {
      name: 'nothing that concerns a pool',
      change: changed({ ...account, status: { ...status, checkedInEpoch: 7 } }),
      keys: [],
    },
  ];
  for (const { name, change, keys } of rows) {
    it(name, () => assert.deepEqual(woken(change), keys));
  }
});
