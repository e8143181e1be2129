import type { Holding } from '../../compute/usage/holding.ts';
import type { PodUtilisation } from '../../compute/usage/pod-utilisation.ts';
import { type BookRules, type ClusterBook, createClusterBook } from './cluster-book.ts';
import type { PoolNames } from './pool-names.ts';

/** The books of all clusters that are looked at. */
export interface Books {
  /** By name of the ComputeCluster. */
  readonly all: ReadonlyMap<string, ClusterBook>;
  /** The book of a cluster; a new one, not yet open, when there is none. */
  of(cluster: string): ClusterBook;
  /** Closes the book of a cluster that is taken out. It stays, to be closed again, when it cannot be written. */
  close(cluster: string, pools: PoolNames): Promise<void>;
  /** What the pods of a pool hold in all clusters that could be looked at. */
  heldBy(poolUid: string): PoolHoldings;
  /** Writes all that is not saved. */
  flush(): Promise<void>;
}

/** What the pods of one pool hold, and how busy it was. */
export interface PoolHoldings {
  readonly holdings: readonly Holding[];
  /** By UID of the pod; of others, too. */
  readonly utilisations: ReadonlyMap<string, PodUtilisation>;
}

export function createBooks(rules: BookRules): Books {
  const all = new Map<string, ClusterBook>();
  return {
    all,
    of(cluster) {
      const book = all.get(cluster) ?? createClusterBook(cluster, rules);
      all.set(cluster, book);
      return book;
    },
    async close(cluster, pools) {
      const book = all.get(cluster);
      await book?.close(pools);
      if (book?.problem === undefined) {
        all.delete(cluster);
      }
    },
    heldBy(poolUid) {
      const holdings: Holding[] = [];
      const utilisations = new Map<string, PodUtilisation>();
      for (const { seen } of all.values()) {
        for (const holding of seen?.holdings.get(poolUid) ?? []) {
          holdings.push(holding);
          const utilisation = seen?.utilisations.get(holding.uid);
          if (utilisation !== undefined) {
            utilisations.set(holding.uid, utilisation);
          }
        }
      }
      return { holdings, utilisations };
    },
    async flush() {
      await Promise.all([...all.values()].map((book) => book.save('now')));
    },
  };
}
