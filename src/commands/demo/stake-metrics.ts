import { seriesOf } from '../../compute/usage/exposition.ts';
import { defaultReadingLimits } from '../../compute/usage/reading.ts';
import type { StakeFigures } from './stake-figures.ts';
import { STAKE_ACCOUNT } from './stake-samples.ts';

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
 * What differs between the contracts and the metrics, in words. Metrics are floating-point numbers: equal is what rounds to the same one.
 * @param text in the Prometheus text format
 */
export function metricsDifferences(onChain: StakeFigures, text: string): readonly string[] {
  const names = new Set(METRICS.map(({ name }) => name));
  const series = [...seriesOf(text, (name) => names.has(name), defaultReadingLimits)].filter(
    ({ labels }) =>
      labels['account'] === STAKE_ACCOUNT.name && labels['namespace'] === STAKE_ACCOUNT.namespace,
  );
  return METRICS.flatMap(({ figure, name, state }) => {
    const ofFigure = series.filter(
      (each) => each.name === name && (state === undefined || each.labels['state'] === state),
    );
    const value = ofFigure.reduce((sum, each) => sum + each.value, 0);
    if (ofFigure.length > 0 && value === Number(onChain[figure])) {
      return [];
    }
    const shown = ofFigure.length === 0 ? 'not there' : String(value);
    return [`${figure} is ${onChain[figure]} on chain and ${shown} in the metrics`];
  });
}
