import type { MinerPool } from '../../../src/api/miner-pool.ts';
import { MinerPoolStatus } from '../../../src/api/miner-pool.ts';
import type { PoolStakeStatus } from '../../../src/api/pool-stake.ts';
import { tokenUnits, wei } from '../../../src/chain/amounts/amount.ts';
import type { AccountState, Miner } from '../../../src/chain/protocols/protocol.ts';
import { minerId } from '../../../src/controllers/miner-id.ts';
import type { GoalGrounds, PoolAsk } from '../../../src/controllers/stakeaccount/goal.ts';
import { minerPool } from '../../support/pool-objects.ts';
import { ADDRESS, MINER_TAG, stake } from '../../support/stake-objects.ts';

/** A token of two digits after the point: 10000 are 100. */
export const DECIMALS = 2;
export const PER_REPLICA = tokenUnits(10_000n);
export const ACCOUNT_UID = 'account-uid';

/** The miner of an ordinal, of one unit unless told otherwise. */
export function miner(pool: string, ordinal: number, milliUnits = 1000): Miner {
  return { id: minerId(MINER_TAG, pool, ordinal), milliUnits };
}

/** Miners of the first ordinals of a pool. */
export function minersOf(pool: string, count: number): Miner[] {
  return Array.from({ length: count }, (_, ordinal) => miner(pool, ordinal));
}

/** A miner that is nobody's that we know. */
export function foreignMiner(index: number, milliUnits = 1000): Miner {
  return { id: `0x${'f'.repeat(32)}${index.toString(16).padStart(32, '0')}`, milliUnits };
}

/** A pool with its answer, or without one. */
export function poolWith(name: string, replicas: number, answer?: PoolStakeStatus): MinerPool {
  const pool = minerPool({ replicas, stake }, { name, uid: `uid-of-${name}` });
  return answer === undefined ? pool : { ...pool, status: { ...MinerPoolStatus.parse({}), stake: answer } };
}

export function ask(pool: MinerPool, changes: Partial<PoolAsk> = {}): PoolAsk {
  return { pool, wanted: pool.spec.replicas, milliUnits: 1000, perReplica: PER_REPLICA, ...changes };
}

/** An account with stake for that many miners, and those miners. */
export function accountState(
  provisioned: bigint,
  miners: readonly Miner[] = [],
  changes: Partial<AccountState> = {},
): AccountState {
  return {
    address: ADDRESS,
    coin: wei(10n ** 18n),
    walletTokens: tokenUnits(0n),
    allowance: tokenUnits(0n),
    idle: tokenUnits(0n),
    provisioned: tokenUnits(provisioned),
    thawing: tokenUnits(0n),
    hasProvision: provisioned > 0n,
    thaws: [],
    miners: miners.length,
    milliUnits: miners.reduce((sum, { milliUnits }) => sum + milliUnits, 0),
    required: tokenUnits(BigInt(miners.length) * PER_REPLICA),
    checkedIn: false,
    ...changes,
  };
}

export function grounds(changes: Partial<GoalGrounds> = {}): GoalGrounds {
  const { miners = [] } = changes;
  return {
    asks: [],
    published: [],
    lingering: new Map(),
    state: accountState(0n, miners),
    miners,
    accountUid: ACCOUNT_UID,
    tag: MINER_TAG,
    isLeaving: () => false,
    decimals: DECIMALS,
    fixed: undefined,
    maxStaked: tokenUnits(10n ** 12n),
    releasesSurplus: false,
    checksIn: true,
    ...changes,
  };
}
