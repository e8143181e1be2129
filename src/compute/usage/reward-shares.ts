import type { Contribution } from './ledger.ts';
import { v100eHours } from './ledger-totals.ts';

/** One cluster's part. */
export interface ClusterShare {
  readonly cluster: string;
  readonly v100eHours: number;
  /** 0 to 1. The shares of all clusters add up to 1; all are 0 when nobody has contributed anything. */
  readonly share: number;
}

/** The part of each cluster in what all have contributed, in ascending order of the clusters' names. */
export function shares(contributed: ReadonlyMap<string, Contribution>): readonly ClusterShare[] {
  const total = Number(totalOf(contributed));
  return sorted(contributed).map(([cluster, part]) => ({
    cluster,
    v100eHours: v100eHours(part),
    share: total === 0 ? 0 : Number(part) / total,
  }));
}

/**
 * Splits an amount (in the smallest unit of its token) by what each cluster has contributed. The parts add up to the amount exactly:
 * each gets its part rounded down, and what is left goes in units of one to those that lost most by it (largest remainder), in
 * case of a tie by name. Undefined when nobody has contributed anything: then there is nobody to pay.
 * @param amount at least 0
 */
export function splitAmount(
  amount: bigint,
  contributed: ReadonlyMap<string, Contribution>,
): ReadonlyMap<string, bigint> | undefined {
  if (amount < 0n) {
    throw new RangeError(`an amount to split must be at least 0, not ${amount}`);
  }
  const total = totalOf(contributed);
  if (total === 0n) {
    return undefined;
  }
  const parts = sorted(contributed).map(([cluster, part]) => ({
    cluster,
    amount: (amount * part) / total,
    lost: (amount * part) % total,
  }));
  let left = amount - parts.reduce((sum, part) => sum + part.amount, 0n);
  for (const part of [...parts].sort((a, b) => (a.lost === b.lost ? 0 : a.lost > b.lost ? -1 : 1))) {
    if (left === 0n) {
      break;
    }
    part.amount += 1n;
    left -= 1n;
  }
  return new Map(parts.map((part) => [part.cluster, part.amount]));
}

function totalOf(contributed: ReadonlyMap<string, Contribution>): bigint {
  return [...contributed.values()].reduce((sum, part) => sum + part, 0n);
}

function sorted(
  contributed: ReadonlyMap<string, Contribution>,
): readonly (readonly [string, Contribution])[] {
  return [...contributed].sort(([a], [b]) => (a < b ? -1 : 1));
}
