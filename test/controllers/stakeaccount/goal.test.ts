import assert from 'node:assert/strict';
import { StakeAccountStatus } from '../../../src/api/stake-account/status.ts';
import { tokenUnits } from '../../../src/chain/amounts/amount.ts';
import { minerId } from '../../../src/controllers/miner-id.ts';
import { goalOf } from '../../../src/controllers/stakeaccount/goal.ts';
import { MINER_TAG, allotment } from '../../support/stake-objects.ts';
import {
  PER_REPLICA,
  accountState,
  ask,
  foreignMiner,
  grounds,
  miner,
  minersOf,
  poolWith,
} from './goal-grounds.ts';

const heeds = (allotted: number, occupied: string, allotmentId = `account-uid.${allotted}`) => ({
  allotted,
  allotmentId,
  occupied,
});

function ids(pool: string, ordinals: readonly number[]): string[] {
  return ordinals.map((ordinal) => minerId(MINER_TAG, pool, ordinal)).sort();
}

describe('controllers/stakeaccount/goal', () => {
  it('wants the stake of all replicas, and registers those that the stake covers', () => {
    const { desired, pools, needed } = goalOf(
      grounds({ asks: [ask(poolWith('pool', 3))], state: accountState(2n * PER_REPLICA) }),
    );
    assert.equal(desired.provisioned, 3n * PER_REPLICA);
    assert.equal(needed, 3n * PER_REPLICA);
    assert.deepEqual(desired.register.map(({ id }) => id).sort(), ids('pool', [0, 1]));
    assert.deepEqual(desired.deregister, []);
    assert.deepEqual(pools, [
      {
        name: 'pool',
        wanted: 3,
        allotted: 2,
        allotmentId: 'account-uid.1',
        ceiling: 3,
        requiredPerReplica: '100',
        registered: '',
      },
    ]);
  });

  it('says what is registered, but of nothing whose deregistration is sent', () => {
    const miners = minersOf('pool', 3);
    const { pools } = goalOf(
      grounds({
        asks: [ask(poolWith('pool', 3))],
        miners,
        state: accountState(3n * PER_REPLICA, miners),
        isLeaving: (id) => id === miners[1]?.id,
      }),
    );
    assert.equal(pools[0]?.registered, '0,2');
  });

  describe('takes off', () => {
    const miners = minersOf('pool', 5);
    const state = accountState(5n * PER_REPLICA, miners);
    const before = (allotted: number, ceiling = allotted) => [allotment({ allotted, ceiling, wanted: 5 })];
    const rows = [
      {
        name: 'nothing that the pool was allotted, before it heeds less',
        pool: poolWith('pool', 3, heeds(5, '0-2')),
        published: before(5),
        gone: [],
      },
      {
        name: 'nothing that it was ever allotted since it answered last',
        pool: poolWith('pool', 3, heeds(2, '0-1', 'account-uid.1')),
        published: before(3, 5),
        gone: [],
      },
      {
        name: 'what it heeds to be gone',
        pool: poolWith('pool', 3, heeds(3, '0-2')),
        published: before(3, 5),
        gone: [3, 4],
      },
      {
        name: 'nothing that has a pod',
        pool: poolWith('pool', 3, heeds(3, '0-2,4')),
        published: before(3, 5),
        gone: [3],
      },
      {
        name: 'nothing of a pool that has never answered and may want it',
        pool: poolWith('pool', 4),
        published: before(2),
        gone: [4],
      },
    ];
    for (const { name, pool, published, gone } of rows) {
      it(name, () => {
        const { desired } = goalOf(grounds({ asks: [ask(pool)], published, miners, state }));
        assert.deepEqual([...desired.deregister].sort(), ids('pool', gone));
      });
    }

    it('nothing of a pool that answered another account of the name, and has not seen this one', () => {
      const pool = poolWith('pool', 5, heeds(5, '0-1', 'former-uid.3'));
      const { desired } = goalOf(
        grounds({ asks: [ask(pool)], miners, state: accountState(2n * PER_REPLICA, miners) }),
      );
      assert.deepEqual(desired.deregister, [], 'it may believe in all five, and make their pods');
    });
  });

  it('leaves the miners of others alone, and their stake to them', () => {
    const miners = [...minersOf('pool', 1), foreignMiner(1), foreignMiner(2)];
    const { desired, registered, foreign, needed } = goalOf(
      grounds({
        asks: [ask(poolWith('pool', 3))],
        miners,
        state: accountState(4n * PER_REPLICA, miners),
      }),
    );
    assert.deepEqual(desired.deregister, []);
    assert.deepEqual(desired.register.map(({ id }) => id).sort(), ids('pool', [1]));
    assert.deepEqual([registered, foreign], [1, 2]);
    assert.equal(needed, 5n * PER_REPLICA);
  });

  it('rounds the stake of others up', () => {
    const miners = [foreignMiner(1, 1), ...minersOf('pool', 2)];
    const { needed } = goalOf(
      grounds({ miners, state: accountState(0n, miners, { required: tokenUnits(1000n) }) }),
    );
    assert.equal(needed, 334n);
  });

  it('takes off a miner of another size once its replica has no pod, and adds it again once it is gone', () => {
    const pool = poolWith('pool', 2, heeds(2, '1'));
    const asks = [ask(pool, { milliUnits: 2000 })];
    const published = [allotment({ allotted: 2, wanted: 2 })];
    const small = minersOf('pool', 2);
    const there = goalOf(
      grounds({ asks, published, miners: small, state: accountState(2n * PER_REPLICA, small) }),
    );
    assert.deepEqual([...there.desired.deregister].sort(), ids('pool', [0]));
    assert.deepEqual(there.desired.register, []);
    const gone = goalOf(grounds({ asks, published, state: accountState(2n * PER_REPLICA) }));
    assert.deepEqual(gone.desired.register, [miner('pool', 0, 2000), miner('pool', 1, 2000)]);
  });

  it('keeps two pools apart', () => {
    const miners = [...minersOf('a', 2), ...minersOf('b', 3)];
    const { desired, pools } = goalOf(
      grounds({
        asks: [ask(poolWith('a', 3)), ask(poolWith('b', 1, heeds(1, '0')))],
        published: [allotment({ name: 'b', allotted: 1, allotmentId: 'account-uid.1' })],
        miners,
        state: accountState(5n * PER_REPLICA, miners),
      }),
    );
    assert.deepEqual([...desired.deregister].sort(), ids('b', [1, 2]));
    assert.deepEqual(desired.register, [miner('a', 2)]);
    assert.deepEqual(
      pools.map(({ name, allotted }) => [name, allotted]),
      [
        ['a', 3],
        ['b', 1],
      ],
    );
  });

  describe('of a pool that is gone', () => {
    const miners = minersOf('pool', 5);
    const published = [allotment({ allotted: 3, ceiling: 3 })];
    const state = accountState(5n * PER_REPLICA, miners);

    it('takes everything off when no pod is left', () => {
      const { desired, pools } = goalOf(grounds({ published, miners, state }));
      assert.deepEqual([...desired.deregister].sort(), ids('pool', [0, 1, 2, 3, 4]));
      assert.deepEqual(pools, []);
    });

    it('keeps what it was allotted, and every ordinal that has a pod, also above that', () => {
      const lingering = new Map([['pool', [1, 4]]]);
      const { desired, pools } = goalOf(grounds({ published, miners, state, lingering }));
      assert.deepEqual([...desired.deregister], ids('pool', [3]));
      assert.deepEqual(pools, published);
    });
  });

  it('the fixed stake is wanted whatever the pools need', () => {
    const { desired } = goalOf(grounds({ asks: [ask(poolWith('pool', 3))], fixed: tokenUnits(7n) }));
    assert.equal(desired.provisioned, 7n);
  });

  it('writes what the schema takes, also while miners of a large pool are registered in any order', () => {
    const every = minersOf('pool', 8000);
    const miners = every.filter((_, ordinal) => ordinal % 2 === 0);
    const { pools } = goalOf(
      grounds({
        asks: [ask(poolWith('pool', 8000))],
        miners,
        state: accountState(8000n * PER_REPLICA, miners),
      }),
    );
    const parsed = StakeAccountStatus.shape.pools.safeParse(pools);
    assert.ok(parsed.success, 'the API server would refuse the status');
    assert.match(pools[0]?.registered ?? '', /^0,2,4,.*\d$/);
  });
});
