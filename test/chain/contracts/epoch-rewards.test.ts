import assert from 'node:assert/strict';
import { encodeBytes32String, id, ZeroHash } from 'ethers';
import { epochRewards } from '../../../src/chain/contracts/generated/epoch-rewards.ts';
import { minerRegistry } from '../../../src/chain/contracts/generated/miner-registry.ts';
import { stakeManager } from '../../../src/chain/contracts/generated/stake-manager.ts';
import { testToken } from '../../../src/chain/contracts/generated/test-token.ts';
import { type RewardTree, rewardTree } from '../../../src/chain/contracts/reward-tree.ts';
import { bytecode } from '../../../src/devcluster/local-chain/generated/bytecode.ts';
import { bytecode as doubles } from './generated/bytecode.ts';
import { hostileToken } from './generated/hostile-token.ts';
import { callsOf } from './calls-of.ts';
import { checkCoverage, describeGovernance, NOBODY, refusedCreation } from './governance.ts';
import { DAY, type Network, onFreshState, parameters, provisionToRegistry, startNetwork } from './network.ts';
import { eventsIn, type Refusal, refusal } from './traced-chain.ts';

const { reads, writes, events } = epochRewards;
const HOUR = parameters.epochLength;
const DELAY = parameters.challengeDelay;
const one = encodeBytes32String('one');

describe('contracts/EpochRewards', function () {
  this.timeout(60_000);
  let network: Network;
  before(async () => {
    network = await startNetwork();
  });
  after(() => network.stop());

  const { does, refuses } = callsOf(() => network, writes, 'epochRewards');
  const currentEpoch = () => network.read(network.at.epochRewards, reads.currentEpoch);
  const unreserved = () => network.read(network.at.epochRewards, reads.unreserved);
  const balance = (account: string) => network.read(network.at.token, testToken.reads.balanceOf, account);

  /** Alice has a miner of one V100 (110 of 1000 provisioned) and an operator; the current epoch has just begun. */
  async function mining(): Promise<void> {
    const { who, at, send } = network;
    await provisionToRegistry(network);
    await send(who.alice, at.minerRegistry, minerRegistry.writes.register, who.alice, one, ZeroHash, 1000n);
    await nextEpoch();
  }

  async function nextEpoch(): Promise<bigint> {
    const epoch = (await currentEpoch()) + 1n;
    const start = await network.read(network.at.epochRewards, reads.epochStart, epoch);
    await network.pass(start - (await network.now()));
    return epoch;
  }

  /** Funds, and posts what alice (300) and bob (200) get for an epoch that is over. */
  async function posted(epoch: bigint): Promise<RewardTree> {
    const { alice, bob, stranger, poster } = network.who;
    const tree = rewardTree(epoch, [
      { provider: alice, amount: 300n },
      { provider: bob, amount: 200n },
    ]);
    await does(stranger, 'fund', tree.total);
    await does(poster, 'postRoot', epoch, tree.root, tree.total);
    return tree;
  }

  const proof = (tree: RewardTree, provider: string): readonly string[] => tree.proofOf(provider) ?? [];

  describeGovernance(
    () => network,
    epochRewards,
    () => network.at.epochRewards,
  );

  describe('check-in', () => {
    onFreshState(() => network, mining);

    it('is done once in each epoch, by the operator too', async () => {
      const { alice, operator } = network.who;
      const epoch = await currentEpoch();

      const receipt = await does(operator, 'checkIn', alice, epoch);
      const again = await refuses(alice, 'checkIn', alice, epoch);
      const next = await nextEpoch();
      await does(alice, 'checkIn', alice, next);

      assert.deepEqual(eventsIn(receipt, network.at.epochRewards, events.CheckedIn), [
        { provider: alice, epoch, by: operator },
      ]);
      assert.deepEqual(again, refusal('AlreadyCheckedIn', { provider: alice, epoch }));
      assert.equal(await network.read(network.at.epochRewards, reads.checkedIn, alice, epoch), true);
      assert.equal(await network.read(network.at.epochRewards, reads.checkedIn, alice, next + 1n), false);
      assert.equal(await network.read(network.at.epochRewards, reads.checkInCount, epoch), 1n);
    });

    it('counts for no epoch but the current one', async () => {
      const { alice } = network.who;
      const current = await currentEpoch();

      for (const epoch of [current - 1n, current + 1n, 2n ** 256n - 1n]) {
        assert.deepEqual(
          await refuses(alice, 'checkIn', alice, epoch),
          refusal('WrongEpoch', { epoch, current }),
        );
      }
    });

    it('changes epochs to the second', async () => {
      const { alice } = network.who;
      const epoch = await currentEpoch();
      const end = await network.read(network.at.epochRewards, reads.epochStart, epoch + 1n);

      // Blocks are one second apart: the next one is the last of the epoch.
      await network.pass(end - 2n - (await network.now()));
      await does(alice, 'checkIn', alice, epoch);

      assert.deepEqual(
        await refuses(alice, 'checkIn', alice, epoch),
        refusal('WrongEpoch', { epoch, current: epoch + 1n }),
      );
    });

    it('needs miners, and stake that covers them', async () => {
      const { alice, bob, slasher } = network.who;
      const epoch = await currentEpoch();
      await network.send(
        slasher,
        network.at.minerRegistry,
        minerRegistry.writes.slash,
        alice,
        one,
        900n,
        0n,
        NOBODY,
        ZeroHash,
      );

      assert.deepEqual(
        await refuses(alice, 'checkIn', alice, epoch),
        refusal('NotEligible', { provider: alice, miners: 1n, available: 100n, required: 110n }),
      );
      assert.deepEqual(
        await refuses(bob, 'checkIn', bob, epoch),
        refusal('NotEligible', { provider: bob, miners: 0n, available: 0n, required: 0n }),
      );
    });
  });

  describe('rewards', () => {
    onFreshState(() => network, mining);

    it('are paid after the delay, to the provider, whoever asks', async () => {
      const { alice, stranger } = network.who;
      const epoch = (await currentEpoch()) - 1n;
      const tree = await posted(epoch);
      const before = await balance(alice);
      await network.pass(DELAY);

      const receipt = await does(stranger, 'claim', alice, epoch, 300n, proof(tree, alice));

      assert.deepEqual(eventsIn(receipt, network.at.epochRewards, events.Claimed), [
        { epoch, provider: alice, amount: 300n },
      ]);
      assert.deepEqual(eventsIn(receipt, network.at.epochRewards, events.Paid), [
        { provider: alice, destination: alice, amount: 300n, restaked: false },
      ]);
      assert.equal(await balance(alice), before + 300n);
      assert.equal(await network.read(network.at.epochRewards, reads.claimed, alice, epoch), true);
      const { claimableAt, ...root } = await network.read(network.at.epochRewards, reads.rootOf, epoch);
      assert.ok(claimableAt > 0n);
      assert.deepEqual(root, { root: tree.root, total: 500n, claimed: 300n });
    });

    it('go where the provider wants them', async () => {
      const { alice, bob, stranger } = network.who;
      const epoch = (await currentEpoch()) - 1n;
      const tree = await posted(epoch);
      await does(alice, 'setPayout', stranger, false);
      const set = await does(bob, 'setPayout', NOBODY, true);
      const before = await balance(stranger);
      await network.pass(DELAY);

      await does(alice, 'claim', alice, epoch, 300n, proof(tree, alice));
      await does(alice, 'claim', bob, epoch, 200n, proof(tree, bob));

      assert.deepEqual(eventsIn(set, network.at.epochRewards, events.PayoutSet), [
        { provider: bob, destination: NOBODY, restake: true },
      ]);
      assert.equal(await balance(stranger), before + 300n);
      assert.equal(await network.read(network.at.stakeManager, stakeManager.reads.idleStake, bob), 200n);
      assert.equal(await balance(network.at.epochRewards), 0n);
      assert.deepEqual(await network.read(network.at.epochRewards, reads.payoutOf, alice), {
        destination: stranger,
        restake: false,
      });
    });

    it('of several epochs are paid in one transfer, all or none', async () => {
      const { alice } = network.who;
      const first = (await currentEpoch()) - 1n;
      const trees = [await posted(first)];
      await nextEpoch();
      trees.push(await posted(first + 1n));
      await network.pass(DELAY);
      const before = await balance(alice);
      const claims = trees.map((tree) => ({ epoch: tree.epoch, amount: 300n, proof: proof(tree, alice) }));

      const twice = await refuses(alice, 'claimMany', alice, [...claims, ...claims]);
      const receipt = await does(alice, 'claimMany', alice, claims);

      assert.deepEqual(twice, refusal('AlreadyClaimed', { epoch: first, provider: alice }));
      assert.deepEqual(
        eventsIn(receipt, network.at.epochRewards, events.Paid).map(({ amount }) => amount),
        [600n],
      );
      assert.equal(await balance(alice), before + 600n);
    });

    it('can be vetoed during the delay, also in a pause, and posted anew', async () => {
      const { guardian, poster, alice } = network.who;
      const epoch = (await currentEpoch()) - 1n;
      const tree = await posted(epoch);
      const reserved = await unreserved();
      await does(guardian, 'pause');
      const receipt = await does(guardian, 'veto', epoch);
      await does(network.who.governor, 'unpause');
      const freed = await unreserved();
      const claim = await refuses(alice, 'claim', alice, epoch, 300n, proof(tree, alice));
      const better = rewardTree(epoch, [{ provider: alice, amount: 500n }]);
      await does(poster, 'postRoot', epoch, better.root, better.total);
      await network.pass(DELAY);
      await does(alice, 'claim', alice, epoch, 500n, proof(better, alice));

      assert.deepEqual([reserved, freed], [0n, 500n]);
      assert.deepEqual(eventsIn(receipt, network.at.epochRewards, events.RootVetoed), [
        { epoch, root: tree.root },
      ]);
      assert.deepEqual(claim, refusal('NoRoot', { epoch }));
    });

    it('never come to more than the total of their root', async () => {
      const { alice, bob, poster, stranger } = network.who;
      const epoch = (await currentEpoch()) - 1n;
      const tree = rewardTree(epoch, [
        { provider: alice, amount: 300n },
        { provider: bob, amount: 200n },
      ]);
      await does(stranger, 'fund', 5000n);
      await does(poster, 'postRoot', epoch, tree.root, 499n);
      await network.pass(DELAY);
      await does(alice, 'claim', alice, epoch, 300n, proof(tree, alice));

      assert.deepEqual(
        await refuses(bob, 'claim', bob, epoch, 200n, proof(tree, bob)),
        refusal('TotalExceeded', { epoch, left: 199n, amount: 200n }),
      );
    });
  });

  describe('refuses', () => {
    let epoch = 0n;
    let tree: RewardTree;
    onFreshState(
      () => network,
      async () => {
        await mining();
        epoch = (await currentEpoch()) - 1n;
        tree = await posted(epoch);
        await network.pass(DELAY);
      },
    );

    const root = id('some root');
    const refusals: readonly (readonly [
      what: string,
      expected: (who: Network['who']) => Refusal,
      attempt: (who: Network['who']) => Promise<Refusal>,
    ])[] = [
      ['nothing as funds', () => refusal('ZeroTokens'), ({ alice }) => refuses(alice, 'fund', 0n)],
      [
        'a claim of nothing',
        () => refusal('ZeroTokens'),
        ({ alice }) => refuses(alice, 'claimMany', alice, []),
      ],
      [
        'a check-in by a stranger',
        ({ alice, stranger }) => refusal('NotAuthorized', { caller: stranger, provider: alice }),
        ({ alice, stranger }) => refuses(stranger, 'checkIn', alice, epoch + 1n),
      ],
      [
        'a root of an epoch that is not over',
        () => refusal('EpochNotOver', { epoch: epoch + 1n, current: epoch + 1n }),
        ({ poster }) => refuses(poster, 'postRoot', epoch + 1n, root, 0n),
      ],
      [
        'a root of zero',
        () => refusal('ZeroRoot', { epoch: 0n }),
        ({ poster }) => refuses(poster, 'postRoot', 0n, ZeroHash, 0n),
      ],
      [
        'a second root',
        () => refusal('RootExists', { epoch }),
        ({ poster }) => refuses(poster, 'postRoot', epoch, root, 0n),
      ],
      [
        'a root without funds',
        () => refusal('InsufficientFunds', { unreserved: 0n, total: 1n }),
        async ({ poster, governor }) => {
          // Epoch 0 may have the root of this suite: another one is over after an hour.
          await network.send(governor, network.at.epochRewards, writes.setPayout, NOBODY, false);
          await nextEpoch();
          return refuses(poster, 'postRoot', epoch + 1n, root, 1n);
        },
      ],
      [
        'a root by who is not the poster',
        ({ alice }) =>
          refusal('AccessControlUnauthorizedAccount', { account: alice, neededRole: id('POSTER_ROLE') }),
        ({ alice }) => refuses(alice, 'postRoot', epoch, root, 0n),
      ],
      [
        'a veto by who is not the guardian',
        ({ poster }) =>
          refusal('AccessControlUnauthorizedAccount', { account: poster, neededRole: id('GUARDIAN_ROLE') }),
        ({ poster }) => refuses(poster, 'veto', epoch),
      ],
      [
        'a veto of what is not posted',
        () => refusal('NoRoot', { epoch: 77n }),
        ({ guardian }) => refuses(guardian, 'veto', 77n),
      ],
      [
        'a claim with another amount',
        ({ alice }) => refusal('InvalidProof', { epoch, provider: alice, amount: 301n }),
        ({ alice }) => refuses(alice, 'claim', alice, epoch, 301n, proof(tree, alice)),
      ],
      [
        'a claim with another provider',
        ({ stranger }) => refusal('InvalidProof', { epoch, provider: stranger, amount: 300n }),
        ({ alice, stranger }) => refuses(stranger, 'claim', stranger, epoch, 300n, proof(tree, alice)),
      ],
      [
        'a claim with no proof',
        ({ alice }) => refusal('InvalidProof', { epoch, provider: alice, amount: 300n }),
        ({ alice }) => refuses(alice, 'claim', alice, epoch, 300n, []),
      ],
      [
        'restaked rewards with a destination',
        ({ bob }) => refusal('RestakeHasDestination', { destination: bob }),
        ({ alice, bob }) => refuses(alice, 'setPayout', bob, true),
      ],
    ];
    for (const [what, expected, attempt] of refusals) {
      it(what, async () => {
        assert.deepEqual(await attempt(network.who), expected(network.who));
      });
    }

    it('a veto after the delay, and a claim before its end', async () => {
      const { guardian, alice } = network.who;
      const { claimableAt } = await network.read(network.at.epochRewards, reads.rootOf, epoch);
      await nextEpoch();
      const later = await posted(epoch + 1n);
      const { claimableAt: laterAt } = await network.read(network.at.epochRewards, reads.rootOf, epoch + 1n);

      assert.deepEqual(
        await refuses(guardian, 'veto', epoch),
        refusal('ChallengeOver', { epoch, claimableAt }),
      );
      assert.deepEqual(
        await refuses(alice, 'claim', alice, epoch + 1n, 300n, proof(later, alice)),
        refusal('ChallengeRunning', { epoch: epoch + 1n, claimableAt: laterAt }),
      );
    });

    it('a second claim', async () => {
      const { alice, bob } = network.who;
      await does(alice, 'claim', alice, epoch, 300n, proof(tree, alice));

      assert.deepEqual(
        await refuses(bob, 'claim', alice, epoch, 300n, proof(tree, alice)),
        refusal('AlreadyClaimed', { epoch, provider: alice }),
      );
    });

    it('everything that moves tokens or does duties during a pause', async () => {
      const { alice, guardian, poster } = network.who;
      await does(guardian, 'pause');
      const attempts = [
        await refuses(alice, 'checkIn', alice, epoch + 1n),
        await refuses(alice, 'fund', 1n),
        await refuses(poster, 'postRoot', 0n, root, 0n),
        await refuses(alice, 'claim', alice, epoch, 300n, proof(tree, alice)),
        await refuses(alice, 'claimMany', alice, []),
      ];

      assert.deepEqual(new Set(attempts.map(({ name }) => name)), new Set(['EnforcedPause']));
      await does(alice, 'setPayout', NOBODY, true);
    });

    it('to be made with a missing address, or epochs of no length', async () => {
      const { governor, guardian, poster } = network.who;
      const registry = network.at.minerRegistry;
      const create = (at: string, length: bigint, who: string, posting: string): Promise<Refusal> =>
        refusedCreation(
          network,
          epochRewards.create.encode(bytecode.EpochRewards, at, length, DELAY, who, guardian, posting),
        );

      assert.deepEqual(
        [
          await create(NOBODY, HOUR, governor, poster),
          await create(registry, HOUR, NOBODY, poster),
          await create(registry, HOUR, governor, NOBODY),
        ],
        [refusal('ZeroAddress'), refusal('ZeroAddress'), refusal('ZeroAddress')],
      );
      assert.deepEqual(await create(registry, 0n, governor, poster), refusal('ZeroEpochLength'));
    });
  });

  describe('with a hostile token', () => {
    let token = '';
    let rewards = '';
    let registry = '';
    const created = async (data: string): Promise<string> =>
      (await network.transact({ from: network.who.deployer, data })).contractAddress ?? '';
    const createRewards = (): string => {
      const { governor, guardian, poster } = network.who;
      return epochRewards.create.encode(
        bytecode.EpochRewards,
        registry,
        HOUR,
        DELAY,
        governor,
        guardian,
        poster,
      );
    };
    onFreshState(
      () => network,
      async () => {
        const { governor, guardian, slasher, alice } = network.who;
        token = await created(hostileToken.create.encode(doubles.HostileToken));
        const manager = await created(
          stakeManager.create.encode(bytecode.StakeManager, token, 28n * DAY, governor, guardian),
        );
        const { terms } = parameters;
        registry = await created(
          minerRegistry.create.encode(bytecode.MinerRegistry, manager, terms, governor, guardian, slasher),
        );
        rewards = await created(createRewards());
        network.coverage.watch(rewards, epochRewards);
        await network.send(alice, token, hostileToken.writes.mint, alice, 1000n);
        await network.send(alice, token, hostileToken.writes.approve, rewards, 1000n);
      },
    );

    it('cannot be entered again while tokens move', async () => {
      const { alice, stranger } = network.who;
      const again = writes.claimMany.encode(alice, []);
      await network.send(stranger, token, hostileToken.writes.callBack, rewards, again);

      assert.deepEqual(
        await network.refused(alice, rewards, writes.fund, 1n),
        refusal('ReentrancyGuardReentrantCall'),
      );
    });

    it('believes no transfer that returns false, and no approval', async () => {
      const { alice, stranger } = network.who;
      await network.send(stranger, token, hostileToken.writes.lie, true);

      assert.deepEqual(
        await network.refused(alice, rewards, writes.fund, 1n),
        refusal('SafeERC20FailedOperation', { token }),
      );
      assert.deepEqual(
        await refusedCreation(network, createRewards()),
        refusal('SafeERC20FailedOperation', { token }),
      );
    });

    it('has no root of more than fits', async () => {
      const { alice, poster } = network.who;
      const total = 2n ** 128n;
      await network.send(alice, token, hostileToken.writes.mint, alice, total);
      await network.send(alice, token, hostileToken.writes.approve, rewards, total);
      await network.send(alice, rewards, writes.fund, total);
      await network.pass(HOUR);

      assert.deepEqual(
        await network.refused(poster, rewards, writes.postRoot, 0n, id('root'), total),
        refusal('SafeCastOverflowedUintDowncast', { bits: 128n, value: total }),
      );
    });
  });

  it('says what it is made of', async () => {
    const { read, at, who } = network;
    const role = await read(at.epochRewards, reads.POSTER_ROLE);

    assert.deepEqual(
      [
        await read(at.epochRewards, reads.token),
        await read(at.epochRewards, reads.registry),
        await read(at.epochRewards, reads.epochLength),
        await read(at.epochRewards, reads.challengeDelay),
        await read(at.epochRewards, reads.hasRole, role, who.poster),
      ],
      [at.token, at.minerRegistry, HOUR, DELAY, true],
    );
    assert.equal(
      await read(at.epochRewards, reads.genesis),
      await read(at.epochRewards, reads.epochStart, 0n),
    );
  });

  checkCoverage(() => network, epochRewards);
});
