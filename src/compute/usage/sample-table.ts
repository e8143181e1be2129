import type { Labels } from './exposition.ts';
import { type GpuIdentity, gpuIdentity } from './gpu-identity.ts';
import type { GpuMetric, UtilisationMetric } from './gpu-metric.ts';
import type { GpuSample } from './gpu-sample.ts';
import { ReadingError } from './reading.ts';

/** Gathers the series of a GPU into one sample. */
export interface SampleTable {
  /** @throws ReadingError `TooLarge` when there are more GPUs than the table may have */
  add(metric: GpuMetric, labels: Labels, value: number): void;
  /** In the order in which the GPUs came first. */
  samples(): readonly GpuSample[];
}

interface Row {
  readonly identity: GpuIdentity;
  /** By the source of the metric. */
  readonly measured: Map<string, Mean>;
  xid: number | undefined;
}

interface Mean {
  readonly metric: UtilisationMetric;
  sum: number;
  count: number;
}

/** An empty table for at most so many samples. */
export function sampleTable(maxSamples: number): SampleTable {
  const rows = new Map<string, Row>();
  /** The physical GPUs that have MIG instances. */
  const divided = new Set<string>();

  function rowOf(identity: GpuIdentity): Row {
    const known = rows.get(identity.key);
    if (known !== undefined) {
      return known;
    }
    if (rows.size === maxSamples) {
      throw new ReadingError('TooLarge', `there are more than ${maxSamples} GPUs`);
    }
    const row: Row = { identity, measured: new Map(), xid: undefined };
    rows.set(identity.key, row);
    return row;
  }

  return {
    add(metric, labels, value) {
      const identity = gpuIdentity(labels);
      if (identity === undefined) {
        return;
      }
      const row = rowOf(identity);
      if (identity.gpu !== identity.device) {
        divided.add(deviceKey(identity));
      }
      if (metric.kind === 'xid') {
        row.xid = isXid(value) ? value : row.xid;
      } else {
        measure(row, metric, value);
      }
    },
    samples: () => [...rows.values()].map((row) => sampleOf(row, divided)),
  };
}

/** Several values of one metric (compute dies of a GPU, an exporter that was scraped by two) count as their mean. */
function measure({ identity, measured }: Row, metric: UtilisationMetric, value: number): void {
  // Also refuses NaN, and what drivers write for "not known": 2147483632, 4294967295, 9223372036854775794 and so on.
  if (!(value >= 0 && value <= metric.whole) || (identity.isPart && !metric.ofParts)) {
    return;
  }
  const mean = measured.get(metric.source) ?? { metric, sum: 0, count: 0 };
  mean.sum += value / metric.whole;
  mean.count++;
  measured.set(metric.source, mean);
}

function sampleOf({ identity, measured, xid }: Row, divided: ReadonlySet<string>): GpuSample {
  const { gpu, device, node, pod, model, migProfile } = identity;
  // What a whole GPU does is what its instances do: counted with them, it would count twice.
  const best = gpu === device && divided.has(deviceKey(identity)) ? undefined : preferred(measured.values());
  return {
    gpu,
    node,
    pod,
    utilisation: best === undefined ? undefined : Math.min(1, best.sum / best.count),
    source: best?.metric.source,
    model,
    migProfile,
    xid,
  };
}

function preferred(means: Iterable<Mean>): Mean | undefined {
  let best: Mean | undefined;
  for (const mean of means) {
    best = best === undefined || mean.metric.preference < best.metric.preference ? mean : best;
  }
  return best;
}

function deviceKey({ node, device }: GpuIdentity): string {
  return JSON.stringify([node, device]);
}

/** 0 means that there was none. The highest code known is below 200; the limit keeps "not known" values out. */
function isXid(value: number): boolean {
  return Number.isInteger(value) && value > 0 && value < 1000;
}
