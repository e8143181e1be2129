import type { ComputeCluster } from '../../api/compute-cluster.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { v100eHours } from '../../compute/usage/ledger-totals.ts';
import type { UsageRow } from '../../compute/usage/ledger.ts';
import { performanceFigures } from '../../compute/usage/performance.ts';
import { type LiveMetric, type Series, single, states, timeSeries } from './live-metrics.ts';
import type { Usage } from './usage.ts';

type Cluster = Immutable<ComputeCluster>;

/** What a metric says of one cluster; its name is added. */
interface ClusterMetric extends Omit<LiveMetric, 'series' | 'kind'> {
  readonly kind?: LiveMetric['kind'];
  readonly of: (cluster: Cluster) => readonly Series[];
}

/** The metrics of clusters: 11 series for each of its GPU models, and some 20 more. */
export function clusterUsageMetrics(usage: Usage): readonly LiveMetric[] {
  return [...inventory, ...accounts(usage)].map(({ of, labelNames, kind = 'gauge', ...named }) => ({
    ...named,
    kind,
    labelNames: ['cluster', ...labelNames],
    series: () =>
      [...usage.caches.clusters.store.list()].flatMap((cluster) =>
        of(cluster).map(({ labels, value }) => ({
          labels: { cluster: cluster.metadata.name, ...labels },
          value,
        })),
      ),
  }));
}

const inventory: readonly ClusterMetric[] = [
  {
    name: 'headframe_cluster_info',
    help: 'Always 1; the labels say how the cluster is reached and whose it is.',
    labelNames: ['type', 'profile'],
    of: ({ spec }) => [{ labels: { type: spec.connection.type, profile: spec.profile }, value: 1 }],
  },
  {
    name: 'headframe_cluster_gpus',
    help: 'GPUs of the cluster by model, as in status.gpus of its ComputeCluster.',
    labelNames: ['model', 'state'],
    of: ({ status }) =>
      (status?.gpus ?? []).flatMap(({ model, ...gpus }) => {
        const { allocatable, allocated, guests, leased, free, reserved, freeForGuests } = gpus;
        return ofModel(
          model,
          states({ allocatable, allocated, guests, leased, free, reserved, free_for_guests: freeForGuests }),
        );
      }),
  },
  {
    name: 'headframe_cluster_gpu_price_usd_per_hour',
    help: 'Price of one GPU of the model for an hour. No series for a model without a price.',
    labelNames: ['model'],
    of: ({ status }) =>
      (status?.gpus ?? []).flatMap(({ model, price }) =>
        ofModel(model, single(price?.perGpuHour === undefined ? undefined : Number(price.perGpuHour))),
      ),
  },
];

function accounts(usage: Usage): readonly ClusterMetric[] {
  return [
    {
      name: 'headframe_cluster_petaflops',
      help: 'Dense half-precision PFLOPS: of all GPUs (peak), of those that guests hold or may take (pledged), of those that pods of pools hold (busy), and that times utilisation (delivered). No series for what is not known.',
      labelNames: ['state'],
      of: (cluster) => performance(usage, cluster, 'petaflops'),
    },
    {
      name: 'headframe_cluster_v100_equivalents',
      help: 'As headframe_cluster_petaflops, in V100s of 125 TFLOPS.',
      labelNames: ['state'],
      of: (cluster) => performance(usage, cluster, 'v100Equivalents'),
    },
    {
      name: 'headframe_cluster_gpu_seconds_total',
      help: 'Seconds for which pods of pools held GPUs of the model, those of pools that are gone included. As the ledger is saved.',
      labelNames: ['model', 'state'],
      kind: 'counter',
      of: ({ metadata }) => gpuTime(usage, metadata.name),
    },
    {
      name: 'headframe_cluster_contributed_v100_equivalent_hours_total',
      help: 'What the cluster has given to pools, by which rewards are split: hours for which their pods held GPUs, times the GPUs in V100s. As the ledger is saved.',
      labelNames: [],
      kind: 'counter',
      of({ metadata }) {
        const contributed = usage.books.all.get(metadata.name)?.saved?.contributed;
        return single(contributed === undefined ? undefined : v100eHours(contributed));
      },
    },
    {
      name: 'headframe_cluster_usage_reads_total',
      help: 'Readings of exporters, or of Prometheus, by how they ended.',
      labelNames: ['result'],
      kind: 'counter',
      of: ({ metadata }) =>
        [...(usage.counts.of(metadata.name) ?? [])].map(([result, value]) => ({ labels: { result }, value })),
    },
  ];
}

function performance(
  { books }: Usage,
  { metadata, status }: Cluster,
  currency: 'petaflops' | 'v100Equivalents',
): readonly Series[] {
  const told = status?.totals[currency];
  const pledged = status?.performance?.pledged[currency];
  const seen = books.all.get(metadata.name)?.seen;
  const figures = seen && performanceFigures([...seen.holdings.values()].flat(), seen.utilisations);
  return states({
    peak: told === undefined ? undefined : Number(told),
    pledged: pledged === undefined ? undefined : Number(pledged),
    busy: figures?.busy[currency],
    delivered: figures?.delivered?.[currency],
  });
}

function gpuTime({ books }: Usage, cluster: string): readonly Series[] {
  const byModel = new Map<string, UsageRow[]>();
  for (const row of books.all.get(cluster)?.saved?.rows.values() ?? []) {
    byModel.set(row.model, [...(byModel.get(row.model) ?? []), row]);
  }
  return [...byModel].flatMap(([model, rows]) => ofModel(model, timeSeries(rows)));
}

function ofModel(model: string, series: readonly Series[]): readonly Series[] {
  return series.map(({ labels, value }) => ({ labels: { model, ...labels }, value }));
}
