import type { Difference } from './compare.ts';

/** A difference that is accepted, with the reason. It must occur: one that has gone is to be removed here. */
export interface KnownDifference {
  readonly reason: string;
  /** The cases that it is limited to. */
  readonly case?: RegExp;
  readonly path?: RegExp;
  /** What the real server answers, as JSON. */
  readonly real?: RegExp;
  /** What the embedded server answers, as JSON. */
  readonly embedded?: RegExp;
}

export const knownDifferences: readonly KnownDifference[] = [];

/** The first that explains the difference. */
export function explanation(
  difference: Difference,
  known: readonly KnownDifference[] = knownDifferences,
): KnownDifference | undefined {
  return known.find(
    (rule) =>
      matches(rule.case, difference.case) &&
      matches(rule.path, difference.path) &&
      matches(rule.real, asText(difference.real)) &&
      matches(rule.embedded, asText(difference.embedded)),
  );
}

function asText(value: Difference['real']): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function matches(wanted: RegExp | undefined, text: string): boolean {
  return wanted?.test(text) ?? true;
}
