import { place } from '../../../src/compute/placement/place.ts';
import type { Strategy } from './strategy.ts';

/** What the product does. */
export const headframe: Strategy = { name: 'Headframe', place };

/** The same without moves: what is dear by now stays. */
export const withoutMoves: Strategy = {
  name: 'Headframe, nothing moves',
  place: (request, offers, standings, now) =>
    place({ ...request, hysteresis: { ...request.hysteresis, maxMovesPerHour: 0 } }, offers, standings, now),
};

/** The same without hysteresis: everything moves at once for any saving, however small. */
export const withoutHysteresis: Strategy = {
  name: 'Headframe, all moves',
  place: (request, offers, standings, now) =>
    place(
      {
        ...request,
        hysteresis: { minSavingPercent: 0, minRunSeconds: 0, maxMovesPerHour: Infinity, recentMoves: [] },
      },
      offers,
      standings,
      now,
    ),
};
