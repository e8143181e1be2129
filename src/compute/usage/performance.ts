import { V100_HALF_TFLOPS } from '../gpu-model.ts';
import type { Holding } from './holding.ts';
import { type PodUtilisation, WHOLE, isCount } from './pod-utilisation.ts';

/** Dense half-precision arithmetic, in two currencies. */
export interface Performance {
  readonly petaflops: number;
  readonly v100Equivalents: number;
}

/** What runs on GPUs, and what is done with them. */
export interface PerformanceFigures {
  /** Of the GPUs that run a task. */
  readonly busy: Performance;
  /**
   * `busy` times utilisation, of the GPUs that were measured: less than the truth when some were not. Undefined when tasks run and
   * none of their GPUs was measured.
   */
  readonly delivered: Performance | undefined;
}

/**
 * Models that the catalogue does not know count 0.
 * @param holdings those that have ended do not count
 * @param utilisations by UID of the pod
 */
export function performanceFigures(
  holdings: Iterable<Holding>,
  utilisations: ReadonlyMap<string, PodUtilisation>,
): PerformanceFigures {
  let [units, measuredUnits, busy, delivered] = [0, 0, 0, 0];
  for (const holding of holdings) {
    if (holding.until !== undefined || !isCount(holding.units)) {
      continue;
    }
    const utilisation = utilisations.get(holding.uid);
    units += holding.units;
    measuredUnits += utilisation?.measured ?? 0;
    busy += holding.units * holding.v100Equivalents;
    delivered += ((utilisation?.busy ?? 0) / WHOLE) * holding.v100Equivalents;
  }
  return {
    busy: performanceOf(busy),
    delivered: units > 0 && measuredUnits === 0 ? undefined : performanceOf(delivered),
  };
}

/** 1 PFLOPS is 8 V100: 200 PFLOPS = 1600 V100. */
export function performanceOf(v100Equivalents: number): Performance {
  return { petaflops: (v100Equivalents * V100_HALF_TFLOPS) / 1000, v100Equivalents };
}
