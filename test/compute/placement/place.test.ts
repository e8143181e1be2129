import assert from 'node:assert/strict';
import type { ClusterOffer } from '../../../src/compute/placement/offer.ts';
import { place } from '../../../src/compute/placement/place.ts';
import type { PlacementPlan } from '../../../src/compute/placement/plan.ts';
import type { PlacementRequest, Standing } from '../../../src/compute/placement/request.ts';
import {
  NOW,
  a100Line,
  clusterOffer,
  placementRequest,
  standingsAt,
  unknownLine,
  usd,
  v100Line,
} from '../../support/placement-offers.ts';

/** The plan's places in the order of the ordinals, as `cluster:model`, and `-` for a replica without one. */
function places({ assignments, unplaced }: PlacementPlan): string {
  const ordinals = Array.from({ length: assignments.length + unplaced }, (_, ordinal) => ordinal);
  return ordinals
    .map((ordinal) => {
      const assignment = assignments.find((each) => each.ordinal === ordinal);
      return assignment === undefined ? '-' : `${assignment.cluster}:${assignment.model.split('-')[0] ?? ''}`;
    })
    .join(' ');
}

describe('compute/placement', () => {
  const rows: {
    name: string;
    request: Partial<PlacementRequest>;
    offers: readonly ClusterOffer[];
    standings?: readonly Standing[];
    places: string;
  }[] = [
    {
      name: 'Cheapest fills the cheapest cluster first, then the next',
      request: { replicas: 3 },
      offers: [
        clusterOffer('a', [v100Line({ price: 0.5, free: [1, 1] })]),
        clusterOffer('b', [v100Line({ price: 0.4, free: [2] })]),
      ],
      places: 'b:v100 b:v100 a:v100',
    },
    {
      name: 'Cheapest compares V100 equivalents, not GPUs',
      request: {},
      offers: [clusterOffer('a', [v100Line({ price: 0.41 })]), clusterOffer('b', [a100Line({ price: 1 })])],
      places: 'b:a100',
    },
    {
      name: 'the smaller GPU of two that cost the same per V100e-hour',
      request: {},
      offers: [clusterOffer('a', [a100Line({ price: 1 })]), clusterOffer('b', [v100Line({ price: 0.4 })])],
      places: 'b:v100',
    },
    {
      name: 'without a price, and of unknown worth, comes last',
      request: { replicas: 3 },
      offers: [
        clusterOffer('a', [v100Line({ free: [1] })]),
        clusterOffer('b', [unknownLine({ price: 0.01, free: [1] })]),
        clusterOffer('c', [v100Line({ price: 9, free: [1] })]),
      ],
      places: 'c:v100 b:NVIDIA a:v100',
    },
    {
      name: 'the preferred model before a cheaper one, then the next preferred',
      request: { replicas: 3, models: ['a100-sxm4-80gb', 'v100-sxm2-16gb'] },
      offers: [
        clusterOffer('a', [v100Line({ price: 0.1 }), a100Line({ price: 2, free: [1] })]),
        clusterOffer('b', [a100Line({ price: 5, free: [1] })]),
      ],
      places: 'a:a100 b:a100 a:v100',
    },
    {
      name: 'never above the cap, rather not at all',
      request: { replicas: 2, maxMicroUsdPerGpuHour: usd(0.5) },
      offers: [
        clusterOffer('a', [v100Line({ price: 0.5, free: [1] })]),
        clusterOffer('b', [v100Line({ price: 0.51 })]),
      ],
      places: 'a:v100 -',
    },
    {
      name: 'the reserve of a cluster is kept over all its models',
      request: { replicas: 4 },
      offers: [
        clusterOffer('a', [v100Line({ price: 1, free: [2] }), a100Line({ price: 1, free: [2] })], {
          reserve: 1,
        }),
      ],
      places: 'a:a100 a:a100 a:v100 -',
    },
    {
      name: 'all GPUs of a replica are on one node',
      request: { replicas: 3, countPerReplica: 4 },
      offers: [clusterOffer('a', [v100Line({ free: [7, 3, 9] })])],
      places: 'a:v100 a:v100 a:v100',
    },
    {
      name: 'Spread gives each cluster as many',
      request: { replicas: 4, policy: 'Spread' },
      offers: [
        clusterOffer('a', [v100Line({ price: 1 })]),
        clusterOffer('b', [v100Line({ price: 3 })]),
        clusterOffer('c', [v100Line({ price: 2 })]),
      ],
      places: 'a:v100 c:v100 b:v100 a:v100',
    },
    {
      name: 'Spread counts the replicas that stand somewhere',
      request: { replicas: 4, policy: 'Spread' },
      offers: [clusterOffer('a', [v100Line({ price: 1 })]), clusterOffer('b', [v100Line({ price: 2 })])],
      standings: standingsAt('a', 2),
      places: 'a:v100 a:v100 b:v100 b:v100',
    },
    {
      name: 'Spread passes over a cluster that is full',
      request: { replicas: 4, policy: 'Spread' },
      offers: [clusterOffer('a', [v100Line({ free: [1] })]), clusterOffer('b', [v100Line()])],
      places: 'a:v100 b:v100 b:v100 b:v100',
    },
    {
      name: 'Pack takes the cheapest of the clusters that hold all',
      request: { replicas: 3, policy: 'Pack' },
      offers: [
        clusterOffer('a', [v100Line({ price: 0.1, free: [2] })]),
        clusterOffer('b', [v100Line({ price: 3, free: [64] })]),
        clusterOffer('c', [v100Line({ price: 2, free: [1, 2] })]),
      ],
      places: 'c:v100 c:v100 c:v100',
    },
    {
      name: 'Pack takes the fewest clusters when none holds all',
      request: { replicas: 6, policy: 'Pack' },
      offers: [
        clusterOffer('a', [v100Line({ price: 0.1, free: [2] })]),
        clusterOffer('b', [v100Line({ price: 3, free: [4] })]),
        clusterOffer('c', [v100Line({ price: 2, free: [3] })]),
      ],
      places: 'b:v100 b:v100 b:v100 b:v100 a:v100 a:v100',
    },
    {
      name: 'Pack joins the replicas that stand somewhere, on all models there',
      request: { replicas: 4, policy: 'Pack' },
      offers: [
        clusterOffer('a', [v100Line({ price: 1 })]),
        clusterOffer('b', [v100Line({ price: 2, free: [1] }), a100Line({ price: 9 })]),
      ],
      standings: standingsAt('b', 1),
      places: 'b:v100 b:v100 b:a100 b:a100',
    },
    {
      name: 'Pack counts the room that a cluster has on the model in turn',
      request: { replicas: 3, policy: 'Pack', models: ['v100-sxm2-16gb', 'a100-sxm4-80gb'] },
      offers: [
        clusterOffer('a', [v100Line({ free: [1] }), a100Line()]),
        clusterOffer('b', [v100Line({ free: [2] })]),
      ],
      places: 'b:v100 b:v100 a:v100',
    },
    {
      name: 'a gang takes the cheapest line that holds all of it',
      request: { replicas: 3, gang: true },
      offers: [
        clusterOffer('a', [v100Line({ price: 0.1, free: [2] }), a100Line({ price: 2 })]),
        clusterOffer('b', [v100Line({ price: 0.5, free: [1, 2] })]),
      ],
      places: 'b:v100 b:v100 b:v100',
    },
    {
      name: 'a gang stays together under Spread',
      request: { replicas: 3, gang: true, policy: 'Spread' },
      offers: [clusterOffer('a', [v100Line()]), clusterOffer('b', [v100Line()])],
      places: 'a:v100 a:v100 a:v100',
    },
    {
      name: 'a gang is placed as a whole or not at all',
      request: { replicas: 3, gang: true },
      offers: [clusterOffer('a', [v100Line({ free: [2] })]), clusterOffer('b', [v100Line({ free: [2] })])],
      places: '- - -',
    },
    {
      name: 'the rest of a gang goes where the gang is',
      request: { replicas: 3, gang: true },
      offers: [
        clusterOffer('a', [v100Line({ price: 0.1 })]),
        clusterOffer('b', [v100Line({ price: 9, free: [1] })]),
      ],
      standings: standingsAt('b', 2),
      places: 'b:v100 b:v100 b:v100',
    },
    {
      name: 'replicas stay where they are, dear or unreachable as it may be',
      request: { replicas: 3 },
      offers: [
        clusterOffer('a', [v100Line({ price: 0.1 })]),
        clusterOffer('b', [v100Line({ price: 9 })], { reachable: false }),
      ],
      standings: standingsAt('b', 2),
      places: 'b:v100 b:v100 a:v100',
    },
    {
      name: 'gaps among the ordinals are filled, ordinals beyond the replicas are not kept',
      request: { replicas: 3 },
      offers: [clusterOffer('a', [v100Line()]), clusterOffer('b', [v100Line()])],
      standings: [1, 4].map((ordinal) => ({ ordinal, cluster: 'b', model: 'v100-sxm2-16gb', since: NOW })),
      places: 'a:v100 b:v100 a:v100',
    },
    { name: 'no clusters', request: { replicas: 2 }, offers: [], places: '- -' },
    {
      name: 'no replicas',
      request: { replicas: 0 },
      offers: [clusterOffer('a', [v100Line()])],
      places: '',
    },
  ];
  for (const { name, request, offers, standings = [], places: expected } of rows) {
    it(name, () => {
      assert.equal(places(place(placementRequest(request), offers, standings, NOW)), expected);
    });
  }

  it('names replicas whose place would be refused today, and why', () => {
    const at = (ordinal: number, cluster: string, model = 'v100-sxm2-16gb'): Standing => ({
      ordinal,
      cluster,
      model,
      since: NOW,
    });
    const offers = [
      clusterOffer('away', [], { reachable: false }),
      clusterOffer('dear', [v100Line({ price: 3, free: [] }), a100Line({ price: 1 })]),
      clusterOffer('full', [v100Line({ price: 1, free: [0] })], { reserve: 8 }),
    ];
    const standings = [
      at(0, 'away'),
      at(1, 'dear'),
      at(2, 'dear', 'a100-sxm4-80gb'),
      at(3, 'full'),
      at(4, 'full', 'no-longer-listed'),
      at(5, 'gone'),
    ];

    const { misplaced } = place(
      placementRequest({ replicas: 6, maxMicroUsdPerGpuHour: usd(2.5) }),
      offers,
      standings,
      NOW,
    );

    assert.deepEqual(
      misplaced.map(({ ordinal, reason }) => [ordinal, reason]),
      [
        [0, 'unreachable'],
        [1, 'price above cap 2.50 USD'],
        [5, 'no longer a ComputeCluster'],
      ],
    );
  });

  it('explains every line, also those that were not taken', () => {
    const offers = [
      clusterOffer('b', [v100Line({ price: 0.5, free: [1, 2] }), a100Line({ free: [4] })], { reserve: 2 }),
      clusterOffer('a', [v100Line({ price: 0.4, free: [8] })], { reachable: false }),
    ];

    const { explanation } = place(
      placementRequest({ replicas: 6, models: ['v100-sxm2-16gb'] }),
      offers,
      standingsAt('b', 1),
      NOW,
    );

    assert.deepEqual(explanation, {
      summary: '0/2 clusters: 1 unreachable, 1 has no free GPU',
      clusters: [
        {
          cluster: 'a',
          standing: 0,
          placed: 0,
          refusal: 'unreachable',
          lines: [
            {
              model: 'v100-sxm2-16gb',
              product: 'Tesla-V100-SXM2-16GB',
              fits: 8,
              placed: 0,
              microUsdPerGpuHour: 400_000,
              microUsdPerV100eHour: 400_000,
            },
          ],
        },
        {
          cluster: 'b',
          standing: 1,
          placed: 3,
          refusal: 'has no free GPU',
          lines: [
            {
              model: 'a100-sxm4-80gb',
              product: 'NVIDIA-A100-SXM4-80GB',
              fits: 4,
              placed: 0,
              refusal: 'has no v100-sxm2-16gb',
            },
            {
              model: 'v100-sxm2-16gb',
              product: 'Tesla-V100-SXM2-16GB',
              fits: 3,
              placed: 3,
              microUsdPerGpuHour: 500_000,
              microUsdPerV100eHour: 500_000,
              refusal: 'has no free GPU',
            },
          ],
        },
      ],
    });
  });
});
