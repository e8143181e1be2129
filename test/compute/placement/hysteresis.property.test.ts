import assert from 'node:assert/strict';
import fc from 'fast-check';
import { occupied } from '../../../src/compute/placement/occupy.ts';
import type { ClusterOffer } from '../../../src/compute/placement/offer.ts';
import { place } from '../../../src/compute/placement/place.ts';
import type { Move } from '../../../src/compute/placement/plan.ts';
import type { Hysteresis, PlacementRequest, Standing } from '../../../src/compute/placement/request.ts';
import { anyPrice } from '../../support/any-placement.ts';
import { NOW, clusterOffer, placementRequest, v100Line } from '../../support/placement-offers.ts';

const HOUR_MS = 3_600_000;
const NODES = [2, 2, 2, 2];

/** Seconds since the last look, and the prices in micro-USD that are found then. */
interface Look {
  readonly seconds: number;
  readonly prices: readonly number[];
}

const anySeries: fc.Arbitrary<readonly Look[]> = fc.array(
  fc.record({
    seconds: fc.constantFrom(0, 1, 60, 599, 600, 1800, 3599, 3600),
    prices: fc.array(anyPrice, { minLength: 3, maxLength: 3 }),
  }),
  { minLength: 2, maxLength: 40 },
);

const anyHysteresis = fc.record({
  minSavingPercent: fc.constantFrom(0, 10, 60),
  minRunSeconds: fc.constantFrom(0, 60, 600, 7200),
  maxMovesPerHour: fc.nat(6),
});

interface MoveMade extends Move {
  readonly at: number;
  readonly ranMs: number;
}

/** Three clusters with eight GPUs each, of which the standing replicas hold theirs. */
function offersAt(prices: readonly number[], standings: readonly Standing[]): readonly ClusterOffer[] {
  const offers = ['a', 'b', 'c'].map((name, index) =>
    clusterOffer(name, [v100Line({ free: NODES, microUsdPerGpuHour: prices[index] ?? 0 })]),
  );
  return occupied(offers, standings, 1);
}

/** Lives through the series as a caller does: carries out every move, and passes the times of past moves on. */
function movesThrough(
  series: readonly Look[],
  options: Pick<PlacementRequest, 'replicas' | 'gang'> & Omit<Hysteresis, 'recentMoves'>,
): readonly MoveMade[] {
  const { replicas, gang, ...limits } = options;
  const made: MoveMade[] = [];
  let standings: readonly Standing[] = [];
  let now = NOW;
  for (const { seconds, prices } of series) {
    now += seconds * 1000;
    const request = placementRequest({
      replicas,
      gang,
      hysteresis: { ...limits, recentMoves: made.map(({ at }) => at) },
    });
    const { assignments, moves } = place(request, offersAt(prices, standings), standings, now);
    const since = new Map(standings.map((standing) => [standing.ordinal, standing.since]));
    made.push(...moves.map((move) => ({ ...move, at: now, ranMs: now - (since.get(move.ordinal) ?? NaN) })));
    const targets = new Map(moves.map(({ ordinal, to }) => [ordinal, to]));
    standings = assignments.map((assignment) => ({
      ...assignment,
      ...targets.get(assignment.ordinal),
      since: targets.has(assignment.ordinal) ? now : (since.get(assignment.ordinal) ?? now),
    }));
  }
  return made;
}

describe('compute/placement moves, for any series of prices', () => {
  const anyLife = fc.tuple(anySeries, anyHysteresis, fc.nat(8), fc.boolean());

  it('never makes more moves within any hour than the budget', () => {
    fc.assert(
      fc.property(anyLife, ([series, limits, replicas, gang]) => {
        const made = movesThrough(series, { ...limits, replicas, gang });
        for (const { at: end } of made) {
          const within = made.filter(({ at }) => at > end - HOUR_MS && at <= end).length;
          assert.ok(within <= limits.maxMovesPerHour);
        }
      }),
    );
  });

  it('never moves a replica before its least time, nor for less than the least saving', () => {
    fc.assert(
      fc.property(anyLife, ([series, limits, replicas, gang]) => {
        for (const { ranMs, savingPercent } of movesThrough(series, { ...limits, replicas, gang })) {
          assert.ok(ranMs >= limits.minRunSeconds * 1000);
          assert.ok(savingPercent > 0 && savingPercent >= limits.minSavingPercent);
        }
      }),
    );
  });

  it('stands still while prices do', () => {
    fc.assert(
      fc.property(anyLife, ([[first], limits, replicas, gang]) => {
        const still = Array.from({ length: 10 }, () => ({ ...first!, seconds: 3600 }));

        assert.deepEqual(movesThrough(still, { ...limits, replicas, gang }), []);
      }),
    );
  });

  it('does move when it pays, so that the rules above are no empty ones', () => {
    const swing = [usdPrices(0.4, 2.5, 2.5), usdPrices(2.5, 0.4, 2.5), usdPrices(2.5, 2.5, 0.4)];
    const series = Array.from({ length: 12 }, (_, look) => ({ seconds: 3600, prices: swing[look % 3]! }));
    const limits = { minSavingPercent: 10, minRunSeconds: 600, maxMovesPerHour: 2 };

    assert.equal(movesThrough(series, { ...limits, replicas: 4, gang: false }).length, 2 * 11);
    assert.equal(movesThrough(series, { ...limits, replicas: 2, gang: true }).length, 2 * 11);
  });
});

function usdPrices(...prices: readonly number[]): readonly number[] {
  return prices.map((price) => price * 1_000_000);
}
