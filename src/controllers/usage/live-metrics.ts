import { Counter, Gauge, type Registry } from 'prom-client';
import { type UsageTotal, gpuSeconds, totalOf } from '../../compute/usage/ledger-totals.ts';

/** One series: its labels and its value. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric whose series are made anew at each scrape: those of an object that is gone go with it. */
export interface LiveMetric {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  /** `counter`: the values never go down, not by a restart either. */
  readonly kind: 'gauge' | 'counter';
  readonly series: () => Iterable<Series>;
}

/** Registers the metrics. They have no series while `isShown` says no. */
export function registerLive(
  registry: Registry,
  metrics: readonly LiveMetric[],
  isShown: () => boolean,
): void {
  for (const { name, help, labelNames, kind, series } of metrics) {
    const options = { name, help, labelNames: [...labelNames], registers: [registry] };
    const shown = (): Iterable<Series> => (isShown() ? series() : []);
    if (kind === 'counter') {
      new Counter({
        ...options,
        collect() {
          this.reset();
          for (const { labels, value } of shown()) {
            this.inc(labels, value);
          }
        },
      });
    } else {
      new Gauge({
        ...options,
        collect() {
          this.reset();
          for (const { labels, value } of shown()) {
            this.set(labels, value);
          }
        },
      });
    }
  }
}

/** States of GPU time, in the ledger and in metrics. */
const timeStates = ['busy', 'idle', 'unmeasured'] as const;

/** A series for each state of GPU time, in seconds. */
export function timeSeries(rows: Iterable<UsageTotal>): readonly Series[] {
  const total = totalOf(rows);
  return timeStates.map((state) => ({ labels: { state }, value: gpuSeconds(total[state]) }));
}

/** A series for each state that is known. */
export function states(values: Readonly<Record<string, number | undefined>>): readonly Series[] {
  return Object.entries(values).flatMap(([state, value]) =>
    value === undefined ? [] : [{ labels: { state }, value }],
  );
}

/** One series without labels of its own, or none. */
export function single(value: number | undefined): readonly Series[] {
  return value === undefined ? [] : [{ labels: {}, value }];
}
