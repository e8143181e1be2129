import { V100_HALF_TFLOPS } from '../gpu-model.ts';
import type { Holding } from './holding.ts';
import { type PodUtilisation, WHOLE, isCount } from './pod-utilisation.ts';

/** Dense half-precision arithmetic, in two currencies. */
export interface Performance {
  readonly petaflops: number;
  readonly v100Equivalents: number;
}

/** From what there is to what is done with it. Pools may want more than there is. */
export interface PerformanceFigures {
  /** Of all allocatable GPUs. */
  readonly peak: Performance;
  /** Of the GPUs that pools want. */
  readonly pledged: Performance;
  /** Of the GPUs that run a task. */
  readonly busy: Performance;
  /**
   * `busy` times utilisation, of the GPUs that were measured: less than the truth when some were not. Undefined when tasks run and
   * none of their GPUs was measured.
   */
  readonly delivered: Performance | undefined;
  /** The part of `busy` whose utilisation was measured. */
  readonly measured: Performance;
}

/** What the figures are made from. Models that the catalogue does not know count 0. */
export interface PerformanceFacts {
  /** Such as the lines of an inventory: the V100 equivalents of each line's allocatable units together. */
  readonly allocatable: Iterable<{ readonly v100Equivalents: number }>;
  /** V100 equivalents of the units that each pool wants together. */
  readonly pledged: Iterable<{ readonly v100Equivalents: number }>;
  readonly holdings: Iterable<Holding>;
  /** By UID of the pod. */
  readonly utilisations: ReadonlyMap<string, PodUtilisation>;
}

export function performanceFigures(facts: PerformanceFacts): PerformanceFigures {
  let [units, measuredUnits, busy, measured, delivered] = [0, 0, 0, 0, 0];
  for (const holding of facts.holdings) {
    if (holding.until !== undefined || !isCount(holding.units)) {
      continue;
    }
    const utilisation = facts.utilisations.get(holding.uid);
    units += holding.units;
    measuredUnits += utilisation?.measured ?? 0;
    busy += holding.units * holding.v100Equivalents;
    measured += (utilisation?.measured ?? 0) * holding.v100Equivalents;
    delivered += ((utilisation?.busy ?? 0) / WHOLE) * holding.v100Equivalents;
  }
  return {
    peak: performanceOf(sum(facts.allocatable)),
    pledged: performanceOf(sum(facts.pledged)),
    busy: performanceOf(busy),
    delivered: units > 0 && measuredUnits === 0 ? undefined : performanceOf(delivered),
    measured: performanceOf(measured),
  };
}

/** 1 PFLOPS is 8 V100: 200 PFLOPS = 1600 V100. */
export function performanceOf(v100Equivalents: number): Performance {
  return { petaflops: (v100Equivalents * V100_HALF_TFLOPS) / 1000, v100Equivalents };
}

function sum(parts: Iterable<{ readonly v100Equivalents: number }>): number {
  let total = 0;
  for (const { v100Equivalents } of parts) {
    total += v100Equivalents;
  }
  return total;
}
