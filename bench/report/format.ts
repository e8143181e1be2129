import type { Figure } from '../checker/check.ts';
import type { Unit } from '../scenarios/scenario.ts';

/** A value with its unit, in as many digits as mean something: `0.78`, `71 %`, `3.21 s`. */
export function formatValue(value: number | null, unit: Unit): string {
  if (value === null) {
    return '–';
  }
  switch (unit) {
    case 'ratio':
      return value.toFixed(2);
    case 'share':
      return `${Math.round(value * 100)} %`;
    case 's':
      return `${value.toFixed(2)} s`;
    case 'ms':
      return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ms`;
    case 'pods/s':
      return `${Math.round(value)} pods/s`;
    case 'MiB':
      return `${Math.round(value)} MiB`;
    case 'per minute':
      return `${Number(value.toFixed(1))} per minute`;
  }
}

/** `at most 0.80`, `at least 70 %`; empty when there is no such bound. */
export function formatBound(figure: Figure, bound: number | undefined): string {
  if (bound === undefined) {
    return '';
  }
  return `${figure.better === 'lower' ? 'at most' : 'at least'} ${formatValue(bound, figure.unit)}`;
}

/** The smallest and the largest sample, when there were several. */
export function formatSpread({ samples, unit }: Figure): string {
  if (samples.length < 2) {
    return '';
  }
  return `${formatValue(Math.min(...samples), unit)} to ${formatValue(Math.max(...samples), unit)} (${samples.length})`;
}
