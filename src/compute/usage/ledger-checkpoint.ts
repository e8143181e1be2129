import * as z from 'zod';
import { type ClusterLedger, type UsageRow, rowKey } from './ledger.ts';
import { packUids, unpackUids } from './packed-uids.ts';

/** Amounts go beyond what JSON numbers hold exactly. */
const amount = z
  .string()
  .regex(/^\d{1,40}$/)
  .transform(BigInt);
/** Milliseconds since 1970. */
const time = z.int().min(0);

const Row = z.object({ pool: z.string(), model: z.string(), busy: amount, idle: amount, unmeasured: amount });

/** Pods that are booked up to the same moment. */
const Cursor = z
  .object({ to: time, uuids: z.string(), others: z.array(z.string()) })
  .transform(({ to, ...packed }, context) => {
    const uids = unpackUids(packed);
    if (uids === undefined) {
      context.addIssue('uuids must be the base64 of whole UUIDs');
      return z.NEVER;
    }
    return { to, uids };
  });

const Cluster = z.object({
  cluster: z.string(),
  through: time,
  settled: time,
  contributed: amount,
  rows: z.array(Row),
  cursors: z.array(Cursor),
});

const Checkpoint = z.object({ version: z.literal(1), clusters: z.array(Cluster) });

/** The ledger of a cluster as plain JSON. The same ledger always gives the same text. */
export type LedgerCheckpoint = z.input<typeof Checkpoint>;

/**
 * The value is no checkpoint of a ledger. An empty ledger instead would book again, as unmeasured, all the time of the pods that
 * there are, and lose everything else.
 */
export class LedgerCheckpointError extends Error {
  override readonly name = 'LedgerCheckpointError';
}

/** What bounds a checkpoint. */
export interface CheckpointLimits {
  /** Most pods of a cluster that have a cursor. Default 30,000: 22 bytes each, so that they fit into one Kubernetes object (1 MiB). */
  readonly maxCursors: number;
}

/**
 * What to keep of a cluster's ledger. One with more pods than the limit is kept without cursors, as settled up to its last observation:
 * after a restart, the beginnings of pods that became known too late and the ends of some that went in between are then missing.
 */
export function checkpoint(
  cluster: string,
  record: ClusterLedger,
  { maxCursors }: CheckpointLimits = { maxCursors: 30_000 },
): LedgerCheckpoint {
  const { through, settled, contributed, rows, cursors } = record;
  const isWhole = cursors.size <= maxCursors;
  const written = {
    cluster,
    through,
    settled: isWhole ? settled : through,
    contributed: String(contributed),
    rows: [...rows].sort(([a], [b]) => compare(a, b)).map(([, row]) => rowText(row)),
    cursors: isWhole ? cursorTexts(cursors) : [],
  };
  return { version: 1, clusters: [written] };
}

/**
 * The ledger of the cluster that a checkpoint was made of.
 * @param value parsed JSON
 * @throws LedgerCheckpointError naming the field, or that the checkpoint is another cluster's
 */
export function restore(cluster: string, value: unknown): ClusterLedger {
  const parsed = Checkpoint.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = issue?.path.join('.') ?? '';
    throw new LedgerCheckpointError(
      `this is no checkpoint of a ledger: ${field === '' ? '' : `${field}: `}${issue?.message ?? ''}`,
    );
  }
  const stored = parsed.data.clusters.find((each) => each.cluster === cluster);
  if (stored === undefined) {
    throw new LedgerCheckpointError(`there is no cluster ${cluster} in it`);
  }
  return recordOf(stored);
}

function recordOf(stored: Omit<z.output<typeof Cluster>, 'cluster'>): ClusterLedger {
  const { through, settled, contributed, rows, cursors } = stored;
  return {
    through,
    settled,
    contributed,
    rows: new Map(rows.map((row) => [rowKey(row.pool, row.model), row])),
    cursors: new Map(cursors.flatMap(({ to, uids }) => uids.map((uid) => [uid, to] as const))),
    observedAt: undefined,
  };
}

function rowText({ pool, model, busy, idle, unmeasured }: UsageRow): z.input<typeof Row> {
  return { pool, model, busy: String(busy), idle: String(idle), unmeasured: String(unmeasured) };
}

/** Nearly all pods are booked up to the last observation: they share one entry. */
function cursorTexts(cursors: ReadonlyMap<string, number>): z.input<typeof Cursor>[] {
  const byTime = new Map<number, string[]>();
  for (const [uid, to] of cursors) {
    const uids = byTime.get(to);
    if (uids === undefined) {
      byTime.set(to, [uid]);
    } else {
      uids.push(uid);
    }
  }
  return [...byTime]
    .sort(([a], [b]) => a - b)
    .map(([to, uids]) => {
      const { uuids, others } = packUids(uids);
      return { to, uuids, others: [...others] };
    });
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
