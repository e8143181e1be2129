import type { XidError } from '../../compute/quarantine/failures.ts';
import type { NodeGpus } from '../../compute/node-gpus.ts';
import type { NodeUsage } from '../../compute/inventory.ts';
import type { Holding } from '../../compute/usage/holding.ts';
import { type ClusterLedger, closeCluster, retirePool } from '../../compute/usage/ledger.ts';
import { advance } from '../../compute/usage/ledger-advance.ts';
import { type PodUtilisation, podUtilisations } from '../../compute/usage/pod-utilisation.ts';
import { ApiError } from '../../kube/errors.ts';
import type { Store } from '../../kube/store.ts';
import type { Pod } from '../../api/builtin.ts';
import type { Clock } from '../../time/clock.ts';
import { createGonePods, type GonePods } from './gone-pods.ts';
import type { LedgerStore, SavedLedger } from './ledger-store.ts';
import { observeHoldings, type PoolNames } from './observe.ts';
import type { UsageReading } from './reading.ts';
import { createXidErrors } from './xid-errors.ts';

/** What was seen of a cluster at the last look. */
export interface ClusterObservation {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** By UID of the pool; those that have ended are not there. */
  readonly holdings: ReadonlyMap<string, readonly Holding[]>;
  /** By UID of the pod. */
  readonly utilisations: ReadonlyMap<string, PodUtilisation>;
  /** Undefined when `spec.usage` names no source. */
  readonly reading: UsageReading | undefined;
}

/** How the ledger of a cluster is kept. */
export interface BookRules {
  /** Milliseconds between two writes. */
  readonly checkpointMs: number;
  readonly clock: Clock;
  readonly store: LedgerStore;
}

/** What a look at a cluster needs. */
export interface Look {
  readonly pods: Store<Pod>;
  readonly usages: readonly NodeUsage[];
  readonly pools: PoolNames;
  readonly reading: UsageReading | undefined;
  readonly intervalMs: number;
}

/** The ledger of one cluster, and what was seen of it last. */
export interface ClusterBook {
  readonly gone: GonePods;
  /** Undefined until the cluster has been looked at, and while it cannot be. */
  readonly seen: ClusterObservation | undefined;
  readonly xidErrors: readonly XidError[];
  /** As it is saved: what a restart begins with, so that what is shown never goes back. */
  readonly saved: ClusterLedger | undefined;
  /** ConfigMap with a former ledger that could not be read. */
  readonly setAside: string | undefined;
  /** Why the ledger is not saved; undefined when it is. */
  readonly problem: string | undefined;
  /** Reads the ledger, once. Nothing is booked before. @returns whether it is there */
  open(): Promise<boolean>;
  /** Books what has gone by since the last look. */
  look(look: Look): void;
  /** The cluster cannot be looked at now. */
  lookAway(): void;
  /** Writes the ledger if something has been booked. `due`: only when it is time. */
  save(when: 'due' | 'now'): Promise<void>;
  /** Ends the cursors of a cluster that is taken out, and writes the ledger. */
  close(): Promise<void>;
}

/** Measurements speak for a minute, or for two intervals where they are longer. */
const COVER_MS = 60_000;
const LATENESS_MS = 600_000;

export function createClusterBook(cluster: string, { checkpointMs, clock, store }: BookRules): ClusterBook {
  const gone = createGonePods();
  const xid = createXidErrors();
  let record: ClusterLedger | undefined;
  let saved: SavedLedger | undefined;
  let savedAt = -Infinity;
  let problem: string | undefined;
  let seen: ClusterObservation | undefined;
  let formerGpus: ReadonlyMap<string, NodeGpus> = new Map();

  /** An API server that cannot be written to is no reason to stop counting. */
  async function attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      problem = undefined;
    } catch (error) {
      if (!(error instanceof ApiError || error instanceof RangeError)) {
        throw error;
      }
      problem = error.message;
    }
  }

  async function save(when: 'due' | 'now'): Promise<void> {
    const isDue = when === 'now' || clock.monotonic() - savedAt >= checkpointMs;
    if (isDue && record !== undefined && saved !== undefined && !sameAmounts(record, saved.record)) {
      await write(record, saved);
    }
  }

  async function write(writing: ClusterLedger, former: SavedLedger): Promise<void> {
    await attempt(async () => {
      saved = await store.save(cluster, writing, former);
      savedAt = clock.monotonic();
      // Somebody else's later state takes the place of ours.
      record = saved.record === writing ? record : saved.record;
    });
  }

  return {
    gone,
    get seen() {
      return seen;
    },
    get xidErrors() {
      return xid.all;
    },
    get saved() {
      return saved?.record;
    },
    get setAside() {
      return saved?.setAside;
    },
    get problem() {
      return problem;
    },
    async open() {
      if (record === undefined) {
        await attempt(async () => {
          saved = await store.load(cluster, clock.now());
          record = saved.record;
        });
      }
      return record !== undefined;
    },
    look({ pods, usages, pools, reading, intervalMs }) {
      if (record === undefined) {
        return;
      }
      const now = clock.now();
      xid.look(reading?.samples ?? [], now);
      const coverMs = Math.max(COVER_MS, 2 * intervalMs);
      const endsBefore = (record.observedAt ?? now) + coverMs;
      const taken = gone.take();
      const { all, byPool, gpus } = observeHoldings({
        pods,
        gone: taken,
        usages,
        pools,
        endsBefore,
        formerGpus,
      });
      formerGpus = gpus;
      const utilisations = podUtilisations(all, reading?.samples ?? []);
      const ledger = advance(
        new Map([[cluster, record]]),
        { cluster, now, holdings: all, utilisations },
        { coverMs, latenessMs: LATENESS_MS },
      );
      record = retired(ledger.get(cluster) ?? record, new Set(pools.values()));
      seen = { at: now, holdings: byPool, utilisations, reading };
    },
    lookAway() {
      seen = undefined;
    },
    save,
    async close() {
      seen = undefined;
      const closed = record && closeCluster(new Map([[cluster, record]]), cluster).get(cluster);
      if (closed !== undefined && saved !== undefined && closed.rows.size > 0) {
        await write(closed, saved);
      }
    },
  };
}

/** With the rows of pools that are gone put together. */
function retired(record: ClusterLedger, names: ReadonlySet<string>): ClusterLedger {
  const pools = new Set([...record.rows.values()].map(({ pool }) => pool));
  const left = [...pools].filter((pool) => pool !== '' && !names.has(pool));
  return left.reduce((after, pool) => retirePool(new Map([['', after]]), pool).get('') ?? after, record);
}

/** Whether nothing is booked in one that is not in the other. */
function sameAmounts(a: ClusterLedger, b: ClusterLedger): boolean {
  if (a.rows.size !== b.rows.size || a.contributed !== b.contributed) {
    return false;
  }
  return [...a.rows].every(([key, row]) => {
    const other = b.rows.get(key);
    return other?.busy === row.busy && other.idle === row.idle && other.unmeasured === row.unmeasured;
  });
}
