import type { Figure } from '../checker/check.ts';
import { formatBound, formatSpread, formatValue } from './format.ts';

/** The figures as columns for a terminal. */
export function terminalTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.scenario,
    figure.title,
    formatValue(figure.value, figure.unit),
    formatSpread(figure),
    formatBound(figure, figure.aim),
    formatBound(figure, figure.limit),
    figure.verdict === 'context' ? '' : figure.verdict,
  ]);
  return columns([['scenario', 'figure', 'value', 'from..to (n)', 'aim', 'limit', 'verdict'], ...rows]);
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
