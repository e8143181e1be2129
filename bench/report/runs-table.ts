import type { Figure } from '../checker/check.ts';
import { formatValue } from './format.ts';
import type { BenchResult } from './result.ts';

/**
 * The figures with an aim or a limit, and how fast the machine was, in each run: a column for each, in their order. What a run has
 * not measured stays empty. Pure.
 */
export function runsTable(runs: readonly BenchResult[]): string {
  const newest = runs.at(-1);
  const rows = (newest?.figures ?? []).filter(
    (figure) => isYardstick(figure) || figure.verdict !== 'context',
  );
  return [
    `| scenario | figure | ${runs.map(({ date, headframe }) => `${date.slice(0, 10)}, ${headframe.commit.slice(0, 7)}`).join(' | ')} |`,
    `| --- | --- |${' --- |'.repeat(runs.length)}`,
    ...rows.map(
      (row) => `| ${row.scenario} | ${row.title} | ${runs.map((run) => cell(run, row)).join(' | ')} |`,
    ),
  ].join('\n');
}

/** Bare POSTs: no part of Headframe is in them. */
function isYardstick({ scenario, id }: Figure): boolean {
  return scenario === 'burst' && id === 'rawRate';
}

function cell(run: BenchResult, { scenario, id }: Figure): string {
  const figure = run.figures.find((other) => other.scenario === scenario && other.id === id);
  return figure === undefined ? '' : formatValue(figure.value, figure.unit);
}
