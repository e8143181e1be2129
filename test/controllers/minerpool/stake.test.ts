import assert from 'node:assert/strict';
import type { Pod } from '../../../src/api/builtin.ts';
import { findCondition } from '../../../src/api/conditions.ts';
import type { MinerPool, MinerPoolSpec } from '../../../src/api/miner-pool.ts';
import type { StakeAccount } from '../../../src/api/stake-account.ts';
import type { PoolAllotment } from '../../../src/api/stake-account/status.ts';
import { decide } from '../../../src/controllers/minerpool/decide.ts';
import { eventsOf } from '../../../src/controllers/minerpool/events.ts';
import { verdictOf } from '../../../src/controllers/minerpool/gates.ts';
import { nothingDone } from '../../../src/controllers/minerpool/outcome.ts';
import type { Plan, Step } from '../../../src/controllers/minerpool/plan.ts';
import { podSource, revisionName } from '../../../src/controllers/minerpool/revision.ts';
import { cleared, statusOf } from '../../../src/controllers/minerpool/status.ts';
import { minerId } from '../../../src/controllers/miner-id.ts';
import { NOW, minerPool, poolPod } from '../../support/pool-objects.ts';
import { seenHere } from '../../support/seen-here.ts';
import { ADDRESS, MINER_TAG, allotment, stake, stakeAccount } from '../../support/stake-objects.ts';

const NEW = revisionName('pool', podSource(minerPool()));
const OLD = 'pool-0000000000';

const bare = (ordinal: number, revision = NEW): Pod =>
  poolPod({ ordinal, revision, node: 'n', readyFor: 600 });
const ready = (ordinal: number, revision = NEW, address = ADDRESS): Pod => {
  const pod = bare(ordinal, revision);
  const annotations = {
    'headframe.dev/miner-id': minerId(MINER_TAG, 'pool', ordinal),
    'headframe.dev/miner-account': address,
    'headframe.dev/miner-network': 'testnet',
    'headframe.dev/miner-chain-id': '31337',
  };
  return { ...pod, metadata: { ...pod.metadata, annotations } };
};
const terminating = (ordinal: number): Pod =>
  poolPod({ ordinal, revision: NEW, node: 'n', readyFor: 600, terminating: true });
const failed = (ordinal: number): Pod =>
  poolPod({
    ordinal,
    revision: NEW,
    node: 'n',
    phase: 'Failed',
    ended: { agoSeconds: 3600, ranSeconds: 5 },
  });

/** An account that has not been able to say yet what its miners’ ids begin with. */
function untagged(): StakeAccount {
  const { status, ...account } = stakeAccount();
  const { minerTag: _tag, ...rest } = status ?? assert.fail();
  return { ...account, status: rest };
}

interface Seen {
  readonly spec?: Partial<MinerPoolSpec>;
  readonly status?: Partial<NonNullable<MinerPool['status']>>;
  /** Null: there is no such account. Default: all is well. */
  readonly account?: StakeAccount | null;
  readonly allotted?: Partial<PoolAllotment>;
  readonly pods?: readonly Pod[];
  readonly lost?: boolean;
}

function plan({ spec, status, account, allotted = {}, pods = [], lost = false }: Seen): Plan {
  const pool = minerPool({ stake, ...spec });
  return decide(
    seenHere({
      pool: status === undefined ? pool : { ...pool, status: status as NonNullable<MinerPool['status']> },
      account: account === null ? undefined : (account ?? stakeAccount([allotment(allotted)])),
      pods,
      awaySince: () => (lost ? NOW - 3_600_000 : undefined),
    }),
    NOW,
  );
}

function text(step: Step): string {
  return step.kind === 'create'
    ? `create ${step.order.ordinal}`
    : `${step.kind} ${step.replica.ordinal} ${step.cause}`;
}

describe('controllers/minerpool/stake', () => {
  describe('what is done', () => {
    const five = { replicas: 5 };
    const rows: (Seen & { name: string; steps: readonly string[] })[] = [
      { name: 'all miners are registered', steps: ['create 0', 'create 1', 'create 2'] },
      { name: 'nothing is allotted yet', account: stakeAccount([]), steps: [] },
      { name: 'there is no account', account: null, steps: [] },
      { name: 'the stake covers less', spec: five, steps: ['create 0', 'create 1', 'create 2'] },
      { name: 'the stake covers more', spec: { replicas: 1 }, steps: ['create 0'] },
      {
        name: 'miners are registered one by one',
        allotted: { registered: '0,2' },
        steps: ['create 0', 'create 2'],
      },
      {
        name: 'the account does not know its miners yet',
        account: untagged(),
        steps: [],
      },
      {
        name: 'no pod is made for a miner that is not allotted',
        allotted: { allotted: 1 },
        steps: ['create 0'],
      },
      {
        name: 'a slash takes the highest ordinals',
        allotted: { allotted: 1 },
        pods: [ready(0), ready(1), ready(2)],
        steps: ['remove 2 scaleDown', 'remove 1 scaleDown'],
      },
      { name: 'nothing is left', allotted: { allotted: 0 }, pods: [ready(0)], steps: ['remove 0 scaleDown'] },
      { name: 'suspended', spec: { suspend: true }, pods: [ready(0)], steps: ['remove 0 suspend'] },
      {
        name: 'an ejected miner’s pod stays',
        allotted: { registered: '0' },
        pods: [ready(0), ready(1), ready(2)],
        steps: [],
      },
      {
        name: 'an ejected miner’s pod is not made again',
        allotted: { registered: '0' },
        pods: [failed(0), failed(1), ready(2)],
        steps: ['replace 0 failed'],
      },
      {
        name: 'nor when its node is lost',
        allotted: { registered: '0' },
        pods: [ready(0), ready(1)],
        lost: true,
        steps: ['remove 1 lost', 'replace 0 lost'],
      },
      {
        name: 'an update leaves what it could not make again',
        allotted: { registered: '0' },
        pods: [ready(0, OLD), ready(1, OLD), ready(2, OLD)],
        steps: ['remove 0 update'],
      },
      {
        name: 'what was made before there was stake is made again, within the budget',
        pods: [bare(0), bare(1), ready(2)],
        steps: ['remove 1 update'],
      },
      {
        name: 'so is what was made for another account',
        pods: [ready(0), ready(1), ready(2, NEW, `0x${'b'.repeat(40)}`)],
        steps: ['remove 2 update'],
      },
      {
        name: 'but not as long as it has no miner',
        allotted: { registered: '2' },
        pods: [bare(0), bare(1), ready(2)],
        steps: [],
      },
      {
        name: 'an update never surges, and takes one away at least',
        spec: {
          updateStrategy: {
            type: 'RollingUpdate',
            rollingUpdate: { maxUnavailable: 0, maxSurge: 2, partition: 0 },
          },
        },
        pods: [ready(0, OLD), ready(1, OLD), ready(2, OLD)],
        steps: ['remove 2 update'],
      },
      { name: 'the account is gone: what runs stays', account: null, pods: [ready(0), ready(2)], steps: [] },
      {
        name: 'the account says nothing: what runs stays',
        account: stakeAccount([]),
        pods: [ready(1)],
        steps: [],
      },
      {
        name: 'the account is gone: what is not wanted goes all the same',
        account: null,
        spec: { replicas: 1 },
        pods: [ready(0), ready(1)],
        steps: ['remove 1 scaleDown'],
      },
    ];
    for (const { name, steps, ...seen } of rows) {
      it(name, () => assert.deepEqual(plan(seen).steps.map(text), steps));
    }
  });

  describe('what is said', () => {
    const all = [ready(0), ready(1), ready(2)];
    const none = stakeAccount([], { chainId: 1 });
    const rows: (Seen & { name: string; is: string; says: RegExp; readyIs: string })[] = [
      {
        name: 'all is well',
        pods: all,
        is: 'True StakeSufficient',
        says: /^the stake covers 3 replicas, each with a registered miner$/,
        readyIs: 'True AllReplicasReady',
      },
      {
        name: 'too little stake',
        spec: { replicas: 5 },
        allotted: { wanted: 5 },
        pods: all,
        is: 'False StakeInsufficient',
        says: /^the stake covers 3 of 5 replicas: 300 tokens are provisioned, each replica needs 100$/,
        readyIs: 'False StakeInsufficient',
      },
      {
        name: 'a scale-up asks first',
        spec: { replicas: 5 },
        pods: all,
        is: 'False AwaitingStake',
        says: /^StakeAccount 'account' has been asked for 5 replicas, and has answered for 3 so far: its stake covers 3$/,
        readyIs: 'False AwaitingStake',
      },
      {
        name: 'no answer',
        account: none,
        is: 'False AwaitingStake',
        says: /has not said yet how many replicas/,
        readyIs: 'False AwaitingStake',
      },
      {
        name: 'no account',
        account: null,
        is: 'False AccountMissing',
        says: /^there is no StakeAccount 'account' in namespace 'default'/,
        readyIs: 'False AccountMissing',
      },
      {
        name: 'no account, and all run',
        account: null,
        pods: all,
        is: 'False AccountMissing',
        says: /pods that run stay/,
        readyIs: 'True AllReplicasReady',
      },
      {
        name: 'miners are missing',
        allotted: { registered: '0,7' },
        pods: [ready(0)],
        is: 'False MinersUnregistered',
        says: /^1 of 3 miners is registered; /,
        readyIs: 'False MinersUnregistered',
      },
      {
        name: 'a miner is ejected',
        allotted: { registered: '0-1' },
        pods: all,
        is: 'False MinersUnregistered',
        says: /^2 of 3 miners are registered; /,
        readyIs: 'True AllReplicasReady',
      },
      {
        name: 'nothing is wanted',
        spec: { replicas: 0 },
        account: none,
        is: 'True StakeSufficient',
        says: /^no replica is wanted$/,
        readyIs: 'True AllReplicasReady',
      },
      {
        name: 'suspended',
        spec: { suspend: true },
        account: none,
        is: 'True StakeSufficient',
        says: /^no replica is wanted$/,
        readyIs: 'False Suspended',
      },
    ];
    for (const { name, is, says, readyIs, ...seen } of rows) {
      it(name, () => {
        const { scope } = plan(seen);
        const { conditions } = statusOf(scope, nothingDone, verdictOf(scope, nothingDone));

        const said = findCondition(conditions, 'StakeSufficient');
        assert.equal(`${said?.status} ${said?.reason}`, is);
        assert.match(said?.message ?? '', says);
        const readiness = findCondition(conditions, 'Ready');
        assert.equal(`${readiness?.status} ${readiness?.reason}`, readyIs);
      });
    }

    it('nothing of a pool without stake', () => {
      const { scope } = plan({ account: null, pods: all, spec: { replicas: 3 } });
      const { stake: _stake, ...spec } = scope.pool.spec;
      const unstaked = decide(seenHere({ pool: { ...scope.pool, spec }, pods: all }), NOW).scope;
      const status = statusOf(unstaked, nothingDone, verdictOf(unstaked, nothingDone));

      assert.equal(findCondition(status.conditions, 'StakeSufficient'), undefined);
      assert.equal(status.stake, undefined);
      assert.equal(
        (cleared(status, { ...status, stake: { allotted: 1, occupied: '' } }) as { stake?: null }).stake,
        null,
      );
    });

    it('an event when it begins, and no second one', () => {
      const seen: Seen = { spec: { replicas: 5 }, allotted: { wanted: 5 }, pods: all };
      const first = plan(seen);
      const verdict = verdictOf(first.scope, nothingDone);
      const again = plan({ ...seen, status: statusOf(first.scope, nothingDone, verdict) });
      const reasons = (of: Plan): string[] => eventsOf(of, nothingDone, verdict).map(({ reason }) => reason);

      assert.deepEqual(reasons(first), ['StakeInsufficient']);
      assert.deepEqual(reasons(again), []);
    });
  });

  describe('what the account is told', () => {
    const answer = (seen: Seen): object | undefined => {
      const { scope } = plan(seen);
      return statusOf(scope, nothingDone, verdictOf(scope, nothingDone)).stake;
    };

    it('the allotment that is heeded, with every pod: those that end, those above it, and those that are made now', () => {
      assert.deepEqual(answer({ allotted: { registered: '1' }, pods: [terminating(0), ready(4)] }), {
        allotted: 3,
        allotmentId: 'account-uid.3',
        occupied: '0-1,4',
      });
      assert.deepEqual(answer({ allotted: { allotted: 0 } }), {
        allotted: 0,
        allotmentId: 'account-uid.0',
        occupied: '',
      });
    });

    it('the last answer stands while there is no other allotment', () => {
      const before = { allotted: 5, allotmentId: 'account-uid.9', occupied: '0-4' };
      const status = { stake: before, conditions: [] };
      const said = { ...before, occupied: '1' };

      assert.deepEqual(answer({ account: null, status, pods: [ready(1)] }), said);
      assert.deepEqual(answer({ account: stakeAccount([]), status, pods: [ready(1)] }), said);
      assert.deepEqual(answer({ account: null }), { allotted: 0, occupied: '' });
    });

    it('what may run in a cluster that cannot be asked', () => {
      const pool = minerPool({ stake });
      const place = (cluster: string, ordinals: string): object => ({
        cluster,
        model: 'm',
        ordinals,
        replicas: 0,
        ready: 0,
      });
      const placement = {
        summary: '',
        refusals: [],
        recentMoves: [],
        places: [place('away', '0'), place('deleted', '5'), place('local', '1')],
        leftBehind: [{ cluster: 'away', ordinals: '7' }],
      };
      const observed = {
        ...seenHere({
          pool: {
            ...pool,
            status: { placement, conditions: [] } as unknown as NonNullable<MinerPool['status']>,
          },
          pods: [],
        }),
        clusters: new Map([['away', { kind: 'away' as const, since: NOW }]]),
      };
      const { scope } = decide(observed, NOW);

      assert.equal(statusOf(scope, nothingDone, verdictOf(scope, nothingDone)).stake?.occupied, '0,7');
    });
  });
});
