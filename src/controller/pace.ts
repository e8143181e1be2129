/**
 * Remembers how far work had got from its slow start when a slice of it was over and the rest was left for the next. To feel one's way
 * again after each slice would cost several round trips, on a busy server nearly as long as the slice itself.
 */
export interface Pace {
  /** How many calls may be begun before the first answer: 1, unless this very work of the owner's is in the middle and goes well. */
  firstBatch(ownerUid: string, work: string): number;
  /** A slice is over, without an error, and the rest follows at once: so many calls might have been in flight. */
  goesOn(ownerUid: string, work: string, reached: number): void;
  /** The work is done, has failed or is given up, or the owner is gone. */
  forget(ownerUid: string): void;
}

export function createPace(): Pace {
  const slices = new Map<string, { readonly work: string; readonly reached: number }>();
  return {
    firstBatch(ownerUid, work) {
      const last = slices.get(ownerUid);
      return last?.work === work ? last.reached : 1;
    },
    goesOn: (ownerUid, work, reached) => void slices.set(ownerUid, { work, reached }),
    forget: (ownerUid) => void slices.delete(ownerUid),
  };
}
