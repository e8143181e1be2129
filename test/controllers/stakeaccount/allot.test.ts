import assert from 'node:assert/strict';
import fc from 'fast-check';
import { tokenUnits } from '../../../src/chain/amounts/amount.ts';
import { type PoolClaim, allot } from '../../../src/controllers/stakeaccount/allot.ts';

function claim(name: string, wanted: number, held: number, perReplica = 100n): PoolClaim {
  return { name, wanted, held, perReplica: tokenUnits(perReplica) };
}

function costOf(claims: readonly PoolClaim[], given: ReadonlyMap<string, number>): bigint {
  return claims.reduce((sum, { name, perReplica }) => sum + BigInt(given.get(name) ?? 0) * perReplica, 0n);
}

const claims = fc
  .array(
    fc.record({
      wanted: fc.nat(40),
      held: fc.nat(40),
      perReplica: fc.oneof(fc.bigInt(0n, 200n), fc.constant(10n ** 24n)),
    }),
    { maxLength: 6 },
  )
  .map((all) =>
    all.map(({ wanted, held, perReplica }, index) => claim(`p${index}`, wanted, held, perReplica)),
  );

const available = fc.oneof(fc.bigInt(-100n, 6000n), fc.bigInt(0n, 10n ** 26n));

describe('controllers/stakeaccount/allot', () => {
  const rows = [
    { name: 'nothing for nobody', stake: 1000n, claims: [], given: [] },
    { name: 'as many as are wanted', stake: 1000n, claims: [claim('a', 3, 0)], given: [3] },
    { name: 'as many as the stake covers', stake: 299n, claims: [claim('a', 3, 0)], given: [2] },
    { name: 'none of less than nothing', stake: -1n, claims: [claim('a', 3, 3)], given: [0] },
    {
      name: 'what a pool holds before more for one that goes before it',
      stake: 500n,
      claims: [claim('a', 5, 1), claim('b', 3, 3)],
      given: [2, 3],
    },
    {
      name: 'nothing for what a pool holds and does not want any more',
      stake: 500n,
      claims: [claim('a', 1, 4), claim('b', 4, 0)],
      given: [1, 4],
    },
    {
      name: 'the last gives first, after a slash',
      stake: 350n,
      claims: [claim('a', 3, 3), claim('b', 3, 3)],
      given: [3, 0],
    },
    {
      name: 'a small one fits where a large one does not',
      stake: 150n,
      claims: [claim('a', 1, 0, 200n), claim('b', 2, 0, 100n)],
      given: [0, 1],
    },
    { name: 'what costs nothing', stake: 0n, claims: [claim('a', 7, 0, 0n)], given: [7] },
    {
      name: 'more stake than a number can count',
      stake: 10n ** 40n,
      claims: [claim('a', 10_000, 0, 1n)],
      given: [10_000],
    },
  ];
  for (const { name, stake, claims: asked, given } of rows) {
    it(name, () => assert.deepEqual([...allot(stake, asked).values()], given));
  }

  it('never gives more than the stake covers, nor more than is wanted, nor less than none', () => {
    fc.assert(
      fc.property(available, claims, (stake, asked) => {
        const given = allot(stake, asked);
        assert.ok(costOf(asked, given) <= (stake > 0n ? stake : 0n), 'it is covered');
        for (const { name, wanted } of asked) {
          const replicas = given.get(name) ?? -1;
          assert.ok(
            Number.isInteger(replicas) && replicas >= 0 && replicas <= wanted,
            `${name}: ${replicas}`,
          );
        }
      }),
    );
  });

  it('keeps what is held and wanted while the stake covers that, and gives the rest as far as it goes', () => {
    fc.assert(
      fc.property(available, claims, (stake, asked) => {
        const given = allot(stake, asked);
        const held = new Map(asked.map(({ name, wanted, held: has }) => [name, Math.min(wanted, has)]));
        if (costOf(asked, held) <= stake) {
          for (const { name } of asked) {
            assert.ok((given.get(name) ?? 0) >= (held.get(name) ?? 0), `${name} keeps what it has`);
          }
        }
        const left = stake - costOf(asked, given);
        for (const { name, wanted, perReplica } of asked) {
          assert.ok(given.get(name) === wanted || perReplica > left, `${name} could have one more`);
        }
      }),
    );
  });

  it('gives the same to one who has been given it: nothing goes back and forth', () => {
    fc.assert(
      fc.property(available, claims, (stake, asked) => {
        const given = allot(stake, asked);
        const again = asked.map((one) => ({ ...one, held: given.get(one.name) ?? 0 }));
        assert.deepEqual(allot(stake, again), given);
      }),
    );
  });
});
