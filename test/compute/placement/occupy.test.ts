import assert from 'node:assert/strict';
import { occupied } from '../../../src/compute/placement/occupy.ts';
import { a100Line, clusterOffer, v100Line } from '../../support/placement-offers.ts';

describe('compute/placement occupied', () => {
  const v100 = { cluster: 'a', model: 'v100-sxm2-16gb' };
  const rows: { name: string; free: number[]; replicas: number; countPerReplica: number; left: number[] }[] =
    [
      { name: 'the fullest nodes first', free: [8, 2, 4], replicas: 3, countPerReplica: 1, left: [0, 3, 8] },
      { name: 'only nodes that hold a replica', free: [3, 8], replicas: 2, countPerReplica: 4, left: [3, 0] },
      { name: 'no more than there is', free: [1, 2], replicas: 9, countPerReplica: 2, left: [1, 0] },
    ];
  for (const { name, free, replicas, countPerReplica, left } of rows) {
    it(`takes from ${name}`, () => {
      const places = Array.from({ length: replicas }, () => v100);
      const [offer] = occupied([clusterOffer('a', [v100Line({ free })])], places, countPerReplica);

      assert.deepEqual(offer?.lines[0]?.freeByNode, left);
    });
  }

  it('leaves other models, other clusters and what it does not know alone', () => {
    const offers = [clusterOffer('a', [a100Line()]), clusterOffer('b', [v100Line()])];

    assert.deepEqual(occupied(offers, [v100, { cluster: 'c', model: 'v100-sxm2-16gb' }], 1), offers);
  });
});
