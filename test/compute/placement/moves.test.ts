import assert from 'node:assert/strict';
import type { ClusterOffer, OfferLine } from '../../../src/compute/placement/offer.ts';
import { place } from '../../../src/compute/placement/place.ts';
import type { PlacementRequest, Standing } from '../../../src/compute/placement/request.ts';
import {
  NOW,
  a100Line,
  type OfferOptions,
  clusterOffer,
  hysteresis,
  placementRequest,
  standingsAt,
  unknownLine,
  v100Line,
} from '../../support/placement-offers.ts';

const HOUR_MS = 3_600_000;

/** Three replicas at `dear`, which costs 1 USD per V100e-hour and has no room. */
function offers(elsewhere: OfferLine, more: OfferOptions = {}): readonly ClusterOffer[] {
  return [
    clusterOffer('dear', [v100Line({ price: 1, free: [0] })]),
    clusterOffer('elsewhere', [elsewhere], more),
  ];
}

function moved(
  request: Partial<PlacementRequest>,
  from: readonly ClusterOffer[],
  standings: readonly Standing[] = standingsAt('dear', 3),
): readonly number[] {
  const plan = place(
    placementRequest({ replicas: 3, hysteresis: hysteresis(), ...request }),
    from,
    standings,
    NOW,
  );
  return plan.moves.map(({ ordinal }) => ordinal);
}

describe('compute/placement moves', () => {
  const cheap = v100Line({ price: 0.5 });
  const rows: {
    name: string;
    request?: Partial<PlacementRequest>;
    offers: readonly ClusterOffer[];
    standings?: readonly Standing[];
    moved: readonly number[];
  }[] = [
    { name: 'a large saving', offers: offers(cheap), moved: [0, 1, 2] },
    {
      name: 'a saving of exactly what is asked for',
      offers: offers(v100Line({ price: 0.9 })),
      moved: [0, 1, 2],
    },
    { name: 'a smaller saving', offers: offers(v100Line({ price: 0.901 })), moved: [] },
    {
      name: 'no saving, though none is asked for',
      request: { hysteresis: hysteresis({ minSavingPercent: 0 }) },
      offers: offers(v100Line({ price: 1 })),
      moved: [],
    },
    {
      name: 'to a place that costs nothing',
      offers: offers(v100Line({ price: 0 })),
      moved: [0, 1, 2],
    },
    {
      name: 'a saving per V100e-hour, though the GPU costs more',
      offers: offers(a100Line({ price: 2 })),
      moved: [0, 1, 2],
    },
    {
      name: 'only as many as there is room for',
      offers: offers(v100Line({ price: 0.5, free: [2] })),
      moved: [0, 1],
    },
    { name: 'not into the reserve', offers: offers(cheap, { reserve: 7 }), moved: [0] },
    { name: 'not to a cluster that is away', offers: offers(cheap, { reachable: false }), moved: [] },
    { name: 'not to a place without a price', offers: offers(v100Line()), moved: [] },
    { name: 'not to a model of unknown worth', offers: offers(unknownLine({ price: 0.1 })), moved: [] },
    {
      name: 'not from a place without a price',
      offers: [clusterOffer('dear', [v100Line({ free: [0] })]), clusterOffer('elsewhere', [cheap])],
      moved: [],
    },
    {
      name: 'not from a cluster that nobody knows',
      offers: offers(cheap),
      standings: standingsAt('gone', 3),
      moved: [],
    },
    {
      name: 'not from a place that would be refused: the caller decides about it',
      offers: [
        clusterOffer('dear', [v100Line({ price: 1 })], { reachable: false }),
        clusterOffer('elsewhere', [cheap]),
      ],
      moved: [],
    },
    {
      name: 'the dearest first',
      request: { hysteresis: hysteresis({ maxMovesPerHour: 1 }) },
      offers: [...offers(cheap), clusterOffer('dearest', [v100Line({ price: 2, free: [0] })])],
      standings: [
        ...standingsAt('dear', 2),
        { ordinal: 2, cluster: 'dearest', model: 'v100-sxm2-16gb', since: 0 },
      ],
      moved: [2],
    },
    {
      name: 'not before the least time',
      offers: offers(cheap),
      standings: [
        ...standingsAt('dear', 1, { since: NOW - 600_000 }),
        ...standingsAt('dear', 3, { since: NOW - 599_999 }).slice(1),
      ],
      moved: [0],
    },
    {
      name: 'not beyond the budget',
      request: { hysteresis: hysteresis({ maxMovesPerHour: 2 }) },
      offers: offers(cheap),
      moved: [0, 1],
    },
    {
      name: 'moves of the last hour count, older ones do not',
      request: {
        hysteresis: hysteresis({ maxMovesPerHour: 2, recentMoves: [NOW - HOUR_MS, NOW - HOUR_MS + 1] }),
      },
      offers: offers(cheap),
      moved: [0],
    },
    {
      name: 'no budget',
      request: { hysteresis: hysteresis({ maxMovesPerHour: 0 }) },
      offers: offers(cheap),
      moved: [],
    },
    { name: 'not under Spread', request: { policy: 'Spread' }, offers: offers(cheap), moved: [] },
    { name: 'not under Pack', request: { policy: 'Pack' }, offers: offers(cheap), moved: [] },
    {
      name: 'not to a model that is wanted less',
      request: { models: ['v100-sxm2-16gb', 'a100-sxm4-80gb'] },
      offers: offers(a100Line({ price: 0.1 })),
      moved: [],
    },
    {
      name: 'to a model that is wanted more, if it saves',
      request: { models: ['a100-sxm4-80gb', 'v100-sxm2-16gb'] },
      offers: offers(a100Line({ price: 0.1 })),
      moved: [0, 1, 2],
    },
    {
      name: 'not to a model that is wanted more, if it costs more',
      request: { models: ['a100-sxm4-80gb', 'v100-sxm2-16gb'] },
      offers: offers(a100Line({ price: 9 })),
      moved: [],
    },
    { name: 'a gang moves as a whole', request: { gang: true }, offers: offers(cheap), moved: [0, 1, 2] },
    {
      name: 'not a part of a gang',
      request: { gang: true },
      offers: offers(v100Line({ price: 0.5, free: [2] })),
      moved: [],
    },
    {
      name: 'not a gang larger than the budget',
      request: { gang: true, hysteresis: hysteresis({ maxMovesPerHour: 2 }) },
      offers: offers(cheap),
      moved: [],
    },
    {
      name: 'not a gang of which one has just begun',
      request: { gang: true },
      offers: offers(cheap),
      standings: [
        ...standingsAt('dear', 2),
        { ordinal: 2, cluster: 'dear', model: 'v100-sxm2-16gb', since: NOW },
      ],
      moved: [],
    },
    {
      name: 'not a gang that is not complete',
      request: { gang: true, replicas: 4 },
      offers: offers(cheap),
      moved: [],
    },
  ];
  for (const { name, request = {}, offers: from, standings, moved: expected } of rows) {
    it(name, () => {
      assert.deepEqual(moved(request, from, standings), expected);
    });
  }

  it('leaves the replica assigned to where it stands, and says what is saved', () => {
    const request = placementRequest({ hysteresis: hysteresis() });
    const plan = place(request, offers(v100Line({ price: 0.75 })), standingsAt('dear', 1), NOW);

    assert.deepEqual(plan.assignments, [{ ordinal: 0, cluster: 'dear', model: 'v100-sxm2-16gb' }]);
    assert.deepEqual(plan.moves, [
      {
        ordinal: 0,
        from: { cluster: 'dear', model: 'v100-sxm2-16gb' },
        to: { cluster: 'elsewhere', model: 'v100-sxm2-16gb' },
        savingPercent: 25,
      },
    ]);
  });

  it('gives replicas without a place the cheap room first', () => {
    const request = placementRequest({ replicas: 4, hysteresis: hysteresis() });
    const plan = place(request, offers(v100Line({ price: 0.5, free: [2] })), standingsAt('dear', 3), NOW);

    assert.deepEqual(plan.assignments[3], { ordinal: 3, cluster: 'elsewhere', model: 'v100-sxm2-16gb' });
    assert.deepEqual(
      plan.moves.map(({ ordinal }) => ordinal),
      [0],
    );
  });
});
