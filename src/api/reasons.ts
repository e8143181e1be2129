import { chainTransactionReasons } from './reasons/chain-transaction.ts';
import { computeClusterReasons } from './reasons/compute-cluster.ts';
import { minerPoolReasons } from './reasons/miner-pool.ts';
import { stakeAccountReasons } from './reasons/stake-account.ts';
import { stakingNetworkReasons } from './reasons/staking-network.ts';
import { poolStakeReasons } from './reasons/pool-stake.ts';
import { usageReasons } from './reasons/usage.ts';

/**
 * Every condition reason and event reason that Headframe writes. A reason is part of the API: it keeps its meaning, and
 * nothing else may be written (the type {@link Reason} sees to it).
 */
export const reasons = {
  ...minerPoolReasons,
  ...computeClusterReasons,
  ...stakingNetworkReasons,
  ...usageReasons,
  ...chainTransactionReasons,
  ...stakeAccountReasons,
  ...poolStakeReasons,
} as const;

/** A reason that Headframe may write. */
export type Reason = keyof typeof reasons;
