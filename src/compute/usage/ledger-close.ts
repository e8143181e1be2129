import type { Holding } from './holding.ts';
import { type LedgerRules, advance } from './ledger-advance.ts';
import type { ClusterLedger } from './ledger.ts';

/**
 * Books the pods that have ended since the last observation of a cluster that is taken out, and keeps nothing else of single pods. Should
 * the cluster come back with pods that run on, their time counts from that observation on: until then nobody can tell.
 * @param ended each with its end
 * @param now milliseconds since 1970
 */
export function closeLedger(
  before: ClusterLedger,
  ended: Iterable<Holding>,
  now: number,
  { coverMs }: Pick<LedgerRules, 'coverMs'>,
): ClusterLedger {
  const { through, observedAt } = before;
  const booked = advance(
    before,
    { now, holdings: ended, utilisations: new Map() },
    { coverMs, latenessMs: Infinity },
  );
  return { ...booked, observedAt, ...settledAt(booked, through) };
}

/**
 * What goes by while another ledger counts the same cluster is never booked in this one.
 * @param now milliseconds since 1970
 */
export function passOver(record: ClusterLedger, now: number): ClusterLedger {
  const through = Math.max(record.through, Math.trunc(now));
  return { ...record, ...settledAt(record, through) };
}

/** Up to `through` all is booked that will be; cursors beyond it stay, so that no pod is booked again. */
function settledAt(
  { cursors }: ClusterLedger,
  through: number,
): Pick<ClusterLedger, 'through' | 'settled' | 'cursors'> {
  return {
    through,
    settled: through,
    cursors: new Map([...cursors].filter(([, cursor]) => cursor > through)),
  };
}
