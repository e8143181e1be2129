import { median } from '../statistics.ts';

/** What one measure of a scenario came to. */
export interface Reading {
  /** {@link Measure.id} */
  readonly id: string;
  readonly value: number;
  /** What {@link value} was made from, in the order in which it was measured. */
  readonly samples: readonly number[];
}

/** The median of samples of equal standing: rounds, mostly. */
export function medianOf(id: string, samples: readonly number[]): Reading {
  return { id, value: median(samples), samples };
}

/** A figure that was measured once, or worked out. */
export function single(id: string, value: number): Reading {
  return { id, value, samples: [value] };
}
