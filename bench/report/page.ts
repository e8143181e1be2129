import type { Figure } from '../checker/check.ts';
import { formatBound, formatSpread, formatValue } from './format.ts';
import type { BenchResult } from './result.ts';
import type { KeptResult } from './results.ts';
import { runsTable } from './runs-table.ts';

/**
 * The text of docs/performance.md: the last of the runs, and a table of all. Every figure in it is one of theirs. Pure.
 * @throws Error when there is none
 */
export function performancePage(runs: readonly KeptResult[]): string {
  const newest = runs.at(-1);
  if (newest === undefined) {
    throw new Error('there is no result: npm run bench -- --json bench/results/<date>.json');
  }
  const { file, result } = newest;
  const { scenarios, figures } = result;
  return [
    '# Performance',
    '',
    `<!-- Written by npm run bench:page from bench/results/${file}. Do not edit. -->`,
    '',
    introduction(result),
    '',
    '## What is missed',
    '',
    missed(figures),
    '',
    ...scenarios.flatMap(({ name, about, seconds }) => [
      `## ${name}`,
      '',
      `${about} The scenario took ${seconds} s.`,
      '',
      table(figures.filter(({ scenario }) => scenario === name)),
      '',
    ]),
    '## All runs that are kept',
    '',
    'Machines differ, and so does one machine from day to day, where others share its processors: bare POSTs say how fast it was. What is in seconds, milliseconds or pods per second follows them, ratios much less.',
    '',
    runsTable(runs.map((run) => run.result)),
    '',
    '## How it is measured',
    '',
    METHOD,
    '',
  ].join('\n');
}

function introduction(result: BenchResult): string {
  const { date, headframe, versions, hardware, scale, seconds } = result;
  const scaleNote =
    scale === 1 ? '' : ` Every count is multiplied by ${scale}: these are not the figures to quote.`;
  const busy =
    hardware.loadBefore > BUSY_LOAD_PER_CORE * hardware.cores
      ? ` The load average before the run was ${hardware.loadBefore}: other programs were running, which shows in absolute times above all.`
      : '';
  return [
    `Measured by \`npm run bench\` on ${date.slice(0, 10)} in ${Math.round(seconds / 60)} minutes: Headframe ${headframe.version} (commit \`${headframe.commit}\`${headframe.modified ? ' with changes' : ''}),`,
    `Kubernetes ${versions.kubernetes}, KWOK ${versions.kwok}, Node.js ${versions.node}, on ${hardware.cores} cores of ${hardware.cpu} with ${hardware.memoryGiB} GiB.`,
    `etcd, API server, scheduler, controller manager, KWOK, operator and the measuring process share them.${scaleNote}${busy}`,
    '',
    'How many transactions accounts send, and what each costs, is [a page of its own](transaction-performance.md), and so is [what placement saves](placement-performance.md).',
    '',
    'Compare ratios, which come from one run on one machine. Absolute times say something about this machine first.',
  ].join('\n');
}

/** Above it a machine counts as busy. */
const BUSY_LOAD_PER_CORE = 0.75;

function missed(figures: readonly Figure[]): string {
  const lines = figures
    .filter(({ verdict }) => verdict !== 'met' && verdict !== 'context')
    .map((figure) => {
      const { scenario, title, value, unit, verdict, limit, aim } = figure;
      const bound = verdict === 'limit missed' ? limit : (aim ?? limit);
      return `- ${scenario}: ${title}: **${formatValue(value, unit)}**, ${verdict === 'not measured' ? 'not measured' : `wanted ${formatBound(figure, bound)} (${verdict})`}`;
    });
  return lines.length === 0 ? 'Nothing: every aim and every limit below is met.' : lines.join('\n');
}

function table(figures: readonly Figure[]): string {
  return [
    '| figure | value | from … to (samples) | aim | limit | |',
    '| --- | --- | --- | --- | --- | --- |',
    ...figures.map((figure) => `| ${row(figure).join(' | ')} |`),
  ].join('\n');
}

function row(figure: Figure): string[] {
  return [
    figure.title,
    `**${formatValue(figure.value, figure.unit)}**`,
    formatSpread(figure),
    formatBound(figure, figure.aim),
    formatBound(figure, figure.limit),
    figure.verdict === 'context' ? '' : figure.verdict,
  ];
}

const METHOD = `- **The world** is a real control plane (\`src/devcluster/control-plane\`), with the controller manager and the scheduler at 1000 requests a second and bursts of 2000 instead of their default 20, which would make them look eight times slower; 400 nodes of eight GPUs that KWOK plays (more for the fleet of 10 000 pods); the operator as a process of its own from \`dist/headframe.mjs\` with its default settings, the image’s \`NODE_OPTIONS\` and a service account. The servers run at low priority (\`nice 19\`), the contenders (operator and controller manager) and the measuring process at the usual one: in a cluster they have machines of their own, here one that has little to do would wait for tens of milliseconds to do it.
- **Races** run the contenders in turn in namespaces of their own, in another order each round, after one uncounted run of each, and clear up in between. Times begin with the first write and end when a watch of the measuring process has seen the last pod: the server's creation times are whole seconds. The value is the median of the rounds; a ratio is taken within each round.
- **Bare POSTs** send the very pods that the operator makes, over as many keep-alive connections as the operator uses, and do nothing else.
- **CPU, memory and event loop** are the operator's own metrics. The event-loop delay is that of \`nodejs_eventloop_lag_p99_seconds\`, which begins anew with each scrape; it is sampled by a timer of 10 ms, and that interval is in it.
- **Requests in steady state, reaction times and the waits of small pools** are read from the API server's audit log.
- Run it yourself: \`npm run bench\`, \`npm run bench -- burst --scale 0.1\` for a quick look, \`--json FILE\` to keep the result, \`--check\` to fail when a limit is missed. \`HEADFRAME_BENCH_NODE_FLAGS="--cpu-prof --cpu-prof-dir=/tmp/profiles"\` profiles the operator meanwhile.`;
