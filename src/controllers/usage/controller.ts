import type { Pod } from '../../api/builtin.ts';
import { LOCAL_CLUSTER } from '../../api/compute-cluster.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { type Controller, type Result, after, done } from '../../controller/controller.ts';
import { mapped, primary } from '../../controller/watch-sources.ts';
import { BY_OWNER } from '../caches.ts';
import { intervalOf, look } from './look.ts';
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

  async function forget(name: string): Promise<Result> {
    due.delete(name);
    await books.close(name, names.names);
    clusters.forget(name);
    counts.forget(name);
    return books.all.has(name) ? after(AWAY_MS) : done;
  }

  function hasPods(uid: string): boolean {
    if ([...books.all.values()].some(({ gone }) => gone.holds(uid))) {
      return true;
    }
    // In the local one pods of pools may be before it has a ComputeCluster.
    const known = [LOCAL_CLUSTER, ...[...caches.clusters.store.list()].map(({ metadata }) => metadata.name)];
    return known.some((name) => {
      const view = fleet.view(name);
      // Of a cluster that is away nobody can tell.
      return view.kind !== 'reachable' || view.pods.byIndex(BY_OWNER, uid).length > 0;
    });
  }

  /** Also before the first look: until then nobody else remembers the pod. */
  function hasGone(cluster: string, pod: Immutable<Pod>): void {
    if (caches.clusters.store.get(cluster) !== undefined || books.all.has(cluster)) {
      books.of(cluster).gone.add(pod, clock.now());
    }
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
            hasGone(cluster, change.object);
          }
        },
      });
      caches.pods.onChange(({ type, object }) => {
        if (type === 'deleted') {
          hasGone(LOCAL_CLUSTER, object);
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
      await look(usage, cluster, book, signal);
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
