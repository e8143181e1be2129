import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Admitted, admit } from '../../../src/compute/placement/admit.ts';
import { replicasFitting, replicasSpared } from '../../../src/compute/placement/offer.ts';
import type { Place } from '../../../src/compute/placement/request.ts';
import { anyOffers } from '../../support/any-placement.ts';
import { a100Line, clusterOffer, v100Line } from '../../support/placement-offers.ts';

const V100 = 'v100-sxm2-16gb';
const A100 = 'a100-sxm4-80gb';

/** So many replicas at one place. */
function at(cluster: string, replicas: number, model = V100): readonly Place[] {
  return Array.from({ length: replicas }, () => ({ cluster, model }));
}

function counts({ admitted, refused }: Admitted<Place>): string {
  return `${admitted.length} admitted, ${refused.length} refused`;
}

describe('compute/placement/admit', () => {
  const offers = [
    clusterOffer('a', [v100Line({ free: [3, 2] }), a100Line({ free: [4] })], { reserve: 2 }),
    clusterOffer('b', [v100Line({ free: [1] })]),
  ];
  const rows: { name: string; places: readonly Place[]; gpus?: number; expect: string }[] = [
    { name: 'nothing asked', places: [], expect: '0 admitted, 0 refused' },
    { name: 'as many as fit', places: at('a', 6), expect: '5 admitted, 1 refused' },
    {
      name: 'no more than the owner leaves, over all models',
      places: [...at('a', 5), ...at('a', 4, A100)],
      expect: '7 admitted, 2 refused',
    },
    { name: 'only whole replicas on one node', places: at('a', 3), gpus: 2, expect: '2 admitted, 1 refused' },
    { name: 'nobody where no such model is', places: at('b', 1, A100), expect: '0 admitted, 1 refused' },
    { name: 'nobody in a cluster without an offer', places: at('z', 1), expect: '0 admitted, 1 refused' },
    {
      name: 'one place whatever another is short of',
      places: [...at('z', 1), ...at('b', 2), ...at('a', 1)],
      expect: '2 admitted, 2 refused',
    },
  ];
  for (const { name, places, gpus = 1, expect } of rows) {
    it(`admits ${name}`, () => {
      assert.equal(counts(admit(offers, places, gpus)), expect);
    });
  }

  it('admits more than the owner leaves of one model: that is spread anew as others take GPUs', () => {
    const spread = clusterOffer('a', [v100Line({ free: [4], freeForGuests: 1 }), a100Line({ free: [4] })], {
      freeForGuests: 3,
    });

    assert.equal(counts(admit([spread], at('a', 4), 1)), '3 admitted, 1 refused');
  });

  it('admits in their order', () => {
    const places = at('b', 2).map((place, ordinal) => ({ ...place, ordinal }));
    const { admitted, refused } = admit(offers, places, 1);

    assert.deepEqual(
      [admitted, refused].map((some) => some.map(({ ordinal }) => ordinal)),
      [[0], [1]],
    );
  });

  it('leaves in the offers what the admitted ones do not take', () => {
    const [a, b] = admit(offers, [...at('a', 4), ...at('b', 1)], 1).offers;

    // The fullest node first.
    assert.deepEqual(a?.lines[0]?.freeByNode, [0, 1]);
    assert.deepEqual(a.lines[1]?.freeByNode, [4]);
    assert.deepEqual(b?.lines[0]?.freeByNode, [0]);
  });

  it('never gives more than there is, and refuses nobody for whom there is room', () => {
    const anyPlaces = fc.array(
      fc.record({ cluster: fc.constantFrom('a', 'b', 'c', 'z'), model: fc.constantFrom(V100, A100) }),
      { maxLength: 40, size: 'max' },
    );
    fc.assert(
      fc.property(anyOffers, anyPlaces, fc.constantFrom(1, 2, 4), (some, places, gpus) => {
        const { admitted, refused, offers: left } = admit(some, places, gpus);

        assert.equal(admitted.length + refused.length, places.length);
        for (const [index, { name, lines }] of some.entries()) {
          const here = admitted.filter(({ cluster }) => cluster === name);
          const spare = replicasSpared(some[index] ?? assert.fail(), gpus);
          assert.ok(here.length <= spare);
          for (const line of lines) {
            const onLine = here.filter(({ model }) => model === line.model).length;
            const fits = replicasFitting(line, gpus);
            const rest = left[index]?.lines.find(({ model }) => model === line.model) ?? assert.fail();
            assert.ok(onLine <= fits);
            assert.equal(replicasFitting(rest, gpus), fits - onLine);
            const turnedAway = refused.some(({ cluster, model }) => cluster === name && model === line.model);
            assert.ok(!turnedAway || onLine === fits || here.length === spare);
          }
        }
      }),
    );
  });
});
