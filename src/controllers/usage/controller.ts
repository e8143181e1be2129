import { type ComputeCluster, LOCAL_CLUSTER } from '../../api/compute-cluster.ts';
import { findCondition } from '../../api/conditions.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { usageSource } from '../../api/usage-source.ts';
import { createCatalogue } from '../../compute/gpu-catalogue.ts';
import { type Controller, type Result, after, done } from '../../controller/controller.ts';
import { mapped, primary } from '../../controller/watch-sources.ts';
import { BY_OWNER, type Caches } from '../caches.ts';
import type { Reachable } from '../fleet/cluster-view.ts';
import type { ClusterBook } from './cluster-book.ts';
import { readUsage } from './read-usage.ts';
import type { Usage } from './usage.ts';

/** A cluster that cannot be looked at is asked for again after so long at most, in milliseconds. */
const AWAY_MS = 5000;

/**
 * Looks at the GPUs of every cluster once an interval: reads how busy they are, and books the time for which pools hold them. Writes
 * nothing but the ledgers: what a status has to say of it is written by the controllers of its kind.
 */
export function usageController(usage: Usage): Controller {
  const { caches, fleet, clock, books, clusters, counts, names } = usage;
  /** When each cluster is to be looked at next, by the monotonic clock, unless its spec has changed. */
  const due = new Map<string, { readonly at: number; readonly generation: number | undefined }>();

  /** The cluster, if it can be looked at now. */
  function reachable(cluster: Immutable<ComputeCluster>): Reachable | undefined {
    const view = fleet.view(cluster.metadata.name);
    return view.kind === 'reachable' && isCounted(cluster, view, caches) ? view : undefined;
  }

  async function look(
    cluster: Immutable<ComputeCluster>,
    book: ClusterBook,
    signal: AbortSignal,
  ): Promise<void> {
    const { name } = cluster.metadata;
    // Also that of a cluster that is away: what it has contributed is to be seen.
    const isOpen = await book.open();
    const before = reachable(cluster);
    if (!isOpen || before === undefined) {
      book.lookAway();
      return;
    }
    const { pods, client } = before;
    const reading = await readUsage({ cluster, pods: pods.list(), client }, usage, signal);
    if (reading !== undefined) {
      counts.add(name, reading);
    }
    // It may have gone away while its exporters were read.
    const view = reachable(cluster);
    if (view === undefined || signal.aborted) {
      book.lookAway();
      return;
    }
    book.look({
      pods: view.pods,
      usages: view.usages(createCatalogue(cluster.spec.gpuModels)),
      pools: names.names,
      reading,
      intervalMs: intervalOf(cluster),
    });
  }

  async function forget(name: string): Promise<Result> {
    due.delete(name);
    await books.close(name);
    clusters.forget(name);
    counts.forget(name);
    return books.all.has(name) ? after(AWAY_MS) : done;
  }

  function hasPods(uid: string): boolean {
    return [...books.all.keys()].some((name) => {
      const view = fleet.view(name);
      // Of a cluster that is away nobody can tell.
      return view.kind !== 'reachable' || view.pods.byIndex(BY_OWNER, uid).length > 0;
    });
  }

  return {
    name: 'usage',
    concurrency: 4,
    watches: [
      primary(caches.clusters),
      // Waits until they are full.
      mapped(caches.pods, () => []),
      mapped(caches.nodes, () => []),
      mapped(caches.pools, () => []),
    ],
    begin() {
      fleet.listen({
        changed: () => undefined,
        podChanged(cluster, change) {
          if (change.type === 'deleted') {
            books.all.get(cluster)?.gone.add(change.object, clock.now());
          }
        },
      });
      caches.pods.onChange(({ type, object }) => {
        if (type === 'deleted') {
          books.all.get(LOCAL_CLUSTER)?.gone.add(object, clock.now());
        }
      });
    },
    async reconcile(name, { signal }) {
      const cluster = caches.clusters.store.get(name);
      if (cluster === undefined) {
        // One that is being deleted counts until the last pod has left it.
        return forget(name);
      }
      const { generation } = cluster.metadata;
      const next = due.get(name);
      if (next?.generation === generation && next !== undefined && next.at > clock.monotonic()) {
        return after(next.at - clock.monotonic());
      }
      const startedAt = clock.monotonic();
      const book = books.of(name);
      await look(cluster, book, signal);
      await book.save('due');
      usage.pools.update(caches.pools.store.list(), clock.now(), intervalOf(cluster));
      clusters.publish(name, book);
      names.prune(hasPods);
      const intervalMs = book.seen === undefined ? AWAY_MS : intervalOf(cluster);
      due.set(name, { at: startedAt + intervalMs, generation });
      return after(Math.max(0, startedAt + intervalMs - clock.monotonic()));
    },
  };
}

function intervalOf({ spec }: Immutable<ComputeCluster>): number {
  return usageSource(spec).intervalSeconds * 1000;
}

/**
 * Whether it is this object that counts the cluster, and whether what is known of it is up to date: of the same cluster under two names
 * the status says which one counts, and of a change of kubeconfig which cluster it is now.
 */
function isCounted(
  { metadata, status }: Immutable<ComputeCluster>,
  { uid }: Reachable,
  { nodes, pods }: Pick<Caches, 'nodes' | 'pods'>,
): boolean {
  const isUpToDate =
    metadata.name !== LOCAL_CLUSTER || (nodes.lastError === undefined && pods.lastError === undefined);
  const ready = findCondition(status?.conditions, 'Ready');
  return (
    isUpToDate &&
    ready !== undefined &&
    ready.reason !== 'DuplicateCluster' &&
    (uid === undefined || status?.clusterUID === uid)
  );
}
