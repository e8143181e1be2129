import assert from 'node:assert/strict';
import fc from 'fast-check';
import { findCondition, isTrue } from '../../../src/api/conditions.ts';
import type { StakeAccount } from '../../../src/api/stake-account.ts';
import { StakeAccountStatus } from '../../../src/api/stake-account/status.ts';
import { tokenUnits } from '../../../src/chain/amounts/amount.ts';
import { goalOf } from '../../../src/controllers/stakeaccount/goal.ts';
import type { Standing } from '../../../src/controllers/stakeaccount/standing.ts';
import { cleared, statusOf } from '../../../src/controllers/stakeaccount/status.ts';
import { rfc3339 } from '../../../src/time/clock.ts';
import { entry, intentNamed } from '../../chain/engine/situations.ts';
import { PER_REPLICA, accountState, ask, grounds, miner, poolWith } from './goal-grounds.ts';
import { EPOCH, NOW, READY_MINERS, account, seen, stake } from './seen-account.ts';

/** Three are wanted, and there is stake for one. */
const shortGoal = goalOf(grounds({ asks: [ask(poolWith('pool', 3))], state: accountState(PER_REPLICA) }));

const rows: {
  name: string;
  spec?: Partial<StakeAccount['spec']>;
  standing: Standing;
  ready: string;
  progress?: 'Reconciling' | 'Stalled';
  message?: RegExp;
}[] = [
  { name: 'as wanted', standing: seen(), ready: 'True AsWanted', message: /^200 TST .* for 2 miners$/ },
  {
    name: 'cannot be read',
    standing: { kind: 'unread', obstacle: { reason: 'NetworkMissing', message: 'none', isStalled: true } },
    ready: 'False NetworkMissing',
    progress: 'Stalled',
  },
  {
    name: 'will be read',
    standing: { kind: 'unread', obstacle: { reason: 'AccountUnread', message: 'soon', isStalled: false } },
    ready: 'False AccountUnread',
    progress: 'Reconciling',
  },
  {
    name: 'another has the key',
    standing: seen({ obstacle: { reason: 'KeyInUse', message: 'taken', isStalled: true } }),
    ready: 'False KeyInUse',
    progress: 'Stalled',
  },
  {
    name: 'a pool is not understood',
    standing: seen({ problems: ['MinerPool a: no', 'MinerPool b: no'] }),
    ready: 'False PoolNotUnderstood',
    progress: 'Stalled',
    message: /^MinerPool a: no; MinerPool b: no$/,
  },
  {
    name: 'observed',
    spec: { mode: 'Observe' },
    standing: seen({ signer: undefined }),
    ready: 'True Observed',
  },
  {
    name: 'suspended, with nothing to do',
    spec: { suspend: true },
    standing: seen(),
    ready: 'True Suspended',
  },
  {
    name: 'suspended, with something to do',
    spec: { suspend: true },
    standing: seen({ plan: { moves: [stake], shortages: [] }, entries: [entry({ nonce: 0 })] }),
    ready: 'False Suspended',
    message: /it would send: Stake 5 on 0; 1 transactions/,
  },
  {
    name: 'suspended, with miners that the stake does not cover',
    spec: { suspend: true },
    standing: seen({ goal: shortGoal, state: accountState(PER_REPLICA) }),
    ready: 'False Suspended',
  },
  {
    name: 'the whole operator signs nothing',
    standing: seen({ dryRun: true, plan: { moves: [stake], shortages: [] } }),
    ready: 'False Suspended',
    message: /--dry-run/,
  },
  {
    name: 'the key is wrong',
    standing: seen({ signer: { kind: 'problem', reason: 'WrongKey', message: 'of another' } }),
    ready: 'False WrongKey',
    progress: 'Stalled',
  },
  {
    name: 'nobody signs',
    standing: seen({ signer: { kind: 'none' } }),
    ready: 'False SignerMisconfigured',
    progress: 'Stalled',
  },
  {
    name: 'the chain refused what is wanted still',
    standing: seen({
      plan: { moves: [stake], shortages: [] },
      entries: [
        entry({
          nonce: 0,
          intent: intentNamed('', { kind: 'Stake', data: '0x05' }),
          status: { outcome: 'Reverted', revertReason: 'NotEnough()' },
        }),
      ],
    }),
    ready: 'False TransactionFailed',
    progress: 'Stalled',
    message: /Stake .* Reverted: NotEnough\(\).*headframe tx retry acct-0/,
  },
  {
    name: 'the chain refused what is wanted still, and something else after it',
    standing: seen({
      plan: { moves: [stake], shortages: [] },
      entries: [
        entry({
          nonce: 0,
          intent: intentNamed('', { kind: 'Stake', data: '0x05' }),
          status: { outcome: 'Reverted' },
        }),
        entry({ nonce: 1, status: { outcome: 'Reverted' } }),
      ],
    }),
    ready: 'False TransactionFailed',
    progress: 'Stalled',
    message: /acct-0$/,
  },
  {
    name: 'gas is dear',
    standing: seen({
      holds: [{ reason: 'FeesAboveLimit', explanation: '90 gwei of 40', notBefore: NOW + 5000 }],
    }),
    ready: 'False FeesAboveLimit',
    progress: 'Reconciling',
    message: /^90 gwei of 40; not before 2026-01-01T12:00:05Z$/,
  },
  {
    name: 'too few tokens',
    standing: seen({
      plan: {
        moves: [],
        shortages: [{ kind: 'Tokens', needed: tokenUnits(20_000n), held: tokenUnits(1550n) }],
      },
    }),
    ready: 'False InsufficientTokens',
    progress: 'Stalled',
    message: /^200 TST more .* holds 15\.5 TST/,
  },
  {
    name: 'the cap',
    standing: seen({
      plan: {
        moves: [],
        shortages: [{ kind: 'Cap', needed: tokenUnits(20_000n), allowed: tokenUnits(10_000n) }],
      },
    }),
    ready: 'False StakeCapReached',
    progress: 'Stalled',
    message: /^200 TST are wanted, and spec\.stake\.max allows 100 TST$/,
  },
  {
    name: 'contracts are paused, with miners to add',
    standing: seen({ goal: shortGoal }, { paused: ['MinerRegistry'] }),
    ready: 'False ContractsPaused',
    progress: 'Reconciling',
  },
  {
    name: 'contracts are paused, with nothing but stake to add',
    standing: seen(
      {
        goal: goalOf(grounds({ fixed: tokenUnits(50_000n) })),
        state: accountState(0n),
        miners: [],
      },
      { paused: ['StakeManager'] },
    ),
    ready: 'False ContractsPaused',
    progress: 'Reconciling',
  },
  {
    name: 'under way',
    standing: seen({
      entries: [entry({ nonce: 0 })],
      plan: { moves: [stake], shortages: [] },
      goal: shortGoal,
    }),
    ready: 'False TransactionsUnderWay',
    progress: 'Reconciling',
    message: /^Count sent; Stake to be sent; 1 miners to be registered$/,
  },
];

describe('controllers/stakeaccount/status', () => {
  for (const { name, spec, standing, ready, progress, message = /./ } of rows) {
    it(`Ready: ${name}`, () => {
      const { conditions } = statusOf(account(spec), standing, NOW);
      const found = findCondition(conditions, 'Ready');
      assert.equal(`${found?.status} ${found?.reason}`, ready);
      assert.match(found?.message ?? '', message);
      for (const type of ['Reconciling', 'Stalled']) {
        assert.equal(isTrue(conditions, type), type === progress, type);
      }
    });

    it(`what the schema takes: ${name}`, () => {
      const status = statusOf(account(spec), standing, NOW);
      assert.deepEqual(StakeAccountStatus.parse(status), status);
    });
  }

  it('says nothing of figures that cannot be read, and keeps the last', () => {
    const unread: Standing = {
      kind: 'unread',
      obstacle: { reason: 'AccountUnread', message: 'soon', isStalled: false },
    };
    const { status: _none, ...fresh } = account();
    assert.deepEqual(statusOf(fresh, unread, NOW).pools, []);
    const known = { ...account(), status: statusOf(account(), seen(), NOW) };
    const { conditions, ...figures } = statusOf(known, unread, NOW);
    const { conditions: before, ...figuresBefore } = known.status;
    assert.deepEqual(figures, figuresBefore);
    assert.deepEqual(findCondition(conditions, 'SignerReady'), findCondition(before, 'SignerReady'));
  });

  it('is equal when nothing has changed', () => {
    const first = statusOf(account(), seen({}, { epoch: EPOCH }), NOW);
    const again = statusOf({ ...account(), status: first }, seen({}, { epoch: EPOCH }), NOW + 1000);
    assert.deepEqual(again, first);
  });

  it('names the next duty while it is not done, and takes it away', () => {
    const due = statusOf(account(), seen({}, { epoch: EPOCH }), NOW);
    assert.equal(due.nextDuty?.dueTime, '2026-01-01T12:09:00Z');
    assert.equal(findCondition(due.conditions, 'DutiesDone')?.reason, 'DutyOpen');
    const state = accountState(2n * PER_REPLICA, READY_MINERS, { checkedIn: true });
    const done = statusOf({ ...account(), status: due }, seen({ state }, { epoch: EPOCH }), NOW);
    assert.equal(done.checkedInEpoch, 7);
    assert.equal((cleared(done, due) as { nextDuty: unknown }).nextDuty, null);
    assert.equal('nextDuty' in cleared(done, done), false);
  });

  it('says that a duty was missed once its transaction has ended otherwise, and not before', () => {
    const intent = {
      ...intentNamed('duty'),
      kind: 'CheckIn',
      urgency: 'Essential' as const,
      expiryTime: rfc3339(EPOCH.startsAt),
    };
    const dutiesDone = (status?: Parameters<typeof entry>[0]['status']): string => {
      const sent = entry({ nonce: 0, intent, ...(status === undefined ? {} : { status }) });
      const { conditions } = statusOf(account(), seen({ entries: [sent] }, { epoch: EPOCH }), NOW);
      const { status: is, reason, message } = findCondition(conditions, 'DutiesDone') ?? {};
      return `${is} ${reason} ${(message ?? '').includes('epoch 6 was not done')}`;
    };
    assert.equal(dutiesDone(), 'Unknown DutyOpen false');
    assert.equal(dutiesDone({ outcome: 'Confirmed', conditions: [] }), 'Unknown DutyOpen false');
    assert.equal(dutiesDone({ outcome: 'Expired', conditions: [] }), 'False DutyMissed true');
    const revertReason = 'NotEligible()';
    assert.equal(dutiesDone({ outcome: 'Reverted', revertReason, conditions: [] }), 'False DutyMissed true');
  });

  it('of an account that withdraws: what thaws, when the next is due, and who holds it up', () => {
    const { metadata, ...rest } = account({ deletionPolicy: 'Withdraw' });
    const leaving = { ...rest, metadata: { ...metadata, deletionTimestamp: rfc3339(NOW) } };
    const { state, goal } = seen();
    const thaws = [{ tokens: tokenUnits(5n), dueAt: NOW + 60_000 }];
    const held = seen({
      state: { ...state, thaws, thawing: tokenUnits(5n) },
      goal: { ...goal, foreign: 3, desired: { ...goal.desired, register: [], deregister: [] } },
    });
    const ready = findCondition(statusOf(leaving, held, NOW).conditions, 'Ready');
    assert.equal(ready?.reason, 'Withdrawing');
    assert.match(
      ready.message,
      /thaw, .* are provisioned; the next can be taken out at 2026-01-01T12:01:00Z; 3 miners of others/,
    );
  });

  it('does not say the same again with other numbers while something is held', () => {
    const held = (explanation: string): ReturnType<typeof seen> =>
      seen({ holds: [{ reason: 'FeesAboveLimit', explanation }], plan: { moves: [stake], shortages: [] } });
    const first = statusOf(account(), held('it needs 61.5 gwei'), NOW);
    const again = statusOf({ ...account(), status: first }, held('it needs 62 gwei'), NOW);
    assert.deepEqual(again, first);
    const other = statusOf({ ...account(), status: first }, held('it costs 62 gwei'), NOW);
    assert.match(findCondition(other.conditions, 'Ready')?.message ?? '', /costs 62/);
  });

  it('names no duty of an account that is leaving: it does none any more', () => {
    const goal = goalOf(grounds({ checksIn: false, miners: [miner('pool', 0)] }));
    const status = statusOf(account(), seen({ goal }, { epoch: EPOCH }), NOW);
    assert.equal(status.nextDuty, undefined);
    assert.equal(findCondition(status.conditions, 'DutiesDone'), undefined);
  });

  it('of any mixture: one Ready, and never both Reconciling and Stalled', () => {
    const parts = rows.flatMap(({ standing }) => (standing.kind === 'seen' ? [standing] : []));
    const any = fc.constantFrom(...parts);
    fc.assert(
      fc.property(fc.tuple(any, any, any, any), fc.boolean(), ([a, b, c, d], suspend) => {
        const mixed = { ...a, holds: b.holds, plan: c.plan, entries: d.entries, signer: b.signer };
        const status = statusOf(account({ suspend }), mixed, NOW);
        const { conditions } = StakeAccountStatus.parse(status);
        assert.equal(conditions.filter(({ type }) => type === 'Ready').length, 1);
        assert.ok(!(isTrue(conditions, 'Reconciling') && isTrue(conditions, 'Stalled')), 'one of the two');
        assert.ok(!isTrue(conditions, 'Ready') || !isTrue(conditions, 'Stalled'), 'ready is not stalled');
      }),
    );
  });
});
