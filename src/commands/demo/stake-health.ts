import { MinerPools } from '../../api/miner-pool.ts';
import { StakeAccounts } from '../../api/stake-account.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { DemoChain } from './chain.ts';
import { type ChainFigures, differences, readChainFigures, statusFigures } from './stake-figures.ts';
import { metricsDifferences, readMetrics } from './stake-metrics.ts';
import { STAKED_POOL, STAKE_ACCOUNT } from './stake-samples.ts';

/** How the demo's stake fares. Figures are those of the contracts. */
export interface StakeHealth extends ChainFigures {
  /** Nothing is missing. */
  readonly healthy: boolean;
  /** What is, in words. */
  readonly missing: readonly string[];
}

/** What must be seen before the demo counts as healthy. */
const EPOCHS_CHECKED_IN = 2;
const REWARDS_CLAIMED = 1;

/** What is looked at. */
export interface Looked {
  readonly client: KubeClient;
  readonly chain: DemoChain;
  /** Of the operator. */
  readonly metricsUrl: string;
}

/** Looks once at the contracts, the pool, the account and the metrics: all must say the same. */
export async function readStakeHealth({ client, chain, metricsUrl }: Looked): Promise<StakeHealth> {
  const [pool, account, figures, metrics] = await Promise.all([
    client.get(MinerPools, STAKED_POOL),
    client.get(StakeAccounts, STAKE_ACCOUNT),
    readChainFigures(chain),
    // An operator that begins does not serve them yet.
    readMetrics(metricsUrl).catch(() => undefined),
  ]);
  const missing = [
    ...shortOf(figures, pool.spec.replicas),
    ...differences(figures, statusFigures(account)),
    ...(metrics === undefined ? ['the operator shows no metrics'] : metricsDifferences(figures, metrics)),
  ];
  return { healthy: missing.length === 0, ...figures, missing };
}

/** What of miners, duties and rewards is not there yet. */
export function shortOf(
  { registered, epochsCheckedIn, rewardsClaimed }: ChainFigures,
  replicas: number,
): readonly string[] {
  return [
    [registered === replicas, `${registered} of ${replicas} miners are registered`] as const,
    [
      epochsCheckedIn >= EPOCHS_CHECKED_IN,
      `${epochsCheckedIn} of ${EPOCHS_CHECKED_IN} epochs are checked in`,
    ] as const,
    [
      rewardsClaimed >= REWARDS_CLAIMED,
      `${rewardsClaimed} of ${REWARDS_CLAIMED} rewards are claimed`,
    ] as const,
  ].flatMap(([isThere, otherwise]) => (isThere ? [] : [otherwise]));
}
