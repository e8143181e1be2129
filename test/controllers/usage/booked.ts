import assert from 'node:assert/strict';
import { gpuSeconds, totalOf } from '../../../src/compute/usage/ledger-totals.ts';
import { ledgerName, parseLedger } from '../../../src/controllers/usage/ledger-store.ts';
import type { UsageWorld } from '../../support/usage-world.ts';

/** GPU-seconds in the ledger of a cluster as it is written, busy or not; 0 when there is none. */
export function bookedSeconds({ configMaps }: UsageWorld, cluster: string): number {
  const stored = configMaps.all.get(ledgerName(cluster));
  if (stored === undefined) {
    return 0;
  }
  const record = parseLedger(cluster, stored);
  assert.ok(!(record instanceof Error), `the ledger of ${cluster} cannot be read`);
  const { busy, idle, unmeasured } = totalOf(record.rows.values());
  return gpuSeconds(busy + idle + unmeasured);
}
