import assert from 'node:assert/strict';
import type { PlacementPolicy } from '../../../src/compute/placement/request.ts';
import {
  type Prospect,
  type Score,
  compareByScores,
  fewestReplicas,
  mostOfTheRest,
  mostReplicas,
  preferredModel,
  pricePerGpuHour,
  pricePerV100eHour,
  scoresOf,
} from '../../../src/compute/placement/scores.ts';

const prospect = (more: Partial<Prospect> = {}): Prospect => ({
  rank: 0,
  microUsdPerV100eHour: 400_000,
  microUsdPerGpuHour: 400_000,
  replicasInCluster: 0,
  roomInCluster: 8,
  remaining: 4,
  ...more,
});

describe('compute/placement scores', () => {
  const rows: { score: Score; better: Partial<Prospect>; worse: Partial<Prospect> }[] = [
    { score: preferredModel, better: { rank: 0 }, worse: { rank: 1 } },
    {
      score: pricePerV100eHour,
      better: { microUsdPerV100eHour: 400_000 },
      worse: { microUsdPerV100eHour: 400_000.5 },
    },
    {
      score: pricePerV100eHour,
      better: { microUsdPerV100eHour: 1e12 },
      worse: { microUsdPerV100eHour: Infinity },
    },
    { score: pricePerGpuHour, better: { microUsdPerGpuHour: 1 }, worse: { microUsdPerGpuHour: 2 } },
    { score: fewestReplicas, better: { replicasInCluster: 1 }, worse: { replicasInCluster: 2 } },
    { score: mostReplicas, better: { replicasInCluster: 2 }, worse: { replicasInCluster: 1 } },
    { score: mostOfTheRest, better: { roomInCluster: 3 }, worse: { roomInCluster: 2 } },
  ];
  for (const { score, better, worse } of rows) {
    it(`${score.name} prefers ${JSON.stringify(better)} to ${JSON.stringify(worse)}`, () => {
      assert.ok(score(prospect(better)) < score(prospect(worse)));
    });
  }

  it('mostOfTheRest holds clusters equal that take all that is left', () => {
    assert.equal(
      mostOfTheRest(prospect({ roomInCluster: 4 })),
      mostOfTheRest(prospect({ roomInCluster: 99 })),
    );
  });
});

describe('compute/placement policies', () => {
  const cheap = { microUsdPerV100eHour: 1, microUsdPerGpuHour: 1 };
  const unpriced = { microUsdPerV100eHour: Infinity, microUsdPerGpuHour: Infinity };
  const rows: {
    name: string;
    policy: PlacementPolicy;
    better: Partial<Prospect>;
    worse: Partial<Prospect>;
  }[] = [
    {
      name: 'the cheaper place, however many replicas are there',
      policy: 'Cheapest',
      better: { ...cheap, replicasInCluster: 9 },
      worse: {},
    },
    {
      name: 'a price per V100e-hour before a price per GPU-hour',
      policy: 'Cheapest',
      better: { microUsdPerGpuHour: 9_000_000 },
      worse: { microUsdPerV100eHour: 400_001 },
    },
    {
      name: 'a priced model of unknown worth before one without a price',
      policy: 'Cheapest',
      better: { microUsdPerV100eHour: Infinity },
      worse: unpriced,
    },
    {
      name: 'fewer replicas before a lower price',
      policy: 'Spread',
      better: {},
      worse: { ...cheap, replicasInCluster: 1 },
    },
    { name: 'of equally full clusters the cheaper', policy: 'Spread', better: cheap, worse: {} },
    {
      name: 'more replicas before more room',
      policy: 'Pack',
      better: { replicasInCluster: 2, roomInCluster: 1 },
      worse: { replicasInCluster: 1 },
    },
    {
      name: 'more room before a lower price',
      policy: 'Pack',
      better: {},
      worse: { ...cheap, roomInCluster: 3 },
    },
    {
      name: 'of clusters with room for all the cheaper',
      policy: 'Pack',
      better: { ...cheap, roomInCluster: 4 },
      worse: {},
    },
    ...(['Cheapest', 'Spread', 'Pack'] as const).map((policy) => ({
      name: 'the preferred model, whatever it costs',
      policy,
      better: { rank: 0, ...unpriced, replicasInCluster: 3, roomInCluster: 1 },
      worse: { rank: 1, ...cheap, replicasInCluster: 3 },
    })),
  ];
  for (const { name, policy, better, worse } of rows) {
    it(`${policy}: ${name}`, () => {
      const scores = scoresOf[policy];

      assert.equal(compareByScores(scores, prospect(better), prospect(worse)), -1);
      assert.equal(compareByScores(scores, prospect(worse), prospect(better)), 1);
      assert.equal(compareByScores(scores, prospect(better), prospect(better)), 0);
    });
  }
});
