import assert from 'node:assert/strict';
import fc from 'fast-check';
import { PlacementStatus } from '../../../src/api/placement.ts';
import { formatOrdinals, parseOrdinals } from '../../../src/api/ordinals.ts';
import {
  type PlaceRecord,
  byPlace,
  noPlaces,
  readPlaces,
  underNamesOfToday,
  writePlaces,
} from '../../../src/controllers/minerpool/places.ts';
import { NOW } from '../../support/pool-objects.ts';
import { MODEL, placementOf } from '../../support/seen-fleet.ts';

const anyOrdinals = fc.uniqueArray(fc.nat(300), { maxLength: 200, size: 'max' });

describe('controllers/minerpool/ordinals', () => {
  const rows: [ordinals: number[], text: string][] = [
    [[], ''],
    [[0], '0'],
    [[3, 2, 1, 0, 7], '0-3,7'],
    [[1, 3, 5], '1,3,5'],
    [[1, 2, 2, 2, 4], '1-2,4'],
    [[9, 10, 11], '9-11'],
  ];
  for (const [ordinals, text] of rows) {
    it(`writes [${ordinals.join(' ')}] as '${text}'`, () => {
      assert.equal(formatOrdinals(ordinals), text);
    });
  }

  it('reads what it has written', () => {
    fc.assert(
      fc.property(anyOrdinals, (ordinals) => {
        const sorted = [...ordinals].sort((a, b) => a - b);
        assert.deepEqual(parseOrdinals(formatOrdinals(ordinals)), sorted);
      }),
    );
  });

  it('passes over ranges that are none, and makes no more of one than a pool can have', () => {
    assert.deepEqual(parseOrdinals('1,x,-,3-2,-4,5-,1.5, 6,7'), [1, 7]);
    assert.equal(parseOrdinals('5-999999999').length, 20_001);
    assert.deepEqual(parseOrdinals('9999999999'), []);
  });
});

describe('controllers/minerpool/places', () => {
  const plain = { noNullPrototype: true };
  const anyRecord: fc.Arbitrary<PlaceRecord> = fc.record(
    {
      places: fc
        .uniqueArray(
          fc.tuple(
            fc.nat(300),
            fc.record(
              { cluster: fc.constantFrom('a', 'b', 'c'), model: fc.constantFrom(MODEL, 'h100') },
              plain,
            ),
          ),
          { selector: ([ordinal]) => ordinal, maxLength: 200, size: 'max' },
        )
        .map((entries) => new Map(entries)),
      leftBehind: fc
        .dictionary(
          fc.constantFrom('a', 'b'),
          fc
            .uniqueArray(fc.nat(300), { minLength: 1, maxLength: 50, size: 'max' })
            .map((all) => new Set(all)),
        )
        .map((clusters) => new Map(Object.entries(clusters))),
      recentMoves: fc.array(
        fc.record({ ordinal: fc.nat(300), at: fc.nat(3600).map((seconds) => NOW - seconds * 1000) }, plain),
        { maxLength: 20, size: 'max' },
      ),
    },
    plain,
  );

  it('are read as they were written', () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        const written = PlacementStatus.parse({
          ...writePlaces(record),
          places: writePlaces(record).places.map((place) => ({ ...place, replicas: 0, ready: 0 })),
        });
        assert.deepEqual(readPlaces(written), record);
      }),
    );
  });

  it('are written the same whatever the order in which they were found', () => {
    const entries = [0, 1, 2, 3].map(
      (ordinal) => [ordinal, { cluster: ordinal % 2 === 0 ? 'b' : 'a', model: MODEL }] as const,
    );

    assert.deepEqual(
      writePlaces({ ...noPlaces, places: new Map(entries) }),
      writePlaces({ ...noPlaces, places: new Map([...entries].reverse()) }),
    );
    assert.deepEqual(
      byPlace(new Map(entries)).map(({ cluster, ordinals }) => [cluster, ordinals]),
      [
        ['a', [1, 3]],
        ['b', [0, 2]],
      ],
    );
  });

  it('are none without a status', () => {
    assert.equal(readPlaces(undefined), noPlaces);
  });

  it('have one place an ordinal: the first counts', () => {
    const { places } = readPlaces(placementOf({ a: [0, 1], b: [1, 2] }));

    assert.deepEqual(
      [...places].map(([ordinal, { cluster }]) => `${ordinal} ${cluster}`),
      ['0 a', '1 a', '2 b'],
    );
  });

  it('round the time of a move up to the second, so that its hour is not cut short', () => {
    const [move] = writePlaces({ ...noPlaces, recentMoves: [{ ordinal: 4, at: NOW + 1 }] }).recentMoves;

    assert.deepEqual(move, { ordinal: 4, moveTime: '2026-01-01T12:00:01Z' });
  });
});

describe('controllers/minerpool/places, of clusters that another ComputeCluster counts by now', () => {
  const record = readPlaces(
    placementOf(
      { a: [0, 1], b: [2] },
      {
        leftBehind: [
          { cluster: 'a', ordinals: '3' },
          { cluster: 'c', ordinals: '4' },
        ],
      },
    ),
  );

  it('are places of that one', () => {
    const { places, leftBehind } = writePlaces(
      underNamesOfToday(
        record,
        new Map([
          ['a', 'b'],
          ['c', 'b'],
          ['x', 'a'],
        ]),
      ),
    );

    assert.deepEqual(places, [{ cluster: 'b', model: MODEL, ordinals: '0-2' }]);
    assert.deepEqual(leftBehind, [{ cluster: 'b', ordinals: '3-4' }]);
  });

  it('are the very same record when there are none', () => {
    assert.equal(underNamesOfToday(record, new Map()), record);
    assert.equal(underNamesOfToday(record, undefined), record);
  });
});
