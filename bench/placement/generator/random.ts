import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Chance that can be run again: the same seed gives the same numbers in the same order. */
export interface Chance {
  /** In [0, 1). */
  share(): number;
  /** A whole number in [0, end). */
  below(end: number): number;
  /** From the normal distribution with mean 0 and standard deviation 1. */
  normal(): number;
  pick<T>(items: readonly T[]): T;
  /** All of them, in any order. */
  shuffled<T>(items: readonly T[]): readonly T[];
}

export function chance(seed: number): Chance {
  const generator = xoroshiro128plus(seed);
  const share = (): number => uniformFloat64(generator);
  const below = (end: number): number => uniformInt(generator, 0, end - 1);
  return {
    share,
    below,
    // Box and Muller, 1958; 1 - share is never 0.
    normal: () => Math.sqrt(-2 * Math.log(1 - share())) * Math.cos(2 * Math.PI * share()),
    pick(items) {
      const item = items[below(items.length)];
      if (item === undefined) {
        throw new Error('there is nothing to pick from');
      }
      return item;
    },
    // Fisher and Yates.
    shuffled(items) {
      const left = [...items];
      return items.flatMap(() => left.splice(below(left.length), 1));
    },
  };
}
