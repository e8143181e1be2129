import { type Contest, usdPerV100eHour } from '../runner/contest.ts';
import { nLogN } from '../runner/growth.ts';
import { withoutHysteresis } from '../strategies/headframe.ts';
import type { PlacementResult } from './result.ts';

/** A table for a terminal or a page. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** All that a run has to say, in the order in which it is read. */
export function tablesOf(result: PlacementResult): readonly Table[] {
  return [contestTable(result), conductTable(result), gapTable(result), growthTable(result)];
}

/** What a V100e-hour costs where Headframe places, over what it costs elsewhere. */
function contestTable({ contests, fleet }: PlacementResult): Table {
  const { nodes, clusters, pools, hours, seed } = fleet;
  return {
    title: `Cost per V100e-hour where Headframe places, over that of others: ${nodes} nodes, ${clusters} clusters, ${pools} pools, prices of ${hours} hours from seed ${seed}`,
    head: ['replicas', 'load', ...(contests[0]?.others ?? []).map(({ strategy }) => `/ ${strategy}`)],
    rows: contests.map(({ replicas, load, headframe, others }) => [
      String(replicas),
      percent(load),
      ...others.map((other) => (usdPerV100eHour(headframe) / usdPerV100eHour(other)).toFixed(3)),
    ]),
  };
}

/** What Headframe's placement kept to, and what it did for its prices. */
function conductTable({ contests }: PlacementResult): Table {
  return {
    title: 'What it kept to',
    head: ['replicas', 'placed', 'moves', 'busiest hour of budget', 'moves without hysteresis', 'above cap'],
    rows: contests.map(conductRow),
  };
}

function conductRow({ replicas, headframe, others }: Contest): readonly string[] {
  return [
    String(replicas),
    percent(headframe.placedHours / headframe.wantedHours),
    String(headframe.moves),
    percent(headframe.busiestHour),
    String(others.find(({ strategy }) => strategy === withoutHysteresis.name)?.moves ?? 0),
    `${headframe.overCapHours} replica-hours`,
  ];
}

function gapTable({ gaps }: PlacementResult): Table {
  return {
    title: 'Distance to the optimum that a linear program finds: 24 nodes, 4 clusters',
    head: ['instances', 'of', 'compared with', 'mean', 'median', 'p90', 'worst', 'within 2 %'],
    rows: gaps.map(({ instances, of, against, mean, median, p90, worst, withinAim }) => [
      String(instances),
      of,
      against,
      ...[mean, median, p90, worst].map((ratio) => ratio.toFixed(4)),
      percent(withinAim),
    ]),
  };
}

/** How the time grows, as a ratio: absolute times are those of a machine. */
function growthTable({ growth, fleet }: PlacementResult): Table {
  const few = growth[0]?.few ?? 0;
  const many = growth[0]?.many ?? 0;
  return {
    title: `How the time grows: one pool, ${fleet.nodes} nodes`,
    head: ['placement', `time for ${many} / ${few} replicas`, 'n log n would be', `${many} in less than 1 s`],
    rows: growth.map((each) => [
      each.what,
      each.factor.toFixed(1),
      nLogN(each).toFixed(1),
      each.manyMs < 1000 ? 'yes' : 'no',
    ]),
  };
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
