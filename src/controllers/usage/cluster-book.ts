import type { XidError } from '../../compute/quarantine/xid-failures.ts';
import type { NodeGpus } from '../../compute/node-gpus.ts';
import type { NodeUsage } from '../../compute/inventory.ts';
import type { Holding } from '../../compute/usage/holding.ts';
import { type ClusterLedger, retirePool } from '../../compute/usage/ledger.ts';
import { advance } from '../../compute/usage/ledger-advance.ts';
import { closeLedger, passOver } from '../../compute/usage/ledger-close.ts';
import { type PodUtilisation, podUtilisations } from '../../compute/usage/pod-utilisation.ts';
import { ApiError } from '../../kube/errors.ts';
import type { Store } from '../../kube/store.ts';
import type { Pod } from '../../api/builtin.ts';
import type { Clock } from '../../time/clock.ts';
import { createGonePods, type GonePods } from './gone-pods.ts';
import type { LedgerStore, SavedLedger } from './ledger-store.ts';
import { endedHoldings, observeHoldings } from './observe.ts';
import type { PoolNames } from './pool-names.ts';
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
  /** Whether another ComputeCluster is the same cluster, and may have counted it until now. */
  readonly hasTwin: boolean;
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
  /** Another ComputeCluster counts the same cluster: what goes by is not for this book. */
  passOver(): void;
  /** Writes the ledger if something has been booked. `due`: only when it is time. */
  save(when: 'due' | 'now'): Promise<void>;
  /** Books what has ended in a cluster that is taken out since the last look at it, ends its cursors, and writes the ledger. */
  close(pools: PoolNames): Promise<void>;
}

/** Measurements speak for a minute, or for two intervals where they are longer. */
const COVER_MS = 60_000;
const LATENESS_MS = 600_000;

export function createClusterBook(cluster: string, { checkpointMs, clock, store }: BookRules): ClusterBook {
  /** In milliseconds since 1970: how late one may hear of an end counts from here until the first look. */
  const begunAt = clock.now();
  const gone = createGonePods();
  const xid = createXidErrors();
  let record: ClusterLedger | undefined;
  let saved: SavedLedger | undefined;
  let savedAt = -Infinity;
  let problem: string | undefined;
  let seen: ClusterObservation | undefined;
  /** Whether it is this book that counts the cluster; undefined as long as nobody knows. */
  let counts: boolean | undefined;
  let formerGpus: ReadonlyMap<string, NodeGpus> = new Map();
  let coverMs = COVER_MS;

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

  async function open(): Promise<boolean> {
    if (record === undefined) {
      await attempt(async () => {
        saved = await store.load(cluster, clock.now());
        record = saved.record;
      });
    }
    return record !== undefined;
  }

  /** From the last look an end is believed for as long as a measurement is: a watch that has gone silent tells of it late. */
  function endsBefore({ observedAt = begunAt }: ClusterLedger): number {
    return observedAt + coverMs;
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
    open,
    look({ pods, usages, pools, reading, intervalMs, hasTwin }) {
      if (record === undefined) {
        return;
      }
      // What has gone by until now stands in the book of the one that counted.
      const takesOver = counts === undefined && hasTwin && record.through === 0;
      counts = true;
      if (takesOver) {
        gone.take();
        record = passOver(record, clock.now());
        return;
      }
      const now = clock.now();
      xid.look(reading?.samples ?? [], now);
      coverMs = Math.max(COVER_MS, 2 * intervalMs);
      const { all, byPool, gpus } = observeHoldings({
        pods,
        gone: gone.take(),
        usages,
        pools,
        endsBefore: endsBefore(record),
        formerGpus,
      });
      formerGpus = gpus;
      const utilisations = podUtilisations(all, reading?.samples ?? []);
      const rules = { coverMs, latenessMs: LATENESS_MS };
      record = retired(advance(record, { now, holdings: all, utilisations }, rules), new Set(pools.values()));
      seen = { at: now, holdings: byPool, utilisations, reading };
    },
    lookAway() {
      seen = undefined;
    },
    passOver() {
      seen = undefined;
      counts = false;
      gone.take();
      record = record && passOver(record, clock.now());
    },
    save,
    async close(pools) {
      seen = undefined;
      await open();
      if (record === undefined || saved === undefined) {
        return;
      }
      const isMine = counts ?? record.through > 0;
      const ended = endedHoldings(isMine ? gone.take() : [], {
        pools,
        gpusOf: (node) => formerGpus.get(node),
        endsBefore: endsBefore(record),
      });
      record = closeLedger(record, ended, clock.now(), { coverMs });
      if (record.rows.size > 0) {
        await write(record, saved);
      }
    },
  };
}

/** With the rows of pools that are gone put together. */
function retired(record: ClusterLedger, names: ReadonlySet<string>): ClusterLedger {
  const pools = new Set([...record.rows.values()].map(({ pool }) => pool));
  const left = [...pools].filter((pool) => pool !== '' && !names.has(pool));
  return left.reduce(retirePool, record);
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
