import { type Statement, condition } from '../../api/conditions.ts';
import type { ClusterBook, ClusterObservation } from './cluster-book.ts';
import type { UsageReading } from './reading.ts';

/** How many failures a message names. */
const NAMED = 3;

/** What a cluster's conditions say of its usage. */
export function statements({
  seen,
  problem,
  setAside,
}: Pick<ClusterBook, 'seen' | 'problem' | 'setAside'>): readonly Statement[] {
  return [...(seen?.reading === undefined ? [] : [known(seen, seen.reading)]), recorded(problem, setAside)];
}

function known(seen: ClusterObservation, { asked, failures }: UsageReading): Statement {
  if (asked === 0) {
    return condition(
      'UsageKnown',
      false,
      'NoExporters',
      'no running pod has the labels of spec.usage.exporters.podSelector',
    );
  }
  if (failures.length > 0) {
    const named = failures.slice(0, NAMED).map(({ source, message }) => `${source}: ${message}`);
    const more = failures.length > NAMED ? `; and ${failures.length - NAMED} more` : '';
    return condition(
      'UsageKnown',
      false,
      'UsageSourceFailing',
      `${failures.length} of ${asked} sources gave nothing: ${named.join('; ')}${more}`,
    );
  }
  const { units, measured } = coverage(seen);
  return measured < units
    ? condition(
        'UsageKnown',
        false,
        'GPUsUnmeasured',
        `of ${units} GPUs that pools hold ${units - measured} are not measured: does the exporter write the labels pod and namespace?`,
      )
    : condition('UsageKnown', true, 'UsageMeasured', 'every GPU that pools hold is measured');
}

/** Exporters learn a little later than the scheduler whose a GPU is, in milliseconds. */
const SETTLED_MS = 120_000;

/** Units that pods of pools have held for a while, and how many of them were measured. */
function coverage({ at, holdings, utilisations }: ClusterObservation): { units: number; measured: number } {
  const counts = { units: 0, measured: 0 };
  for (const { uid, units, from } of [...holdings.values()].flat()) {
    if (from <= at - SETTLED_MS) {
      counts.units += units;
      counts.measured += utilisations.get(uid)?.measured ?? 0;
    }
  }
  return counts;
}

function recorded(problem: string | undefined, setAside: string | undefined): Statement {
  if (problem !== undefined) {
    return condition('UsageRecorded', false, 'LedgerUnsaved', problem);
  }
  return setAside === undefined
    ? condition('UsageRecorded', true, 'LedgerSaved')
    : condition(
        'UsageRecorded',
        false,
        'LedgerSetAside',
        `the former ledger could not be read; it is kept in ConfigMap ${setAside}, and counting has begun anew`,
      );
}
