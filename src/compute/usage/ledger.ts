/*
 * The ledger of GPU time. How it cannot count anything twice: of each cluster it knows a moment `settled`, and for each pod that
 * it has booked beyond that moment a cursor, up to which the pod's time is booked. A pod without a cursor is booked up to
 * `settled`. Booking starts at the cursor and moves it, so no millisecond of a pod is booked again: not when events come in any
 * order, not when pods are shown again after they were gone, not after a restart from a checkpoint, which holds cursors and
 * amounts of one and the same moment.
 */

/**
 * GPU time in nanoseconds of one unit: a millisecond at a utilisation in whole millionths is a whole number of them, so that
 * shares of time add up exactly, in any order, without remainders.
 */
export type GpuNanoseconds = bigint;

/**
 * GPU-nanoseconds times millionths of a V100 equivalent. Each unit counts with its worth at the time at which it was held: a
 * later correction of the catalogue changes nothing that is booked.
 */
export type Contribution = bigint;

/** GPU time of one pool on one model in one cluster. The three add up to the time for which units were held. */
export interface UsageRow {
  /** Such as `ml/miners`. */
  readonly pool: string;
  /** As the inventory lists it. */
  readonly model: string;
  /** The measured part that the GPUs worked: their utilisation times the time. */
  readonly busy: GpuNanoseconds;
  /** The measured part that they did not. */
  readonly idle: GpuNanoseconds;
  /** The time for which no measurement speaks. */
  readonly unmeasured: GpuNanoseconds;
}

/** What is booked of one cluster. Never changed in place: booking gives a new one. */
export interface ClusterLedger {
  /** The latest moment at which the cluster was observed, in milliseconds since 1970. */
  readonly through: number;
  /** Up to where all pods without a cursor are booked, in milliseconds since 1970. */
  readonly settled: number;
  /** Up to where single pods are booked: milliseconds since 1970 by UID, each after `settled`. */
  readonly cursors: ReadonlyMap<string, number>;
  /** By {@link rowKey}. */
  readonly rows: ReadonlyMap<string, UsageRow>;
  /** Of all pools, those that are gone and forgotten included. */
  readonly contributed: Contribution;
  /** When this process last observed the cluster; not part of a checkpoint. Measurements speak for no time before it. */
  readonly observedAt: number | undefined;
}

/** What is booked, by cluster: ledgers are kept one by one, and read together when something is split among clusters. */
export type Ledger = ReadonlyMap<string, ClusterLedger>;

export const emptyClusterLedger: ClusterLedger = {
  through: 0,
  settled: 0,
  cursors: new Map(),
  rows: new Map(),
  contributed: 0n,
  observedAt: undefined,
};

/** Under which a cluster's ledger keeps a row. */
export function rowKey(pool: string, model: string): string {
  return JSON.stringify([pool, model]);
}

/**
 * Of two states of one cluster's ledger the later one, which holds all of the other: that of whoever observed the cluster later. The same
 * in any order.
 */
export function later(a: ClusterLedger, b: ClusterLedger): ClusterLedger {
  return isLater(b, a) ? b : a;
}

/** The same time twice only when the clock stood still in between: then the one that has booked more is the later one. */
function isLater(a: ClusterLedger, b: ClusterLedger): boolean {
  if (a.through !== b.through) {
    return a.through > b.through;
  }
  return a.contributed === b.contributed ? held(a) > held(b) : a.contributed > b.contributed;
}

function held({ rows }: ClusterLedger): GpuNanoseconds {
  return [...rows.values()].reduce((sum, { busy, idle, unmeasured }) => sum + busy + idle + unmeasured, 0n);
}

/** Stands for all pools that are gone: no pool has an empty name. */
export const GONE_POOLS = '';

/** Adds the rows of a pool that is gone to those of {@link GONE_POOLS}: a ledger grows with the pools that there are, and loses nothing. */
export function retirePool(record: ClusterLedger, pool: string): ClusterLedger {
  return { ...record, rows: retire(record.rows, pool) };
}

function retire(rows: ClusterLedger['rows'], pool: string): ClusterLedger['rows'] {
  const kept = new Map<string, UsageRow>();
  for (const row of rows.values()) {
    const mine = row.pool === pool ? { ...row, pool: GONE_POOLS } : row;
    const key = rowKey(mine.pool, mine.model);
    const known = kept.get(key);
    kept.set(key, known === undefined ? mine : sum(known, mine));
  }
  return kept;
}

function sum(a: UsageRow, b: UsageRow): UsageRow {
  return { ...a, busy: a.busy + b.busy, idle: a.idle + b.idle, unmeasured: a.unmeasured + b.unmeasured };
}
