import assert from 'node:assert/strict';
import { leastChoiceFirst } from '../../../src/compute/placement/least-choice.ts';
import { a100Line, clusterOffer, placementRequest, usd, v100Line } from '../../support/placement-offers.ts';

describe('compute/placement order of pools', () => {
  it('is from the least choice to the most, and as it was among equals', () => {
    const pools = [
      { name: 'any', request: placementRequest() },
      { name: 'also any', request: placementRequest({ replicas: 5 }) },
      { name: 'v100', request: placementRequest({ models: ['v100-sxm2-16gb'] }) },
      { name: 'capped', request: placementRequest({ maxMicroUsdPerGpuHour: usd(1) }) },
      { name: 'large', request: placementRequest({ countPerReplica: 8 }) },
      { name: 'nothing', request: placementRequest({ vendor: 'AMD' }) },
    ];
    const offers = [
      clusterOffer('a', [v100Line({ price: 0.5, free: [4, 4, 4] }), a100Line({ price: 2, free: [8] })]),
      clusterOffer('b', [a100Line({ price: 1, free: [6] })], { reserve: 4 }),
      clusterOffer('c', [v100Line({ price: 0.1, free: [99] })], { reachable: false }),
    ];

    assert.deepEqual(
      leastChoiceFirst(pools, offers).map(({ name }) => name),
      ['nothing', 'large', 'v100', 'capped', 'any', 'also any'],
    );
  });
});
