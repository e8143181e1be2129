import assert from 'node:assert/strict';
import type { ClusterOffer, OfferLine } from '../../../src/compute/placement/offer.ts';
import { place } from '../../../src/compute/placement/place.ts';
import { summaryOf } from '../../../src/compute/placement/refusal.ts';
import type { PlacementRequest, Standing } from '../../../src/compute/placement/request.ts';
import {
  NOW,
  a100Line,
  type OfferOptions,
  clusterOffer,
  placementRequest,
  standingsAt,
  unknownLine,
  usd,
  v100Line,
} from '../../support/placement-offers.ts';

/** What is said of one cluster that is asked for one replica. */
function refusal(
  request: Partial<PlacementRequest>,
  offer: ClusterOffer,
  standings: readonly Standing[] = [],
): string | undefined {
  return place(placementRequest(request), [offer], standings, NOW).explanation.clusters[0]?.refusal;
}

describe('compute/placement filters of clusters', () => {
  const eu = { labels: { region: 'eu', tier: 'own' } };
  const rows: {
    name: string;
    offer?: OfferOptions;
    request?: Partial<PlacementRequest>;
    refusal: string | undefined;
  }[] = [
    { name: 'nothing against an open, reachable cluster', refusal: undefined },
    { name: 'unreachable', offer: { reachable: false }, refusal: 'unreachable' },
    {
      name: 'closed, in the words of whoever closed it',
      offer: { closed: 'closed until 18:00 Europe/Berlin' },
      refusal: 'closed until 18:00 Europe/Berlin',
    },
    {
      name: 'all labels of the selector must match',
      offer: eu,
      request: { clusterSelector: { matchLabels: { region: 'eu', tier: 'rented' }, names: [] } },
      refusal: 'outside the cluster selector',
    },
    {
      name: 'labels match',
      offer: eu,
      request: { clusterSelector: { matchLabels: { region: 'eu' }, names: [] } },
      refusal: undefined,
    },
    {
      name: 'not named',
      request: { clusterSelector: { matchLabels: {}, names: ['b', 'c'] } },
      refusal: 'outside the cluster selector',
    },
    {
      name: 'named',
      request: { clusterSelector: { matchLabels: {}, names: ['b', 'a'] } },
      refusal: undefined,
    },
    {
      name: 'that a cluster is not meant is said before that it is away',
      offer: { reachable: false, closed: 'closed' },
      request: { clusterSelector: { matchLabels: {}, names: ['b'] } },
      refusal: 'outside the cluster selector',
    },
    {
      name: 'that it is away is said before that it is closed',
      offer: { reachable: false, closed: 'closed' },
      refusal: 'unreachable',
    },
    { name: 'without GPUs', offer: { lines: [] }, refusal: 'has no NVIDIA GPU' },
  ];
  for (const { name, offer, request, refusal: expected } of rows) {
    it(`${name}: ${expected ?? 'no objection'}`, () => {
      assert.equal(refusal(request ?? {}, clusterOffer('a', [v100Line()], offer)), expected);
    });
  }
});

describe('compute/placement filters of lines', () => {
  const cap = { maxMicroUsdPerGpuHour: usd(2.5) };
  const gang = { gang: true, replicas: 3, countPerReplica: 2 };
  const rows: {
    name: string;
    request?: Partial<PlacementRequest>;
    lines: readonly OfferLine[];
    offer?: OfferOptions;
    standings?: readonly Standing[];
    refusal: string | undefined;
  }[] = [
    { name: 'any model', lines: [unknownLine()], refusal: undefined },
    {
      name: 'another vendor',
      request: { vendor: 'AMD' },
      lines: [v100Line()],
      refusal: 'has no AMD GPU',
    },
    {
      name: 'another model, named as people name it',
      request: { models: ['NVIDIA-A100'] },
      lines: [v100Line()],
      refusal: 'has no NVIDIA-A100',
    },
    {
      name: 'one of several models',
      request: { models: ['b200', 'Tesla-V100-SXM2-16GB'] },
      lines: [v100Line()],
      refusal: undefined,
    },
    {
      name: 'none of several models',
      request: { models: ['b200', 'h100-sxm5-80gb'] },
      lines: [v100Line(), a100Line()],
      refusal: 'has no b200 or h100-sxm5-80gb',
    },
    {
      name: 'a model by another of its product labels',
      request: { models: ['A100-SXM4-80GB'] },
      lines: [a100Line()],
      refusal: undefined,
    },
    {
      name: 'a model whose name begins alike',
      request: { models: ['NVIDIA-A10'] },
      lines: [a100Line()],
      refusal: 'has no NVIDIA-A10',
    },
    {
      name: 'too little memory',
      request: { minMemoryMiB: 40_960 },
      lines: [v100Line()],
      refusal: 'has no NVIDIA GPU with at least 40960 MiB',
    },
    { name: 'memory enough', request: { minMemoryMiB: 81_920 }, lines: [a100Line()], refusal: undefined },
    {
      name: 'memory that is not known is not enough',
      request: { minMemoryMiB: 1 },
      lines: [unknownLine()],
      refusal: 'has no NVIDIA GPU with at least 1 MiB',
    },
    {
      name: 'memory of AMD GPUs, as the catalogue has it',
      request: { vendor: 'AMD', minMemoryMiB: 200_000 },
      lines: [v100Line({ vendor: 'AMD', model: 'mi300x', product: 'AMD_Instinct_MI300X_OAM' })],
      refusal: 'has no AMD GPU with at least 200000 MiB',
    },
    { name: 'no price and no cap', lines: [v100Line()], refusal: undefined },
    {
      name: 'no price under a cap',
      request: cap,
      lines: [v100Line()],
      refusal: 'has no price to compare with cap 2.50 USD',
    },
    { name: 'a price at the cap', request: cap, lines: [v100Line({ price: 2.5 })], refusal: undefined },
    {
      name: 'a price just above the cap',
      request: cap,
      lines: [v100Line({ price: 2.500001 })],
      refusal: 'price above cap 2.50 USD',
    },
    { name: 'all GPUs taken', lines: [v100Line({ free: [0, 0] })], refusal: 'has no free GPU' },
    {
      name: 'enough GPUs, but on two nodes',
      request: { countPerReplica: 4 },
      lines: [v100Line({ free: [3, 3] })],
      refusal: 'has no node with 4 free GPUs',
    },
    {
      name: 'a reserve as large as what is free',
      lines: [v100Line({ free: [2, 1] })],
      offer: { reserve: 3 },
      refusal: 'free GPUs kept for the owner',
    },
    {
      name: 'a reserve that leaves less than a replica',
      request: { countPerReplica: 2, replicas: 0 },
      lines: [v100Line({ free: [4] })],
      offer: { reserve: 3 },
      refusal: 'free GPUs kept for the owner',
    },
    {
      name: 'a reserve that other models fill',
      lines: [a100Line({ free: [1] }), v100Line({ free: [8] })],
      offer: { reserve: 8 },
      request: { models: ['a100-sxm4-80gb'], replicas: 0 },
      refusal: undefined,
    },
    {
      name: 'a gang that fits',
      request: { ...gang, replicas: 3 },
      lines: [v100Line({ free: [4, 4] })],
      refusal: undefined,
    },
    {
      name: 'a gang that fits no single model',
      request: gang,
      lines: [v100Line({ free: [4] }), a100Line({ free: [4] })],
      refusal: 'no room for 3 replicas together',
    },
    {
      name: 'a gang that the reserve leaves no room for',
      request: gang,
      lines: [v100Line({ free: [4, 4] })],
      offer: { reserve: 3 },
      refusal: 'no room for 3 replicas together',
    },
    {
      name: 'room that is not where the gang runs',
      request: gang,
      lines: [a100Line()],
      standings: standingsAt('b', 1),
      refusal: 'apart from where the gang runs',
    },
    {
      name: 'of two lines, that which got further tells more',
      request: { models: ['a100-sxm4-80gb'], ...cap },
      lines: [v100Line({ price: 1 }), a100Line({ price: 3 })],
      refusal: 'price above cap 2.50 USD',
    },
    {
      name: 'one line that will do is enough',
      request: cap,
      lines: [v100Line({ price: 3 }), a100Line({ price: 2 })],
      refusal: undefined,
    },
  ];
  for (const { name, request = {}, lines, offer, standings, refusal: expected } of rows) {
    it(`${name}: ${expected ?? 'no objection'}`, () => {
      assert.equal(refusal(request, clusterOffer('a', lines, offer), standings), expected);
    });
  }
});

describe('compute/placement summary', () => {
  const rows: [refusals: (string | undefined)[], summary: string][] = [
    [[], '0/0 clusters'],
    [[undefined], '1/1 cluster'],
    [[undefined, undefined], '2/2 clusters'],
    [['unreachable'], '0/1 cluster: 1 unreachable'],
    [
      ['price above cap 2.50 USD', 'unreachable', 'has no NVIDIA-A100'],
      '0/3 clusters: 1 price above cap 2.50 USD, 1 unreachable, 1 has no NVIDIA-A100',
    ],
    [
      ['unreachable', undefined, 'has no free GPU', 'has no free GPU'],
      '1/4 clusters: 2 have no free GPU, 1 unreachable',
    ],
  ];
  for (const [refusals, summary] of rows) {
    it(summary, () => {
      assert.equal(summaryOf(refusals), summary);
    });
  }

  it('counts each cluster once, with its most telling reason', () => {
    const request = placementRequest({ models: ['NVIDIA-A100-SXM4-80GB'], maxMicroUsdPerGpuHour: usd(2.5) });
    const offers = [
      clusterOffer('akash', [a100Line({ price: 3 }), v100Line({ price: 1 })]),
      clusterOffer('campus', [a100Line({ price: 1 })], { reachable: false }),
      clusterOffer('rack', [v100Line({ price: 1 })]),
    ];

    assert.equal(
      place(request, offers, [], NOW).explanation.summary,
      '0/3 clusters: 1 price above cap 2.50 USD, 1 unreachable, 1 has no NVIDIA-A100-SXM4-80GB',
    );
  });

  it('says what is left when the plan is done', () => {
    const request = placementRequest({ replicas: 9 });
    const offers = [clusterOffer('a', [v100Line()]), clusterOffer('b', [v100Line()])];

    assert.equal(place(request, offers, [], NOW).explanation.summary, '1/2 clusters: 1 has no free GPU');
  });
});
