import { API_VERSION } from '../../src/api/group.ts';
import type { PoolStake } from '../../src/api/pool-stake.ts';
import type { StakeAccount } from '../../src/api/stake-account.ts';
import { StakeAccountSpec } from '../../src/api/stake-account/spec.ts';
import { type PoolAllotment, StakeAccountStatus } from '../../src/api/stake-account/status.ts';
import { ago } from './pool-objects.ts';

/** What a pool says that is on {@link stakeAccount}. */
export const stake: PoolStake = { accountRef: { name: 'account' }, units: 'Replica' };

export const ADDRESS = '0x00000000000000000000000000000000000000a1';
export const MINER_TAG = '0x000102030405060708090a0b0c0d0e0f';

/** What an account says of the pool `pool`: three replicas, each with a miner, unless told otherwise. */
export function allotment(changes: Partial<PoolAllotment> = {}): PoolAllotment {
  const { allotted = 3 } = changes;
  return {
    name: 'pool',
    wanted: 3,
    allotted,
    allotmentId: `account-uid.${allotted}`,
    ceiling: allotted,
    requiredPerReplica: '100',
    registered: '0-2',
    ...changes,
  };
}

/** An account on which {@link allotment} is allotted, or what is given instead. */
export function stakeAccount(
  pools: readonly PoolAllotment[] = [allotment()],
  status: Partial<StakeAccountStatus> = {},
): StakeAccount {
  return {
    apiVersion: API_VERSION,
    kind: 'StakeAccount',
    metadata: {
      name: 'account',
      namespace: 'default',
      uid: 'account-uid',
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: ago(3600),
    },
    spec: StakeAccountSpec.parse({ networkRef: { name: 'testnet' }, address: ADDRESS }),
    status: {
      ...StakeAccountStatus.parse({ openTransactions: 0, conditions: [] }),
      chainId: 31_337,
      minerTag: MINER_TAG,
      stake: { desired: '300', provisioned: '300', idle: '0', thawing: '0', required: '300' },
      pools: [...pools],
      ...status,
    },
  };
}
