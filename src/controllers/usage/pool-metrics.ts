import { type Immutable, keyOf } from '../../api/kube-object.ts';
import type { MinerPool } from '../../api/miner-pool.ts';
import { poolReading } from '../../compute/usage/idleness.ts';
import { performanceFigures } from '../../compute/usage/performance.ts';
import { type LiveMetric, type Series, single, states, timeSeries } from './live-metrics.ts';
import type { Usage } from './usage.ts';

type Pool = Immutable<MinerPool>;

/** What a metric says of one pool; its name is added. */
interface PoolMetric extends Omit<LiveMetric, 'series' | 'kind'> {
  readonly kind?: LiveMetric['kind'];
  readonly of: (pool: Pool) => readonly Series[];
}

/** The metrics of pools: at most 14 series each, and 3 for each cluster in which it has had pods. GPU by GPU there are the exporter's own. */
export function poolUsageMetrics(usage: Usage): readonly LiveMetric[] {
  return definitions(usage).map(({ of, labelNames, kind = 'gauge', ...named }) => ({
    ...named,
    kind,
    labelNames: ['namespace', 'pool', ...labelNames],
    series: () =>
      [...usage.caches.pools.store.list()].flatMap((pool) =>
        of(pool).map(({ labels, value }) => ({ labels: { ...nameOf(pool), ...labels }, value })),
      ),
  }));
}

function definitions(usage: Usage): readonly PoolMetric[] {
  return [
    {
      name: 'headframe_pool_info',
      help: 'Always 1; the labels say what the pool asks for.',
      labelNames: ['vendor', 'models'],
      of: ({ spec: { gpus } }) => [
        { labels: { vendor: gpus.vendor, models: gpus.models.join(',') }, value: 1 },
      ],
    },
    {
      name: 'headframe_pool_desired_replicas',
      help: 'Replicas that the pool should have.',
      labelNames: [],
      of: ({ spec }) => single(spec.suspend ? 0 : spec.replicas),
    },
    {
      name: 'headframe_pool_ready_replicas',
      help: 'Replicas of the pool that are ready.',
      labelNames: [],
      of: ({ status }) => single(status?.readyReplicas ?? 0),
    },
    {
      name: 'headframe_pool_gpus',
      help: 'GPUs of the pool. desired, allocated, ready: as in its status. busy, idle, unmeasured: together those that its pods hold; busy is the sum of their utilisation.',
      labelNames: ['state'],
      of: (pool) => gpus(usage, pool),
    },
    {
      name: 'headframe_pool_gpu_seconds_total',
      help: 'Seconds for which pods of the pool held GPUs of the cluster. As the ledger is saved, so a restart takes nothing back.',
      labelNames: ['cluster', 'state'],
      kind: 'counter',
      of: (pool) => gpuTime(usage, keyOf(pool)),
    },
    {
      name: 'headframe_pool_utilization_ratio',
      help: 'Utilisation of all measured GPUs of the pool together, 0 to 1. No series while none is measured.',
      labelNames: [],
      of: ({ metadata }) => single(usage.pools.utilisation(metadata.uid)),
    },
    {
      name: 'headframe_pool_petaflops',
      help: 'Dense half-precision PFLOPS of the GPUs that its pods hold (busy), and that times utilisation (delivered). No series for what is not known.',
      labelNames: ['state'],
      of: (pool) => performance(usage, pool, 'petaflops'),
    },
    {
      name: 'headframe_pool_v100_equivalents',
      help: 'As headframe_pool_petaflops, in V100s of 125 TFLOPS.',
      labelNames: ['state'],
      of: (pool) => performance(usage, pool, 'v100Equivalents'),
    },
  ];
}

function nameOf({ metadata }: Pool): { namespace: string; pool: string } {
  return { namespace: metadata.namespace ?? '', pool: metadata.name };
}

function gpus({ books }: Usage, { metadata, status }: Pool): readonly Series[] {
  const { holdings, utilisations } = books.heldBy(metadata.uid);
  const { units, measured, utilisation = 0 } = poolReading(holdings, utilisations);
  const { desired = 0, allocated = 0, ready = 0 } = status?.gpus ?? {};
  const busy = measured * utilisation;
  return states({ desired, allocated, ready, busy, idle: measured - busy, unmeasured: units - measured });
}

function performance(
  { books }: Usage,
  { metadata }: Pool,
  currency: 'petaflops' | 'v100Equivalents',
): readonly Series[] {
  const { holdings, utilisations } = books.heldBy(metadata.uid);
  const { busy, delivered } = performanceFigures(holdings, utilisations);
  return states({ busy: busy[currency], delivered: delivered?.[currency] });
}

/** By cluster: one whose ledger is not read yet, or that is taken out, must not make a counter go down. */
function gpuTime({ books }: Usage, pool: string): readonly Series[] {
  return [...books.all].flatMap(([cluster, { saved }]) => {
    const rows = [...(saved?.rows.values() ?? [])].filter((row) => row.pool === pool);
    const series = rows.length === 0 ? [] : timeSeries(rows);
    return series.map(({ labels, value }) => ({ labels: { cluster, ...labels }, value }));
  });
}
