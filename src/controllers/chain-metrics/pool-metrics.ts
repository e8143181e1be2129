import { type Immutable, joinKey, keyOf } from '../../api/kube-object.ts';
import type { MinerPool } from '../../api/miner-pool.ts';
import type { StakeAccount } from '../../api/stake-account.ts';
import { gpuSeconds, totalOf } from '../../compute/usage/ledger-totals.ts';
import type { UsageRow } from '../../compute/usage/ledger.ts';
import type { StakeCaches } from '../caches.ts';
import { type LiveMetric, type Series, single } from '../usage/live-metrics.ts';
import type { Usage } from '../usage/usage.ts';

/** A pool with stake, and its account. */
interface Earner {
  readonly pool: Immutable<MinerPool>;
  readonly account: Immutable<StakeAccount>;
}

type Held = Pick<Usage, 'books' | 'caches'>;
type Known = Pick<StakeCaches, 'accounts' | 'networks' | 'pools'>;

/** What pools with stake earn, and what their GPUs cost: three series each. */
export function poolRewardMetrics(usage: Held, caches: Known): readonly LiveMetric[] {
  const metric = (
    named: Pick<LiveMetric, 'name' | 'help' | 'kind'>,
    of: (earner: Earner) => number | undefined,
  ): LiveMetric => ({
    ...named,
    labelNames: ['network', 'namespace', 'pool'],
    series: () => earners(caches).flatMap((earner) => withName(earner, single(of(earner)))),
  });
  return [
    metric(
      {
        name: 'headframe_pool_rewards_claimed_tokens_total',
        help: 'The pool’s part of what its account was paid, in tokens, as the status of the account counts it.',
        kind: 'counter',
      },
      (earner) => Number(claimedBy(earner)),
    ),
    metric(
      {
        name: 'headframe_pool_reward_usd_per_gpu_hour',
        help: 'What the pool was paid, at the present price of the token, for each hour for which its pods have held a GPU. No series while there is no price.',
        kind: 'gauge',
      },
      (earner) => rewardPerGpuHour(earner, usage, caches),
    ),
    metric(
      {
        name: 'headframe_pool_cost_usd_per_gpu_hour',
        help: 'What an hour of a GPU costs that pods of the pool have held, by spec.pricing of the clusters and their present prices. No series while one has no price.',
        kind: 'gauge',
      },
      ({ pool }) => costPerGpuHour(usage, keyOf(pool)),
    ),
  ];
}

function earners({ pools, accounts }: Known): readonly Earner[] {
  return [...pools.store.list()].flatMap((pool) => {
    const { namespace } = pool.metadata;
    const name = pool.spec.stake?.accountRef.name;
    const account = name === undefined ? undefined : accounts.store.get(joinKey({ namespace, name }));
    return account === undefined ? [] : [{ pool, account }];
  });
}

function withName({ pool, account }: Earner, series: readonly Series[]): readonly Series[] {
  const { namespace = '', name } = pool.metadata;
  const labels = { network: account.spec.networkRef.name, namespace, pool: name };
  return series.map(({ value }) => ({ labels, value }));
}

/** In tokens. */
function claimedBy({ pool, account }: Earner): string {
  const part = account.status?.pools.find(({ name }) => name === pool.metadata.name);
  return part?.rewardsClaimed ?? '0';
}

function rewardPerGpuHour(earner: Earner, usage: Held, { networks }: Known): number | undefined {
  const price = networks.store.get(earner.account.spec.networkRef.name)?.status?.prices?.tokenUSD;
  const hours = gpuHours(rowsOf(usage, keyOf(earner.pool)).map(({ row }) => row));
  return price === undefined || hours === 0 ? undefined : (Number(claimedBy(earner)) * Number(price)) / hours;
}

/** The mean over all hours that are booked; undefined while there are none, or one of a model without a price. */
function costPerGpuHour(usage: Held, pool: string): number | undefined {
  let [cost, hours] = [0, 0];
  for (const { cluster, row } of rowsOf(usage, pool)) {
    const models = usage.caches.clusters.store.get(cluster)?.status?.gpus ?? [];
    const price = models.find(({ model }) => model === row.model)?.price?.perGpuHour;
    cost += price === undefined ? NaN : Number(price) * gpuHours([row]);
    hours += gpuHours([row]);
  }
  return hours === 0 || Number.isNaN(cost) ? undefined : cost / hours;
}

interface RowHere {
  readonly cluster: string;
  readonly row: UsageRow;
}

function rowsOf({ books }: Held, pool: string): readonly RowHere[] {
  return [...books.all].flatMap(([cluster, { saved }]) =>
    [...(saved?.rows.values() ?? [])].filter((row) => row.pool === pool).map((row) => ({ cluster, row })),
  );
}

function gpuHours(rows: readonly UsageRow[]): number {
  const { busy, idle, unmeasured } = totalOf(rows);
  return gpuSeconds(busy + idle + unmeasured) / 3600;
}
