import assert from 'node:assert/strict';
import { epochRewards } from '../../../../src/chain/contracts/generated/epoch-rewards.ts';
import { minerRegistry } from '../../../../src/chain/contracts/generated/miner-registry.ts';
import { stakeManager } from '../../../../src/chain/contracts/generated/stake-manager.ts';
import { testToken } from '../../../../src/chain/contracts/generated/test-token.ts';
import { addressesOf } from '../../../../src/chain/protocols/headframe/addresses.ts';
import { plan } from '../../../../src/chain/protocols/headframe/plan.ts';
import type { AccountState, Desired, NetworkFacts } from '../../../../src/chain/protocols/protocol.ts';
import {
  ACCOUNT,
  HOUR_MS,
  MANAGER,
  NOON,
  REGISTRY,
  REWARDS,
  TOKEN,
  account,
  desired,
  epoch,
  facts,
  minerId,
  minersFrom,
  terms,
} from './situations.ts';

interface Row {
  readonly it: string;
  readonly facts?: NetworkFacts;
  readonly state: AccountState;
  readonly desired: Desired;
  readonly now?: number;
  /** Kinds and keys. */
  readonly moves: readonly string[];
  readonly shortages?: readonly object[];
}

function check(rows: readonly Row[]): void {
  for (const row of rows) {
    it(row.it, () => {
      const { moves, shortages } = plan(row.facts ?? facts(), row.state, row.desired, row.now ?? NOON);

      assert.deepEqual(
        moves.map(({ kind, key }) => `${kind} ${key}`),
        row.moves,
      );
      assert.deepEqual(shortages, row.shortages ?? []);
    });
  }
}

/** One miner of a V100, and the stake for it. */
const working = { miners: 1, milliUnits: 1000, provisioned: 110n };

describe('chain/protocols/headframe/plan', () => {
  describe('nothing to do', () => {
    check([
      {
        it: 'leaves an account alone that is as it should be',
        state: account(),
        desired: desired(),
        moves: [],
      },
      {
        it: 'leaves stake that is too much where it is, unless it is to be released',
        state: account({ ...working, provisioned: 500n, idle: 50n }),
        desired: desired({ provisioned: 110n }),
        moves: [],
      },
    ]);
  });

  describe('check-in', () => {
    const checksIn = desired({ provisioned: 110n, checksIn: true });
    check([
      {
        it: 'is done once in the epoch',
        state: account(working),
        desired: checksIn,
        moves: ['CheckIn epoch 7'],
      },
      {
        it: 'is not done twice',
        state: account({ ...working, checkedIn: true }),
        desired: checksIn,
        moves: [],
      },
      {
        it: 'is not done when nobody wants it',
        state: account(working),
        desired: desired({ provisioned: 110n }),
        moves: [],
      },
      {
        it: 'is not done where there are no duties',
        facts: facts({ epoch: undefined }),
        state: account(working),
        desired: checksIn,
        moves: [],
      },
      { it: 'takes miners', state: account({ provisioned: 110n }), desired: checksIn, moves: [] },
      {
        it: 'takes stake that covers them, which comes first',
        state: account({ ...working, provisioned: 109n, idle: 1n }),
        desired: checksIn,
        moves: ['AddToProvision 1 on 109'],
      },
      {
        it: 'is done up to the end of the epoch',
        now: epoch.endsAt - 1,
        state: account(working),
        desired: checksIn,
        moves: ['CheckIn epoch 7'],
      },
      {
        it: 'is not done after it',
        now: epoch.endsAt,
        state: account(working),
        desired: checksIn,
        moves: [],
      },
      {
        it: 'waits while EpochRewards is paused',
        facts: facts({ paused: ['EpochRewards'] }),
        state: account(working),
        desired: checksIn,
        moves: [],
      },
      {
        it: 'goes on while the others are paused',
        facts: facts({ paused: ['StakeManager', 'MinerRegistry'] }),
        state: account(working),
        desired: checksIn,
        moves: ['CheckIn epoch 7'],
      },
    ]);

    it('is a duty, due when a tenth of the epoch is left', () => {
      const [move] = plan(facts(), account(working), checksIn, NOON).moves;

      assert.deepEqual(move, {
        kind: 'CheckIn',
        key: 'epoch 7',
        to: REWARDS,
        data: epochRewards.writes.checkIn.encode(ACCOUNT, 7n),
        duty: { availableAt: NOON, dueAt: NOON + 0.9 * HOUR_MS, endsAt: NOON + HOUR_MS },
      });
    });
  });

  describe('stake that is missing', () => {
    check([
      {
        it: 'comes out of what is idle',
        state: account({ idle: 600n, provisioned: 100n, walletTokens: 900n }),
        desired: desired({ provisioned: 600n }),
        moves: ['AddToProvision 500 on 100'],
      },
      {
        it: 'is provisioned the first time with the terms of the network',
        state: account({ hasProvision: false, idle: 600n }),
        desired: desired({ provisioned: 600n }),
        moves: ['Provision 600, 100000 ppm, 86400 s'],
      },
      {
        it: 'comes out of the wallet when nothing is idle; exactly that much is approved first',
        state: account({ provisioned: 100n, walletTokens: 900n, allowance: 499n }),
        desired: desired({ provisioned: 600n }),
        moves: ['Approve 500 on 100'],
      },
      {
        it: '... and staked when it is',
        state: account({ provisioned: 100n, walletTokens: 900n, allowance: 500n }),
        desired: desired({ provisioned: 600n }),
        moves: ['StakeToProvision 500 on 100'],
      },
      {
        it: 'is staked without a provision when there is none yet',
        state: account({ hasProvision: false, walletTokens: 900n, allowance: 600n }),
        desired: desired({ provisioned: 600n }),
        moves: ['Stake 600 on 0'],
      },
      {
        it: 'waits with the wallet for a provision out of what is idle',
        state: account({ hasProvision: false, idle: 1n, walletTokens: 900n, allowance: 900n }),
        desired: desired({ provisioned: 600n }),
        moves: ['Provision 1, 100000 ppm, 86400 s'],
      },
      {
        it: 'comes out of both',
        state: account({ provisioned: 100n, idle: 200n, walletTokens: 900n, allowance: 900n }),
        desired: desired({ provisioned: 600n }),
        moves: ['AddToProvision 200 on 100', 'StakeToProvision 300 on 300'],
      },
      {
        it: 'is taken as far as the wallet has it',
        state: account({ provisioned: 100n, walletTokens: 50n, allowance: 900n }),
        desired: desired({ provisioned: 600n }),
        moves: ['StakeToProvision 50 on 100'],
        shortages: [{ kind: 'Tokens', needed: 500n, held: 50n }],
      },
      {
        it: 'is taken as far as the cap allows, which counts what thaws and what is idle',
        state: account({
          provisioned: 100n,
          idle: 20n,
          thaws: [[80n, 1]],
          walletTokens: 900n,
          allowance: 900n,
        }),
        desired: desired({ provisioned: 600n, maxStaked: 300n }),
        moves: ['AddToProvision 20 on 100', 'StakeToProvision 100 on 200'],
        shortages: [{ kind: 'Cap', needed: 680n, allowed: 300n }],
      },
      {
        it: 'may be stopped by both',
        state: account({ provisioned: 100n, walletTokens: 40n, allowance: 900n }),
        desired: desired({ provisioned: 600n, maxStaked: 300n }),
        moves: ['StakeToProvision 40 on 100'],
        shortages: [
          { kind: 'Cap', needed: 600n, allowed: 300n },
          { kind: 'Tokens', needed: 200n, held: 40n },
        ],
      },
      {
        it: 'is not added beyond a cap that is exceeded, but what is idle still counts',
        state: account({ provisioned: 100n, idle: 400n, walletTokens: 900n }),
        desired: desired({ provisioned: 600n, maxStaked: 50n }),
        moves: ['AddToProvision 400 on 100'],
        shortages: [{ kind: 'Cap', needed: 600n, allowed: 50n }],
      },
      {
        it: 'waits, with its shortage told, while StakeManager is paused',
        facts: facts({ paused: ['StakeManager'] }),
        state: account({ provisioned: 100n, idle: 100n, walletTokens: 50n, allowance: 900n }),
        desired: desired({ provisioned: 600n }),
        moves: [],
        shortages: [{ kind: 'Tokens', needed: 400n, held: 50n }],
      },
    ]);
  });

  describe('stake that has thawed', () => {
    check([
      {
        it: 'is made idle when it is due',
        state: account({ thaws: [[5n, -1], [6n, 0], [7n, 1]] }), // prettier-ignore
        desired: desired(),
        moves: ['Deprovision due at 1767265200'],
      },
      {
        it: 'is left until then',
        state: account({ thaws: [[5n, 1], [6n, -1]] }), // prettier-ignore
        desired: desired(),
        moves: [],
      },
      {
        it: 'is not worth a transaction when a slash has left nothing of it',
        state: account({ thaws: [[0n, -1]] }),
        desired: desired(),
        moves: [],
      },
      {
        it: '... unless its place is needed',
        state: account({ thaws: Array.from({ length: 100 }, () => [0n, -1]) }),
        desired: desired(),
        moves: ['Deprovision due at 1767265200'],
      },
      {
        it: 'is waited for: it comes before the wallet, and is paid out with the rest',
        state: account({
          provisioned: 100n,
          idle: 5n,
          thaws: [[500n, -1]],
          walletTokens: 900n,
          allowance: 900n,
        }),
        desired: desired({ provisioned: 600n, releasesSurplus: true }),
        moves: ['Deprovision due at 1767265200'],
      },
      {
        it: 'counts when the wallet has too little',
        state: account({ provisioned: 100n, thaws: [[300n, -1]], walletTokens: 50n }),
        desired: desired({ provisioned: 600n }),
        moves: ['Deprovision due at 1767265200'],
        shortages: [{ kind: 'Tokens', needed: 200n, held: 50n }],
      },
      {
        it: 'stays where it is while StakeManager is paused',
        facts: facts({ paused: ['StakeManager'] }),
        state: account({ thaws: [[5n, -1]] }),
        desired: desired(),
        moves: [],
      },
    ]);
  });

  describe('miners', () => {
    check([
      {
        it: 'are added as far as the stake covers them now',
        state: account({ ...working, provisioned: 329n, idle: 111n }),
        desired: desired({ provisioned: 440n, register: minersFrom(2, 3) }),
        moves: ['AddToProvision 111 on 329', `RegisterMiners ${minerId(2)}`],
      },
      {
        it: 'are added in their order: a small one does not overtake a large one',
        state: account({ provisioned: 220n }),
        desired: desired({ provisioned: 220n, register: [...minersFrom(9, 1, 5000), ...minersFrom(1, 1)] }),
        moves: [],
      },
      {
        it: 'are never without a size, or larger than the chain can say',
        state: account({ provisioned: 110n }),
        desired: desired({
          provisioned: 110n,
          register: [...minersFrom(1, 1, 0), ...minersFrom(2, 1, 2 ** 32), ...minersFrom(3, 1)],
        }),
        moves: [`RegisterMiners ${minerId(3)}`],
      },
      {
        it: 'wait for a provision',
        state: account({ hasProvision: false }),
        facts: facts({
          terms: { ...terms, stakePerMiner: desired().provisioned, stakePerUnit: desired().provisioned },
        }),
        desired: desired({ register: minersFrom(1, 1) }),
        moves: [],
      },
      {
        it: 'need none where the network asks for nothing',
        state: account({ hasProvision: false }),
        facts: facts({
          terms: {
            stakePerMiner: desired().provisioned,
            stakePerUnit: desired().provisioned,
            thawingSeconds: 0,
            maxVerifierCutPpm: 0,
          },
        }),
        desired: desired({ register: minersFrom(1, 1) }),
        moves: [`RegisterMiners ${minerId(1)}`],
      },
      {
        it: 'wait until the stake has the terms that the network asks for now',
        state: account({ provisioned: 110n, outdatedTerms: 'Unstaged' }),
        desired: desired({ provisioned: 110n, register: minersFrom(1, 1) }),
        moves: ['StageTerms 100000 ppm, 86400 s'],
      },
      {
        it: '... which the registry accepts once they are staged',
        state: account({ provisioned: 110n, outdatedTerms: 'Staged' }),
        desired: desired({ provisioned: 110n, register: minersFrom(1, 1) }),
        moves: ['AcceptTerms 100000 ppm, 86400 s'],
      },
      {
        it: 'that are there do not need those terms',
        state: account({ ...working, outdatedTerms: 'Unstaged' }),
        desired: desired({ provisioned: 110n }),
        moves: [],
      },
      {
        it: 'are taken off before the one that changes its size is added again',
        state: account({ ...working, provisioned: 210n }),
        desired: desired({ provisioned: 210n, register: minersFrom(1, 1, 2000), deregister: [minerId(1)] }),
        moves: [`DeregisterMiners ${minerId(1)}`],
      },
      {
        it: 'stay as they are while MinerRegistry is paused',
        facts: facts({ paused: ['MinerRegistry'] }),
        state: account({ ...working, provisioned: 400n }),
        desired: desired({ provisioned: 400n, register: minersFrom(2, 1), deregister: [minerId(1)] }),
        moves: [],
      },
    ]);

    it('are taken off and added 64 at a time, named in the same way whatever their order', () => {
      const state = account({ miners: 70, milliUnits: 70_000, provisioned: 15_400n });
      const wanted = desired({
        provisioned: 15_400n,
        register: minersFrom(1000, 70),
        deregister: minersFrom(1, 70).map(({ id }) => id),
      });
      const turned = {
        ...wanted,
        register: [...wanted.register].reverse(),
        deregister: [...wanted.deregister].reverse(),
      };

      const { moves } = plan(facts(), state, wanted, NOON);

      assert.deepEqual(
        moves.map(({ kind, key }) => `${kind} ${key.replace(/, .*/, '')}`),
        [
          `DeregisterMiners ${minerId(1)} and 63 more`,
          `DeregisterMiners ${minerId(65)} and 5 more`,
          `RegisterMiners ${minerId(1000)} and 63 more`,
          `RegisterMiners ${minerId(1064)} and 5 more`,
        ],
      );
      assert.deepEqual(plan(facts(), state, turned, NOON).moves, moves);
      const [, registered] = minerRegistry.writes.registerMany.decodeArgs(moves[3]?.data ?? '') ?? [];
      assert.equal(registered?.length, 6);
    });
  });

  describe('stake that is not needed', () => {
    const released = (provisioned: bigint): Desired => desired({ provisioned, releasesSurplus: true });
    check([
      {
        it: 'thaws, down to what is wanted',
        state: account({ ...working, provisioned: 500n }),
        desired: released(200n),
        moves: ['Thaw 300 of 500'],
      },
      {
        it: '... but not below what the miners need',
        state: account({ ...working, provisioned: 500n }),
        desired: released(50n),
        moves: ['Thaw 390 of 500'],
      },
      {
        it: '... nor below what those need that are added now',
        state: account({ ...working, provisioned: 500n }),
        desired: desired({ provisioned: 0n, releasesSurplus: true, register: minersFrom(2, 1) }),
        moves: [`RegisterMiners ${minerId(2)}`, 'Thaw 280 of 500'],
      },
      {
        it: 'thaws at once for all miners that are taken off',
        state: account({ ...working, provisioned: 500n }),
        desired: desired({ releasesSurplus: true, deregister: [minerId(1)] }),
        moves: [`DeregisterMiners ${minerId(1)}`],
      },
      {
        it: '... and does not wait for them while none can be taken off',
        facts: facts({ paused: ['MinerRegistry'] }),
        state: account({ ...working, provisioned: 500n }),
        desired: desired({ releasesSurplus: true, deregister: [minerId(1)] }),
        moves: ['Thaw 390 of 500'],
      },
      {
        it: 'waits when a hundred thaws are under way',
        state: account({ provisioned: 500n, thaws: Array.from({ length: 100 }, () => [1n, 1]) }),
        desired: released(0n),
        moves: [],
      },
      {
        it: 'is paid back when it is idle',
        state: account({ idle: 70n, provisioned: 100n }),
        desired: released(100n),
        moves: ['Unstake 70 of 70'],
      },
      {
        it: '... all but what goes behind miners',
        state: account({ idle: 70n, provisioned: 100n }),
        desired: released(150n),
        moves: ['AddToProvision 50 on 100', 'Unstake 20 of 70'],
      },
      {
        it: 'stays while StakeManager is paused',
        facts: facts({ paused: ['StakeManager'] }),
        state: account({ idle: 70n, provisioned: 100n }),
        desired: released(0n),
        moves: [],
      },
    ]);
  });

  it('encodes each call for the account and its contract', () => {
    const at = addressesOf(facts());
    const { writes } = stakeManager;
    const rich = { walletTokens: 900n, allowance: 900n };
    const rows: [AccountState, Desired, to: string, data: string][] = [
      [
        account({ provisioned: 1n, ...rich, allowance: 0n }),
        desired({ provisioned: 6n }),
        TOKEN,
        testToken.writes.approve.encode(MANAGER, 5n),
      ],
      [
        account({ hasProvision: false, ...rich }),
        desired({ provisioned: 5n }),
        MANAGER,
        writes.stake.encode(5n),
      ],
      [
        account(rich),
        desired({ provisioned: 5n }),
        MANAGER,
        writes.stakeToProvision.encode(ACCOUNT, REGISTRY, 5n),
      ],
      [
        account({ hasProvision: false, idle: 5n }),
        desired({ provisioned: 5n }),
        MANAGER,
        writes.provision.encode(ACCOUNT, REGISTRY, 5n, 100_000n, 86_400n),
      ],
      [
        account({ idle: 5n }),
        desired({ provisioned: 5n }),
        MANAGER,
        writes.addToProvision.encode(ACCOUNT, REGISTRY, 5n),
      ],
      [
        account({ provisioned: 5n }),
        desired({ releasesSurplus: true }),
        MANAGER,
        writes.thaw.encode(ACCOUNT, REGISTRY, 5n),
      ],
      [account({ thaws: [[1n, -1]] }), desired(), MANAGER, writes.deprovision.encode(ACCOUNT, REGISTRY, 0n)],
      [account({ idle: 5n }), desired({ releasesSurplus: true }), MANAGER, writes.unstake.encode(5n)],
      [
        account({ outdatedTerms: 'Unstaged' }),
        desired({ register: minersFrom(1, 1) }),
        MANAGER,
        writes.setProvisionParameters.encode(ACCOUNT, REGISTRY, 100_000n, 86_400n),
      ],
      [
        account({ outdatedTerms: 'Staged' }),
        desired({ register: minersFrom(1, 1) }),
        REGISTRY,
        minerRegistry.writes.acceptProvisionParameters.encode(ACCOUNT),
      ],
      [
        account(working),
        desired({ deregister: [minerId(1)] }),
        REGISTRY,
        minerRegistry.writes.deregisterMany.encode(ACCOUNT, [minerId(1)]),
      ],
    ];

    for (const [state, wanted, to, data] of rows) {
      const [move] = plan(facts(), state, wanted, NOON).moves;
      assert.deepEqual([move?.to, move?.data], [to, data]);
    }
    assert.throws(() => addressesOf({ contracts: {} }), /another protocol/);
    assert.equal(at.epochRewards, REWARDS);
  });
});
