import type { StakeCaches } from '../caches.ts';
import type { LiveMetric } from '../usage/live-metrics.ts';

/** The prices of networks, as their statuses have them: at most three series each. */
export function priceMetrics({ networks }: Pick<StakeCaches, 'networks'>): readonly LiveMetric[] {
  return [
    {
      name: 'headframe_price_usd',
      help: 'What one token, and one of the chain’s coin, is worth in US dollars. No series while it is not known.',
      labelNames: ['network', 'asset'],
      kind: 'gauge',
      series: () =>
        [...networks.store.list()].flatMap(({ metadata: { name }, status }) =>
          (['token', 'coin'] as const).flatMap((asset) => {
            const text = status?.prices?.[`${asset}USD`];
            return text === undefined ? [] : [{ labels: { network: name, asset }, value: Number(text) }];
          }),
        ),
    },
    {
      name: 'headframe_price_timestamp_seconds',
      help: 'When the older of the prices of a network was last seen, as its status has it, in seconds since 1970.',
      labelNames: ['network'],
      kind: 'gauge',
      series: () =>
        [...networks.store.list()].flatMap(({ metadata: { name }, status }) => {
          const time = status?.prices?.observedTime;
          return time === undefined ? [] : [{ labels: { network: name }, value: Date.parse(time) / 1000 }];
        }),
    },
  ];
}
