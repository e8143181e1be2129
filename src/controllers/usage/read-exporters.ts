import { joinKey } from '../../api/kube-object.ts';
import { samplesOfText } from '../../compute/usage/dcgm-samples.ts';
import type { GpuSample } from '../../compute/usage/gpu-sample.ts';
import { defaultReadingLimits } from '../../compute/usage/reading.ts';
import { type SourceFailure, type UsageReading, failureOf } from './reading.ts';
import type { ExporterPod } from './exporter-pods.ts';

/** Reads the text of one exporter, within limits of its own. */
export type ReadExporter = (pod: ExporterPod) => Promise<string>;

/** How many are read at the same time: one text is 100 kB, and 4 MiB at most. */
const IN_FLIGHT = 8;

/** A text of a node: the limits of a whole cluster would let eight of them fill the memory. */
const textLimits = { ...defaultReadingLimits, maxLines: 100_000, maxSamples: 4096 };

/**
 * Asks every exporter once. One that fails, is slow or talks nonsense costs what it alone would have told.
 * @param signal no more are asked from its end on; those that were not count as failed
 */
export async function readExporters(
  pods: readonly ExporterPod[],
  read: ReadExporter,
  signal: AbortSignal,
): Promise<UsageReading> {
  const failures: SourceFailure[] = [];
  const samples: GpuSample[] = [];
  const waiting = pods.values();

  async function work(): Promise<void> {
    for (const pod of waiting) {
      const name = joinKey(pod);
      if (signal.aborted) {
        failures.push({ source: name, kind: 'Timeout', message: `${name} was not asked in time` });
        continue;
      }
      try {
        for (const sample of samplesOfText(await read(pod), textLimits)) {
          samples.push(sample);
        }
      } catch (error) {
        failures.push(failureOf(name, error));
      }
    }
  }

  await Promise.all(Array.from({ length: Math.min(IN_FLIGHT, pods.length) }, work));
  failures.sort((a, b) => (a.source < b.source ? -1 : 1));
  return { asked: pods.length, failures, samples };
}
