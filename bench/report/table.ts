import { columns } from '../../src/commands/columns.ts';
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
  return columns(['scenario', 'figure', 'value', 'from..to (n)', 'aim', 'limit', 'verdict'], rows);
}
