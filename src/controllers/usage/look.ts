import type { ComputeCluster } from '../../api/compute-cluster.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { usageSource } from '../../api/usage-source.ts';
import { createCatalogue } from '../../compute/gpu-catalogue.ts';
import type { Reachable } from '../fleet/cluster-view.ts';
import type { ClusterBook } from './cluster-book.ts';
import { countedView, hasTwin, isTwin } from './counted.ts';
import { readUsage } from './read-usage.ts';
import type { UsageReading } from './reading.ts';
import type { Usage } from './usage.ts';

/** Milliseconds between two looks at the cluster. */
export function intervalOf({ spec }: Immutable<ComputeCluster>): number {
  return usageSource(spec).intervalSeconds * 1000;
}

/** Reads how busy the GPUs of the cluster are, and books the time since the last look. */
export async function look(
  usage: Usage,
  cluster: Immutable<ComputeCluster>,
  book: ClusterBook,
  signal: AbortSignal,
): Promise<void> {
  // Also that of a cluster that is away: what it has contributed is to be seen.
  const isOpen = await book.open();
  const before = countedView(cluster, usage);
  if (!isOpen || before === undefined) {
    lookAway(usage, cluster, book);
    return;
  }
  const { pods, client } = before;
  const reading = await readUsage({ cluster, pods: pods.list(), client }, usage, signal);
  if (reading !== undefined) {
    usage.counts.add(cluster.metadata.name, reading);
  }
  // It may have gone away while its exporters were read.
  const view = countedView(cluster, usage);
  if (view === undefined || signal.aborted) {
    lookAway(usage, cluster, book);
    return;
  }
  take(usage, { cluster, book, view, reading });
}

/**
 * Books all up to now, and saves it. Call when the operator stops: of a pod that is deleted before the next one runs, only what is booked
 * is known.
 */
export async function lastLook(usage: Usage): Promise<void> {
  for (const [name, book] of usage.books.all) {
    const cluster = usage.caches.clusters.store.get(name);
    if (cluster === undefined) {
      await usage.books.close(name, usage.names.names);
      continue;
    }
    const view = countedView(cluster, usage);
    if (view !== undefined) {
      take(usage, { cluster, book, view, reading: undefined });
    }
  }
  await usage.books.flush();
}

interface Seen {
  readonly cluster: Immutable<ComputeCluster>;
  readonly book: ClusterBook;
  readonly view: Reachable;
  readonly reading: UsageReading | undefined;
}

function take(usage: Usage, { cluster, book, view, reading }: Seen): void {
  book.look({
    pods: view.pods,
    usages: view.usages(createCatalogue(cluster.spec.gpuModels)),
    pools: usage.names.names,
    reading,
    intervalMs: intervalOf(cluster),
    hasTwin: hasTwin(cluster, usage),
  });
}

function lookAway(usage: Usage, cluster: Immutable<ComputeCluster>, book: ClusterBook): void {
  if (isTwin(cluster, usage)) {
    book.passOver();
  } else {
    book.lookAway();
  }
}
