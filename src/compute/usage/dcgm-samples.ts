import { seriesOf } from './exposition.ts';
import { gpuMetric } from './gpu-metric.ts';
import type { GpuSample } from './gpu-sample.ts';
import { type ReadingLimits, defaultReadingLimits } from './reading.ts';
import { sampleTable } from './sample-table.ts';

/**
 * What an exporter's text says of each GPU: NVIDIA's dcgm-exporter from version 1, or AMD's device-metrics-exporter. A text
 * without a metric that counts gives no samples, which is no error: an exporter may have no GPUs.
 * @throws ReadingError `Malformed` or `TooLarge`
 */
export function samplesOfText(
  text: string,
  limits: ReadingLimits = defaultReadingLimits,
): readonly GpuSample[] {
  const table = sampleTable(limits.maxSamples);
  for (const { name, labels, value } of seriesOf(text, isGpuMetric, limits)) {
    const metric = gpuMetric(name);
    if (metric !== undefined) {
      table.add(metric, labels, value);
    }
  }
  return table.samples();
}

function isGpuMetric(name: string): boolean {
  return gpuMetric(name) !== undefined;
}
