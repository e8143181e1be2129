import type { Contribution, GpuNanoseconds, Ledger, UsageRow } from './ledger.ts';
import { WHOLE } from './pod-utilisation.ts';

/** A row and the cluster that it is of. */
export interface ClusterUsageRow extends UsageRow {
  readonly cluster: string;
}

/** GPU time by state. */
export type UsageTotal = Omit<UsageRow, 'pool' | 'model'>;

/** All rows, by cluster, pool and model. */
export function usageRows(ledger: Ledger): readonly ClusterUsageRow[] {
  return [...ledger].flatMap(([cluster, { rows }]) => [...rows.values()].map((row) => ({ cluster, ...row })));
}

/** The sum of some rows: those of a pool, of a cluster, of a model. */
export function totalOf(rows: Iterable<UsageTotal>): UsageTotal {
  let [busy, idle, unmeasured] = [0n, 0n, 0n];
  for (const row of rows) {
    busy += row.busy;
    idle += row.idle;
    unmeasured += row.unmeasured;
  }
  return { busy, idle, unmeasured };
}

/** Seconds of one unit. */
export function gpuSeconds(amount: GpuNanoseconds): number {
  return Number(amount) / 1e9;
}

/** Hours of one V100 SXM2, in half precision. */
export function v100eHours(contribution: Contribution): number {
  return Number(contribution) / (1e9 * WHOLE * 3600);
}

/** What each cluster has contributed, measured or not, busy or not: it was kept for a pool. */
export function contributions(ledger: Ledger): ReadonlyMap<string, Contribution> {
  return new Map([...ledger].map(([cluster, { contributed }]) => [cluster, contributed]));
}

/** What each cluster has contributed since an earlier state of the same ledger. */
export function contributionsSince(ledger: Ledger, earlier: Ledger): ReadonlyMap<string, Contribution> {
  return new Map(
    [...ledger].map(([cluster, { contributed }]) => {
      const before = earlier.get(cluster)?.contributed ?? 0n;
      return [cluster, contributed > before ? contributed - before : 0n];
    }),
  );
}
