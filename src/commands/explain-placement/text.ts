import { columns } from '../columns.ts';
import type { PlacementReport, PlacementRow } from './report.ts';

/** The report for people. Pure. */
export function reportText(report: PlacementReport): string {
  const paragraphs = [
    verdict(report),
    report.decidedBy === 'Scheduler' ? nobodyPlaces : undefined,
    report.decidedBy === 'Scheduler' || report.rows.length === 0 ? undefined : table(report.rows),
    details(report),
  ];
  return paragraphs.filter((paragraph) => paragraph !== undefined && paragraph !== '').join('\n\n');
}

const nobodyPlaces =
  'Headframe does not place this pool: it has no spec.placement, and the ComputeCluster local, if there is one, has no terms for guests. Its pods are made in the cluster in which Headframe runs, and the scheduler there finds nodes for them.';

/** `default/miners is not Ready (NoPlace): no place for 1 of 3 replicas ...; 0/2 clusters: ...`. */
function verdict({ pool, ready, summary, decidedBy }: PlacementReport): string {
  const name = `${pool.namespace}/${pool.name}`;
  if (ready === undefined) {
    return `${name} has no status yet: is the operator running?`;
  }
  const state = ready.status === 'True' ? 'is Ready' : 'is not Ready';
  const sentence = `${name} ${state} (${ready.reason}): ${ready.message}`;
  // Some verdicts say it themselves.
  return decidedBy === 'Scheduler' || summary === '' || ready.message.includes(summary)
    ? sentence
    : `${sentence}; room for one more replica: ${summary}`;
}

function table(rows: readonly PlacementRow[]): string {
  return columns(
    [
      'CLUSTER',
      'MODEL',
      'FREE FOR GUESTS',
      'USD/GPU-HOUR',
      'USD/V100E-HOUR',
      'READY',
      'TAKES NO MORE BECAUSE',
    ],
    rows.map((row) => [
      row.cluster,
      row.model ?? '-',
      row.freeForGuests === undefined ? '-' : String(row.freeForGuests),
      row.pricePerGpuHour ?? '-',
      row.pricePerV100EquivalentHour ?? '-',
      row.replicas === 0 ? '-' : `${row.ready}/${row.replicas}`,
      row.refusal ?? '',
    ]),
  );
}

function details({ decidedBy, placement, leftBehind, recentMoves }: PlacementReport): string {
  const lines = [
    ...leftBehind.map(
      ({ cluster, ordinals }) =>
        `Left behind in ${cluster}: ${ordinals}. What still runs there is removed, as soon as the cluster answers.`,
    ),
    decidedBy === 'LocalCluster'
      ? 'The pool has no spec.placement: the terms of the ComputeCluster local decide, and nothing moves.'
      : undefined,
    ...(placement === undefined ? [] : rules(placement, recentMoves)),
  ];
  return lines.filter((line) => line !== undefined).join('\n');
}

function rules(
  {
    policy,
    clusterSelector,
    maxPricePerGpuHour,
    clusterLostGraceSeconds,
    moves,
  }: NonNullable<PlacementReport['placement']>,
  recentMoves: PlacementReport['recentMoves'],
): readonly string[] {
  const { names, matchLabels } = clusterSelector;
  const selected = [
    ...(names.length === 0 ? [] : [`named ${names.join(', ')}`]),
    ...Object.entries(matchLabels).map(([key, value]) => `with label ${key}=${value}`),
  ];
  const made = recentMoves.map(({ ordinal, moveTime }) => `${ordinal} at ${moveTime}`).join(', ');
  return [
    `Policy: ${policy}; price cap: ${maxPricePerGpuHour === undefined ? 'none' : `${maxPricePerGpuHour} USD a GPU-hour`}; clusters: ${selected.length === 0 ? 'any' : selected.join(' and ')}.`,
    `Replicas of a cluster that is lost are replaced after ${clusterLostGraceSeconds} s.`,
    ...(policy === 'Cheapest'
      ? [
          `Moves in the last hour: ${recentMoves.length} of at most ${moves.maxPerHour}${made === '' ? '' : ` (${made})`}; for a saving of ${moves.minSavingPercent} % or more, after ${moves.minRunSeconds} s in a place.`,
        ]
      : [`Policy ${policy} moves no replica for its price.`]),
  ];
}
