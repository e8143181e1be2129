import type { Reading } from '../runner/reading.ts';
import type { Measure, Scenario } from '../scenarios/scenario.ts';

/** How a figure stands: `context` has neither aim nor limit. */
export type Verdict = 'met' | 'aim missed' | 'limit missed' | 'not measured' | 'context';

/** One figure of a run, with what it ought to be. This is what the result files hold. */
export interface Figure extends Measure {
  readonly scenario: string;
  /** Null: not measured. */
  readonly value: number | null;
  readonly samples: readonly number[];
  readonly verdict: Verdict;
}

/** Holds what was measured against what was wanted. Every measure of the scenario gets a figure, in its order. */
export function figuresOf(scenario: Scenario, readings: readonly Reading[]): Figure[] {
  return scenario.measures.map((measure) => {
    const reading = readings.find(({ id }) => id === measure.id);
    const value = reading === undefined || Number.isNaN(reading.value) ? null : reading.value;
    return {
      scenario: scenario.name,
      ...measure,
      value,
      samples: reading?.samples ?? [],
      verdict: verdictOn(measure, value),
    };
  });
}

/** A limit weighs more than an aim; what sits exactly on either is met. */
export function verdictOn(measure: Measure, value: number | null): Verdict {
  const { aim, limit } = measure;
  if (aim === undefined && limit === undefined) {
    return 'context';
  }
  if (value === null) {
    return 'not measured';
  }
  if (limit !== undefined && isBeyond(measure, value, limit)) {
    return 'limit missed';
  }
  return aim !== undefined && isBeyond(measure, value, aim) ? 'aim missed' : 'met';
}

function isBeyond({ better }: Measure, value: number, bound: number): boolean {
  return better === 'lower' ? value > bound : value < bound;
}

/** What makes `--check` fail: limits missed, and figures with a limit that were not measured. */
export function failures(figures: readonly Figure[]): readonly Figure[] {
  return figures.filter(
    ({ verdict, limit }) => verdict === 'limit missed' || (verdict === 'not measured' && limit !== undefined),
  );
}
