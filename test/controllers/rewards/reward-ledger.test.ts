import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type PoolAllotment, StakeAccountStatus } from '../../../src/api/stake-account/status.ts';
import { tokenUnits, wei } from '../../../src/chain/amounts/amount.ts';
import { parseTokens } from '../../../src/chain/amounts/decimal.ts';
import type { ClaimStanding, SeenClaim } from '../../../src/chain/protocols/protocol.ts';
import { type RewardFigures, rewardFigures } from '../../../src/controllers/rewards/reward-ledger.ts';
import type { RewardLook } from '../../../src/controllers/rewards/reward-look.ts';
import { allotment } from '../../support/stake-objects.ts';

const DECIMALS = 2;

function claim(epoch: number, units: number, standing: ClaimStanding): SeenClaim {
  return { epoch, amount: tokenUnits(BigInt(units)), proof: [], standing, claimableAt: 0 };
}

function look(claims: readonly SeenClaim[], paid: readonly number[] = []): RewardLook {
  return {
    claims,
    paid: new Set(paid),
    settling: new Map(),
    waitsFor: undefined,
    isUnread: false,
    problem: undefined,
    baseFeePerGas: wei(0n),
    nextAt: undefined,
  };
}

const pool = (name: string): PoolAllotment => allotment({ name });

/** The ledger of an account whose pools have the weights of their names, after some looks. */
function after(
  looks: readonly RewardLook[],
  weights: Readonly<Record<string, number>> = { a: 1 },
  start?: RewardFigures,
): RewardFigures {
  const pools = Object.keys(weights).map(pool);
  let figures = start;
  for (const each of looks) {
    figures = rewardFigures({
      before: figures && {
        ...StakeAccountStatus.parse({ openTransactions: 0, conditions: [] }),
        rewards: figures.rewards,
        pools: figures.pools,
      },
      look: each,
      shares: () => ({
        shares: Object.entries(weights).map(([name, milliUnits]) => ({ pool: name, milliUnits })),
        otherMilliUnits: 0,
      }),
      minimum: 100n,
      decimals: DECIMALS,
      pools,
    });
  }
  assert.ok(figures !== undefined, 'there is at least one look');
  return figures;
}

const sums = ({ rewards }: RewardFigures): readonly string[] => [
  rewards.claimable,
  rewards.pending,
  rewards.claimed,
  rewards.counted,
];

describe('controllers/rewards/reward-ledger', () => {
  const rows: readonly [it: string, looks: readonly RewardLook[], sums: readonly string[]][] = [
    ['knows nothing of what has no root', [look([claim(1, 500, 'Unposted')])], ['0', '0', '0', '']],
    ['believes nothing that is disproved', [look([claim(1, 500, 'Disproved')])], ['0', '0', '0', '']],
    ['has pending what is challenged', [look([claim(1, 500, 'Challenged')])], ['0', '5', '0', '']],
    ['has claimable what is enough', [look([claim(1, 100, 'Claimable')])], ['1', '0', '0', '']],
    ['has pending what is too little', [look([claim(1, 99, 'Claimable')])], ['0', '0.99', '0', '']],
    ['counts nothing before it is final', [look([claim(1, 500, 'Claimed')])], ['0', '0', '0', '']],
    ['counts what is final', [look([claim(1, 500, 'Claimed')], [1])], ['0', '0', '5', '1']],
    [
      'counts it once, however often it is shown',
      [look([claim(1, 500, 'Claimed')], [1]), look([claim(1, 500, 'Claimed')], [1])],
      ['0', '0', '5', '1'],
    ],
    [
      'counts what is told of no more',
      [look([claim(1, 500, 'Claimable')]), look([], [1])],
      ['0', '0', '5', '1'],
    ],
    [
      'counts an epoch whose root came late',
      [look([claim(3, 100, 'Claimed')], [3]), look([claim(2, 500, 'Claimed')], [2])],
      ['0', '0', '6', '2-3'],
    ],
  ];
  for (const [it_, looks, expected] of rows) {
    it(it_, () => assert.deepEqual(sums(after(looks)), expected));
  }

  it('leaves to nobody what pools earned that are gone', () => {
    const before = after([look([claim(1, 500, 'Claimed')], [1])], { a: 1, b: 4 });
    const now = after([look([])], { a: 1 }, before);
    assert.deepEqual(
      [now.rewards.claimed, now.rewards.unattributed, now.pools.map(({ rewardsClaimed }) => rewardsClaimed)],
      ['5', '4', ['1']],
    );
  });

  it('divides by the miners that there were when a claim was first seen', () => {
    const before = after([look([claim(1, 500, 'Claimable')])], { a: 1, b: 4 });
    const now = after([look([], [1])], { a: 1, b: 0 }, before);
    assert.deepEqual(
      now.pools.map(({ rewardsClaimed }) => rewardsClaimed),
      ['1', '4'],
    );
  });

  it('remembers that an old epoch is counted, or takes it to be', () => {
    const many = Array.from({ length: 300 }, (_, index) => 10 + 2 * index);
    const looks = many.map((epoch) => look([claim(epoch, 100, 'Claimed')], [epoch]));
    const again = after([...looks, look([claim(10, 100, 'Claimed'), claim(3, 100, 'Claimed')], [10, 3])]);
    assert.equal(again.rewards.claimed, '300');
  });

  it('counts each claim once and adds up, whatever is seen in whichever order', () => {
    const standings: readonly ClaimStanding[] = ['Unposted', 'Challenged', 'Claimable', 'Claimed'];
    const seen = fc.record({
      stages: fc.array(fc.nat({ max: 4 }), { minLength: 12, maxLength: 12 }),
      hidden: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
      a: fc.nat({ max: 5 }),
      b: fc.nat({ max: 5 }),
    });
    fc.assert(
      fc.property(fc.array(seen, { minLength: 1, maxLength: 12 }), (history) => {
        let figures: RewardFigures | undefined;
        const stages = new Array<number>(12).fill(0);
        const told = new Set<number>();
        for (const { stages: now, hidden, a, b } of history) {
          // A claim goes on its way, and not back.
          now.forEach((stage, epoch) => (stages[epoch] = Math.max(stages[epoch] ?? 0, stage)));
          const claims = stages.flatMap((stage, epoch) =>
            hidden[epoch] === true
              ? []
              : [claim(epoch, 1 + epoch * 7, standings[Math.min(stage, 3)] ?? 'Unposted')],
          );
          claims
            .filter(({ standing }) => standing === 'Claimable' || standing === 'Claimed')
            .forEach(({ epoch }) => told.add(epoch));
          const paid = stages.flatMap((stage, epoch) => (stage === 4 ? [epoch] : []));
          figures = after([look(claims, paid)], { a, b }, figures);
        }
        const expected = [...told]
          .filter((epoch) => stages[epoch] === 4)
          .reduce((sum, epoch) => sum + BigInt(1 + epoch * 7), 0n);
        const units = (text = '0'): bigint => parseTokens(text, DECIMALS);
        const { rewards, pools = [] } = figures ?? {};
        const counted = units(rewards?.claimed);
        // What ended while it was hidden, after it was told of, is counted as well.
        assert.equal(counted, expected);
        const parts = pools.reduce((sum, { rewardsClaimed }) => sum + units(rewardsClaimed), 0n);
        assert.equal(parts + units(rewards?.unattributed), counted);
      }),
    );
  });
});
