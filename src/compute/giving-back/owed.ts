import { type Guest, byValue } from './guest.ts';

/** What a reserve calls back. */
export interface OwedGrounds {
  /** Those that may be told to leave. */
  readonly guests: readonly Guest[];
  /** GPUs that guests have to give back in all. */
  readonly owed: number;
  /** Guests that have been told already: they go before any other, so that nobody is told in vain. */
  readonly isTold: (guest: Guest) => boolean;
}

/**
 * Those who leave anyway, and the least valuable guests besides, of whatever node, until as many GPUs are given back as are owed. None
 * leaves besides without whom it would do. Pure.
 */
export function withThoseWhoOwe(
  leaving: ReadonlySet<Guest>,
  { guests, owed, isTold }: OwedGrounds,
): ReadonlySet<Guest> {
  let missing = owed - gpusOf(leaving);
  if (missing <= 0) {
    return leaving;
  }
  const besides: Guest[] = [];
  const holding = guests.filter((guest) => guest.pod.spec.nodeName !== undefined && !leaving.has(guest));
  for (const guest of holding.toSorted((a, b) => Number(isTold(b)) - Number(isTold(a)) || byValue(a, b))) {
    if (missing <= 0) {
      break;
    }
    besides.push(guest);
    missing -= guest.gpus;
  }
  const needed = besides.toReversed().filter((guest) => {
    const isSpared = guest.gpus <= -missing;
    missing += isSpared ? guest.gpus : 0;
    return !isSpared;
  });
  return new Set([...leaving, ...needed]);
}

function gpusOf(guests: ReadonlySet<Guest>): number {
  return [...guests].reduce((sum, { gpus }) => sum + gpus, 0);
}
