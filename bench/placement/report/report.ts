import { columns } from '../../../src/commands/columns.ts';
import { percentile } from '../../statistics.ts';
import { type Contest, usdPerV100eHour } from '../runner/contest.ts';
import type { Gap } from '../runner/gap.ts';
import { type Growth, N_LOG_N } from '../runner/growth.ts';
import { withoutHysteresis } from '../strategies/headframe.ts';

/** What the simulation aims at: within 2 % of the optimum. */
const GAP_AIM = 1.02;

/** What a V100e-hour costs where Headframe places, over what it costs elsewhere. */
export function contestTable(contests: readonly Contest[]): string {
  const [first] = contests;
  const head = ['replicas', 'load', ...(first?.others ?? []).map(({ strategy }) => `/ ${strategy}`)];
  const rows = contests.map(({ replicas, load, headframe, others }) => [
    String(replicas),
    percent(load),
    ...others.map((other) => (usdPerV100eHour(headframe) / usdPerV100eHour(other)).toFixed(3)),
  ]);
  return columns(head, rows);
}

/** What Headframe's placement kept to, and what it did for its prices. */
export function conductTable(contests: readonly Contest[]): string {
  const head = [
    'replicas',
    'placed',
    'moves',
    'busiest hour of budget',
    'moves without hysteresis',
    'above cap',
  ];
  const rows = contests.map(({ replicas, headframe, others }) => [
    String(replicas),
    percent(headframe.placedHours / headframe.wantedHours),
    String(headframe.moves),
    percent(headframe.busiestHour),
    String(others.find(({ strategy }) => strategy === withoutHysteresis.name)?.moves ?? 0),
    `${headframe.overCapHours} replica-hours`,
  ]);
  return columns(head, rows);
}

/** @param sets the gaps of each set of instances, under what the set is about */
export function gapTable(sets: readonly (readonly [about: string, gaps: readonly Gap[]])[]): string {
  const head = ['instances', 'of', 'compared with', 'mean', 'median', 'p90', 'worst', 'within 2 %'];
  const row = (about: string, against: string, ratios: readonly number[]): string[] => [
    String(ratios.length),
    about,
    against,
    (ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length).toFixed(4),
    ...[0.5, 0.9, 1].map((share) => percentile(ratios, share).toFixed(4)),
    percent(ratios.filter((ratio) => ratio <= GAP_AIM).length / ratios.length),
  ];
  return columns(
    head,
    sets.flatMap(([about, gaps]) => [
      row(
        about,
        'least cost, no fewer V100e-hours',
        gaps.map(({ cost }) => cost),
      ),
      row(
        about,
        'least price, however few V100e-hours',
        gaps.map(({ price }) => price),
      ),
    ]),
  );
}

/** How the time grows, as a ratio: absolute times are those of a machine. */
export function growthTable(growths: readonly Growth[]): string {
  return columns(
    ['placement', 'time for 10 000 / 1000 replicas', 'n log n would be', '10 000 in less than 1 s'],
    growths.map(({ what, factor, manyMs }) => [
      what,
      factor.toFixed(1),
      N_LOG_N.toFixed(1),
      manyMs < 1000 ? 'yes' : 'no',
    ]),
  );
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
