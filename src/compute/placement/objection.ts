/** What a filter has against a place. */
export interface Objection {
  /** Words that follow a count, as in `2 unreachable`. */
  readonly reason: string;
  /** Which filter objected, in their order. */
  readonly filter: number;
}

/** Asks one filter after the other; the first that objects decides. */
export function firstObjection<Filter>(
  filters: readonly Filter[],
  ask: (filter: Filter) => string | undefined,
): Objection | undefined {
  for (const [index, filter] of filters.entries()) {
    const reason = ask(filter);
    if (reason !== undefined) {
      return { reason, filter: index };
    }
  }
  return undefined;
}
