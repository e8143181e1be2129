import { seriesOf } from '../../compute/usage/exposition.ts';
import { defaultReadingLimits } from '../../compute/usage/reading.ts';
import type { StakeFigures } from './stake-figures.ts';
import { STAKE_ACCOUNT } from './stake-samples.ts';

/** How the metrics of the operator compare with the contracts. */
export interface MetricsComparison {
  /** Figures that the metrics have. */
  readonly compared: number;
  /** What differs, in words. */
  readonly differences: readonly string[];
}

/** Where a figure is in the metrics. Without a state: the sum of all series of the account. */
const METRICS: readonly {
  readonly figure: keyof StakeFigures;
  readonly name: string;
  readonly state?: string;
}[] = [
  { figure: 'provisioned', name: 'headframe_stake_tokens', state: 'provisioned' },
  { figure: 'required', name: 'headframe_stake_tokens', state: 'required' },
  { figure: 'walletTokens', name: 'headframe_account_wallet_tokens' },
  { figure: 'registered', name: 'headframe_account_miners' },
  { figure: 'claimed', name: 'headframe_rewards_claimed_tokens_total' },
];

/** Asks the operator. @throws Error when it does not answer */
export async function readMetrics(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) {
    throw new Error(`${url} answers ${response.status}`);
  }
  return response.text();
}

/**
 * Compares figures with those metrics that there are. Metrics are floating-point numbers: equal is what rounds to the same one.
 * @param text in the Prometheus text format
 */
export function compareMetrics(onChain: StakeFigures, text: string): MetricsComparison {
  const names = new Set(METRICS.map(({ name }) => name));
  const series = [...seriesOf(text, (name) => names.has(name), defaultReadingLimits)].filter(
    ({ labels }) =>
      labels['account'] === STAKE_ACCOUNT.name && labels['namespace'] === STAKE_ACCOUNT.namespace,
  );
  const compared = METRICS.flatMap(({ figure, name, state }) => {
    const ofFigure = series.filter(
      (each) => each.name === name && (state === undefined || each.labels['state'] === state),
    );
    const value = ofFigure.reduce((sum, each) => sum + each.value, 0);
    return ofFigure.length === 0 ? [] : [{ figure, value }];
  });
  return {
    compared: compared.length,
    differences: compared
      .filter(({ figure, value }) => value !== Number(onChain[figure]))
      .map(({ figure, value }) => `${figure} is ${onChain[figure]} on chain and ${value} in the metrics`),
  };
}
