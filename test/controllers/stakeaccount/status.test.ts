import assert from 'node:assert/strict';
import { type PoolAllotment, StakeAccountStatus } from '../../../src/api/stake-account/status.ts';
import { tokenUnits, wei } from '../../../src/chain/amounts/amount.ts';
import type { SeenClaim } from '../../../src/chain/protocols/protocol.ts';
import type { RewardLook } from '../../../src/controllers/rewards/reward-look.ts';
import { cleared, statusOf } from '../../../src/controllers/stakeaccount/status.ts';
import { allotment } from '../../support/stake-objects.ts';
import { EPOCH, NOW, account, seen } from './seen-account.ts';

const claim: SeenClaim = {
  epoch: 3,
  amount: tokenUnits(5n),
  proof: [],
  standing: 'Claimable',
  claimableAt: 0,
};

function look(changes: Partial<RewardLook> = {}): RewardLook {
  return {
    claims: [claim],
    paid: new Set(),
    settling: new Map(),
    waitsFor: undefined,
    isUnread: false,
    problem: undefined,
    baseFeePerGas: wei(1n),
    nextAt: undefined,
    ...changes,
  };
}

/** The account with a status in which its pool has had a part of rewards. */
function rewarded(
  pools: PoolAllotment[] = [allotment({ name: 'pool', rewardsClaimed: '2' })],
): ReturnType<typeof account> {
  const rewards = { claimable: '0', pending: '0', claimed: '2', unattributed: '0', open: [], counted: '2' };
  return { ...account(), status: StakeAccountStatus.parse({ openTransactions: 0, pools, rewards }) };
}

describe('controllers/stakeaccount/status', () => {
  it('shows what is earned once it is read', () => {
    const { rewards } = statusOf(rewarded(), seen({ rewards: look() }), NOW);
    assert.notEqual(rewards, undefined);
    assert.equal(rewards?.claimed, '2');
    assert.equal(rewards.open.length, 1);
  });

  it('keeps what was counted while nobody has told of rewards yet', () => {
    for (const rewards of [undefined, look({ isUnread: true })]) {
      const status = statusOf(rewarded(), seen(rewards === undefined ? {} : { rewards }), NOW);
      assert.equal(status.rewards?.claimed, '2');
      assert.equal(status.pools.find(({ name }) => name === 'pool')?.rewardsClaimed, '2');
    }
  });

  it('gives the part of a pool that is gone to nobody, also while rewards are not read', () => {
    const pools = [allotment({ name: 'gone', rewardsClaimed: '2' })];
    const { rewards } = statusOf(rewarded(pools), seen(), NOW);
    assert.deepEqual([rewards?.claimed, rewards?.unattributed], ['2', '2']);
  });

  it('says nothing of rewards, and gives no pool a part, that were never known', () => {
    const status = statusOf(account(), seen(), NOW);
    assert.equal('rewards' in status, false);
    assert.equal(
      status.pools.some((pool) => 'rewardsClaimed' in pool),
      false,
    );
    const other = statusOf(rewarded([allotment({ name: 'other' })]), seen(), NOW);
    assert.equal(
      other.pools.some((pool) => 'rewardsClaimed' in pool),
      false,
    );
  });

  it('shows the soonest thaws, and what is wanted up to the cap', () => {
    const base = seen();
    const thaws = [2, 1].map((day) => ({ tokens: tokenUnits(1n), dueAt: NOW + day * 86_400_000 }));
    const capped = { ...base.goal, desired: { ...base.goal.desired, maxStaked: tokenUnits(1n) } };
    const status = statusOf(account(), seen({ state: { ...base.state, thaws }, goal: capped }), NOW);
    assert.deepEqual(
      status.thaws.map(({ dueTime }) => dueTime),
      ['2026-01-02T12:00:00Z', '2026-01-03T12:00:00Z'],
    );
    assert.match(status.stake?.desired ?? '', /1$/);
  });

  it('names the duty of the epoch until it is done, where there is one', () => {
    const { state, goal } = seen();
    const checksIn = { ...goal, desired: { ...goal.desired, checksIn: true } };
    const due = statusOf(account(), seen({ goal: checksIn }, { epoch: EPOCH }), NOW);
    assert.equal(due.nextDuty?.kind, 'CheckIn');
    const done = statusOf(
      account(),
      seen({ goal: checksIn, state: { ...state, checkedIn: true } }, { epoch: EPOCH }),
      NOW,
    );
    assert.deepEqual([done.nextDuty, done.checkedInEpoch], [undefined, EPOCH.number]);
    const none = statusOf(account(), seen({ goal: checksIn }, { epoch: undefined }), NOW);
    assert.deepEqual([none.nextDuty, none.checkedInEpoch], [undefined, undefined]);
    assert.equal(
      statusOf(account({ mode: 'Observe' }), seen({ goal: checksIn }, { epoch: EPOCH }), NOW).nextDuty,
      undefined,
    );
  });

  it('keeps the last epoch that was checked in, and has no generation where the object has none', () => {
    const { metadata, ...rest } = account();
    const { generation: _generation, ...unnumbered } = metadata;
    const before = StakeAccountStatus.parse({ openTransactions: 0, checkedInEpoch: 4 });
    const status = statusOf(
      { ...rest, metadata: unnumbered, status: before },
      seen({}, { epoch: undefined }),
      NOW,
    );
    assert.deepEqual([status.checkedInEpoch, status.observedGeneration], [4, undefined]);
  });

  it('takes a duty away that is over', () => {
    const duty = StakeAccountStatus.parse({
      openTransactions: 0,
      nextDuty: { kind: 'CheckIn', dueTime: '2026-01-01T00:00:00Z' },
    });
    const { nextDuty: _duty, ...over } = duty;
    assert.deepEqual(cleared(over, duty), { ...over, nextDuty: null });
    assert.deepEqual(cleared(duty, duty), duty);
    assert.deepEqual(cleared(over, undefined), over);
  });
});
