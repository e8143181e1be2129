import type { Holding } from './holding.ts';
import { type ClusterLedger, type UsageRow, rowKey } from './ledger.ts';
import { type PodUtilisation, WHOLE, isCount } from './pod-utilisation.ts';

/** What is known of a cluster at one moment. */
export interface Observation {
  /** Milliseconds since 1970. */
  readonly now: number;
  /**
   * Every pod that holds GPUs for a pool in the cluster, and those that held some and have ended, as long as they are known. Leave
   * the whole observation out while the cluster cannot be reached or its pods are not known in full.
   */
  readonly holdings: Iterable<Holding>;
  /** By UID of the pod. */
  readonly utilisations: ReadonlyMap<string, PodUtilisation>;
}

/** How far observations reach. */
export interface LedgerRules {
  /** For how long before an observation its measurements speak, at most. Default a minute: two scrapes at the usual 30 s. */
  readonly coverMs: number;
  /**
   * How long after its beginning or end a pod may still become known and be booked in full. Default ten minutes: caches lag by
   * seconds. Later than that, what lies before is lost; it is never booked twice.
   */
  readonly latenessMs: number;
}

export const defaultLedgerRules: LedgerRules = { coverMs: 60_000, latenessMs: 600_000 };

/**
 * Books the time of each pod from where it is booked up to its end, or to now. Time before the last observation of this process
 * is unmeasured, so what a restart missed is booked from the pods' own times. A pod that is gone without an end is booked up to the
 * last moment at which it was seen. Pods of a cluster that was never observed count from their beginning. A clock that goes back books nothing until it has come to where it was.
 */
export function advance(
  before: ClusterLedger,
  observation: Observation,
  rules: LedgerRules = defaultLedgerRules,
): ClusterLedger {
  const { holdings, utilisations } = observation;
  const now = Math.trunc(observation.now);
  const measuredFrom = Math.max(before.observedAt ?? now, now - rules.coverMs);
  const cursors = new Map(before.cursors);
  const rows = new Map(before.rows);
  let { contributed } = before;
  for (const holding of holdings) {
    const span = spanToBook(holding, cursors.get(holding.uid) ?? before.settled, now);
    if (span === undefined) {
      continue;
    }
    const amount = split(span, holding.units, measuredFrom, utilisations.get(holding.uid));
    const key = rowKey(holding.pool, holding.model);
    rows.set(key, add(rows.get(key), holding, amount));
    contributed += amount.held * worth(holding);
    cursors.set(holding.uid, span.end);
  }
  const through = Math.max(before.through, now);
  const settled = Math.max(before.settled, through - rules.latenessMs);
  return {
    through,
    settled,
    cursors: new Map([...cursors].filter(([, cursor]) => cursor > settled)),
    rows,
    contributed,
    observedAt: now,
  };
}

/** A stretch of time in whole milliseconds since 1970. */
interface Span {
  readonly start: number;
  readonly end: number;
}

function spanToBook({ units, from, until }: Holding, bookedTo: number, now: number): Span | undefined {
  const start = Math.trunc(Math.max(from, bookedTo));
  const end = Math.trunc(Math.min(until ?? now, now));
  return end > start && isCount(units) ? { start, end } : undefined;
}

interface Amount {
  readonly held: bigint;
  readonly busy: bigint;
  readonly idle: bigint;
  readonly unmeasured: bigint;
}

function split(
  { start, end }: Span,
  units: number,
  measuredFrom: number,
  utilisation: PodUtilisation | undefined,
): Amount {
  const measuredMs = BigInt(Math.max(0, end - Math.max(start, measuredFrom)));
  const held = BigInt(end - start) * BigInt(units) * BigInt(WHOLE);
  const measured = measuredMs * BigInt(utilisation?.measured ?? 0) * BigInt(WHOLE);
  const busy = measuredMs * BigInt(utilisation?.busy ?? 0);
  return { held, busy, idle: measured - busy, unmeasured: held - measured };
}

function add(row: UsageRow | undefined, { pool, model }: Holding, amount: Amount): UsageRow {
  return {
    pool,
    model,
    busy: (row?.busy ?? 0n) + amount.busy,
    idle: (row?.idle ?? 0n) + amount.idle,
    unmeasured: (row?.unmeasured ?? 0n) + amount.unmeasured,
  };
}

/** Of one unit, in millionths of a V100 equivalent. */
function worth({ v100Equivalents }: Holding): bigint {
  return v100Equivalents > 0 && Number.isFinite(v100Equivalents)
    ? BigInt(Math.round(v100Equivalents * WHOLE))
    : 0n;
}
