import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../time/clock.ts';
import type { Caches } from '../caches.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { type Books, createBooks } from './books.ts';
import { type ClusterUsageBoard, createClusterUsages } from './cluster-usage.ts';
import { createLedgerStore } from './ledger-store.ts';
import { type KnownPools, knownPools } from './pool-names.ts';
import { type PoolUsageBoard, createPoolUsage } from './pool-usage.ts';
import { type ReadCounts, createReadCounts } from './read-counts.ts';

/** What usage is built from. */
export interface UsageParts {
  readonly client: KubeClient;
  /** In which Headframe runs: the ledgers and the Secrets are there. */
  readonly namespace: string;
  readonly caches: Caches;
  readonly fleet: Fleet;
  readonly clock: Clock;
  /** Milliseconds between two writes of a ledger. */
  readonly checkpointMs: number;
}

/** How busy GPUs are and were: the state that controller and metrics share. */
export interface Usage extends UsageParts {
  readonly books: Books;
  readonly pools: PoolUsageBoard;
  readonly clusters: ClusterUsageBoard;
  readonly names: KnownPools;
  readonly counts: ReadCounts;
}

/** Call before the informers start. */
export function createUsage(parts: UsageParts): Usage {
  const { client, namespace, caches, clock, checkpointMs } = parts;
  const store = createLedgerStore(client, namespace);
  const books = createBooks({ checkpointMs, clock, store });
  return {
    ...parts,
    books,
    pools: createPoolUsage(books),
    clusters: createClusterUsages(() => clock.monotonic()),
    names: knownPools(caches.pools, caches.pods),
    counts: createReadCounts(),
  };
}
