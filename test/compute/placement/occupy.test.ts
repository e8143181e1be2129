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

  it('leaves other models and other clusters alone', () => {
    const offers = [clusterOffer('a', [a100Line(), v100Line()]), clusterOffer('b', [v100Line()])];
    const [a, b] = occupied(offers, [v100, { cluster: 'c', model: 'v100-sxm2-16gb' }], 1);

    assert.deepEqual(a?.lines[0], offers[0]?.lines[0]);
    assert.deepEqual(b, offers[1]);
  });

  it('leaves guests less of the model and of the cluster, also of models that are not known', () => {
    const offers = [clusterOffer('a', [a100Line(), v100Line()], { reserve: 4 })];
    const [a] = occupied(offers, [v100, v100, { cluster: 'a', model: 'of-other-nodes' }], 2);

    assert.equal(a?.freeForGuests, 6);
    assert.deepEqual(
      a.lines.map(({ freeForGuests }) => freeForGuests),
      [8, 4],
    );
  });
});
