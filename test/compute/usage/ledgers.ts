import { type LedgerRules, type Observation, advance } from '../../../src/compute/usage/ledger-advance.ts';
import { checkpoint, restore } from '../../../src/compute/usage/ledger-checkpoint.ts';
import { type Ledger, emptyClusterLedger, later } from '../../../src/compute/usage/ledger.ts';

export const emptyLedger: Ledger = new Map();

/** Books an observation of one of several clusters. */
export function observe(
  ledger: Ledger,
  { cluster, ...observation }: Observation & { readonly cluster: string },
  rules?: LedgerRules,
): Ledger {
  const before = ledger.get(cluster) ?? emptyClusterLedger;
  return new Map(ledger).set(cluster, advance(before, observation, rules));
}

/** Each cluster as the one knows it that observed it later. */
export function merge(a: Ledger, b: Ledger): Ledger {
  const merged = new Map(a);
  for (const [cluster, theirs] of b) {
    const ours = merged.get(cluster);
    merged.set(cluster, ours === undefined ? theirs : later(ours, theirs));
  }
  return merged;
}

/** As it is after it was written down and read again. */
export function throughText(ledger: Ledger): Ledger {
  return new Map(
    [...ledger].map(([cluster, record]) => [
      cluster,
      restore(cluster, JSON.parse(JSON.stringify(checkpoint(cluster, record)))),
    ]),
  );
}
