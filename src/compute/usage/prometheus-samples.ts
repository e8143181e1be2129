import type { Labels } from './exposition.ts';
import { type GpuMetric, gpuMetric } from './gpu-metric.ts';
import type { GpuSample } from './gpu-sample.ts';
import { ReadingError, type ReadingLimits, checkLength, defaultReadingLimits } from './reading.ts';
import { sampleTable } from './sample-table.ts';

/** How to understand the answer to a query. */
export interface QueryReading {
  /** The metric of series that the query has left without a name, as an aggregation does: `DCGM_FI_PROF_GR_ENGINE_ACTIVE`. */
  readonly metric?: string | undefined;
  readonly limits?: ReadingLimits;
}

/**
 * The query for everything that samples are made from. A plain selector would give values of up to five minutes ago for an
 * exporter that is gone; `last_over_time` sets that limit itself and, of the functions over time, keeps the metric's name.
 * @param seconds two or three times the scrape interval
 */
export function gpuQuery(seconds: number): string {
  const names = [
    'DCGM_FI_PROF_GR_ENGINE_ACTIVE',
    'DCGM_FI_DEV_GPU_UTIL',
    'DCGM_FI_DEV_XID_ERRORS',
    '(.+_)?gpu_gfx_(activity|busy_instantaneous)',
  ];
  return `last_over_time({__name__=~"${names.join('|')}"}[${seconds}s])`;
}

/**
 * The samples in an answer of Prometheus to an instant query (`/api/v1/query`, result type `vector`), as JSON text. Series of
 * other metrics are passed over.
 * @throws ReadingError `QueryFailed` when Prometheus says so, `Malformed` or `TooLarge`
 */
export function samplesOfQuery(text: string, reading: QueryReading = {}): readonly GpuSample[] {
  const limits = reading.limits ?? defaultReadingLimits;
  checkLength(text, limits);
  const table = sampleTable(limits.maxSamples);
  for (const element of vectorOf(parse(text))) {
    const { labels, value } = readElement(element);
    const metric = metricOf(labels['__name__'] ?? reading.metric);
    if (metric !== undefined) {
      table.add(metric, labels, value);
    }
  }
  return table.samples();
}

function metricOf(name: string | undefined): GpuMetric | undefined {
  return name === undefined ? undefined : gpuMetric(name);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed('it is not JSON');
  }
}

function vectorOf(answer: unknown): readonly unknown[] {
  if (!isRecord(answer)) {
    throw malformed('it is no object');
  }
  if (answer['status'] === 'error') {
    throw new ReadingError('QueryFailed', `Prometheus refused the query: ${words(answer['error'])}`);
  }
  const data = answer['data'];
  if (!isRecord(data) || data['resultType'] !== 'vector' || !Array.isArray(data['result'])) {
    throw malformed("its data are no result of type 'vector'");
  }
  return data['result'];
}

function readElement(element: unknown): { labels: Labels; value: number } {
  if (!isRecord(element) || !isLabels(element['metric'])) {
    throw malformed('a series has no labels');
  }
  const pair = element['value'];
  // A native histogram has no value; none of our metrics is one.
  const value: unknown = Array.isArray(pair) ? pair[1] : undefined;
  return {
    labels: element['metric'],
    value: typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isLabels(value: unknown): value is Labels {
  return isRecord(value) && Object.values(value).every((label) => typeof label === 'string');
}

function words(error: unknown): string {
  return typeof error === 'string' ? error.slice(0, 200) : 'without saying why';
}

function malformed(what: string): ReadingError {
  return new ReadingError('Malformed', `this is no answer of Prometheus to an instant query: ${what}`);
}
