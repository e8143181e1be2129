/**
 * Remembers how far a key had got from its slow start when a slice of its work was over and the rest was left for the next. To
 * feel one's way again after each slice would cost several round trips, on a busy server nearly as long as the slice itself.
 */
export interface Pace {
  /** How many calls may be begun before the first answer: 1, unless the key is in the middle of something that goes well. */
  firstBatch(key: string): number;
  /** A slice of the key's work is over. */
  ended(key: string, slice: EndedSlice): void;
  /** The key's object is gone. */
  forget(key: string): void;
}

/** What {@link Pace} wants to know of a slice. */
export interface EndedSlice {
  /** How many calls might have been in flight at its end. */
  readonly reached: number;
  /** What stopped it; undefined when everything succeeded. */
  readonly error: Error | undefined;
  /** Whether the rest of the work follows at once. */
  readonly more: boolean;
}

export function createPace(): Pace {
  const reachedByKey = new Map<string, number>();
  return {
    firstBatch: (key) => reachedByKey.get(key) ?? 1,
    ended(key, { reached, error, more }) {
      if (more && error === undefined) {
        reachedByKey.set(key, reached);
      } else {
        reachedByKey.delete(key);
      }
    },
    forget: (key) => void reachedByKey.delete(key),
  };
}
