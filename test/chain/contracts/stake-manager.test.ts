import assert from 'node:assert/strict';
import { stakeManager } from '../../../src/chain/contracts/generated/stake-manager.ts';
import { testToken } from '../../../src/chain/contracts/generated/test-token.ts';
import { bytecode } from '../../../src/devcluster/local-chain/generated/bytecode.ts';
import { hostileToken } from './generated/hostile-token.ts';
import { bytecode as doubles } from './generated/bytecode.ts';
import { serviceDouble } from './generated/service-double.ts';
import { callsOf } from './calls-of.ts';
import { checkCoverage, describeGovernance, NOBODY, refusedCreation } from './governance.ts';
import { DAY, type Network, onFreshState, PURSE, startNetwork } from './network.ts';
import { eventsIn, type Refusal, refusal } from './traced-chain.ts';

const { reads, writes, events } = stakeManager;

describe('contracts/StakeManager', function () {
  this.timeout(60_000);
  let network: Network;
  before(async () => {
    network = await startNetwork();
  });
  after(() => network.stop());

  const { does, refuses } = callsOf(() => network, writes, 'stakeManager');
  const provision = () =>
    network.read(network.at.stakeManager, reads.provisionOf, network.who.alice, network.who.service);
  const idle = (provider: string) => network.read(network.at.stakeManager, reads.idleStake, provider);
  const balance = (account: string) => network.read(network.at.token, testToken.reads.balanceOf, account);
  const requests = () =>
    network.read(network.at.stakeManager, reads.thawRequestsOf, network.who.alice, network.who.service);

  /** Alice has 2000 staked, 1000 of them at the service, which may pay out half of what it slashes; thaws take a day. */
  async function provisioned(): Promise<void> {
    const { alice, service } = network.who;
    await does(alice, 'stake', 2000n);
    await does(alice, 'provision', alice, service, 1000n, 500_000n, DAY);
  }

  describeGovernance(
    () => network,
    stakeManager,
    () => network.at.stakeManager,
  );

  describe('stake', () => {
    onFreshState(() => network);

    it('is idle at first, and comes back whole', async () => {
      const { alice } = network.who;

      const staked = await does(alice, 'stake', 700n);
      const unstaked = await does(alice, 'unstake', 700n);

      assert.deepEqual(eventsIn(staked, network.at.stakeManager, events.Staked), [
        { provider: alice, from: alice, tokens: 700n },
      ]);
      assert.deepEqual(eventsIn(unstaked, network.at.stakeManager, events.Unstaked), [
        { provider: alice, tokens: 700n },
      ]);
      assert.equal(await balance(alice), PURSE);
      assert.equal(await balance(network.at.stakeManager), 0n);
    });

    it('can be given by somebody else, but belongs to the provider', async () => {
      const { alice, bob } = network.who;

      await does(bob, 'stakeTo', alice, 700n);

      assert.equal(await idle(alice), 700n);
      assert.equal(await balance(bob), PURSE - 700n);
      assert.deepEqual(await refuses(bob, 'unstake', 1n), {
        name: 'InsufficientIdleStake',
        fields: { idle: 0n, asked: 1n },
      });
    });

    it('goes into a provision at once', async () => {
      const { alice, service } = network.who;
      await provisioned();

      await does(alice, 'stakeToProvision', alice, service, 50n);

      assert.equal((await provision()).tokens, 1050n);
      assert.equal(await idle(alice), 1000n);
    });
  });

  describe('provision', () => {
    onFreshState(() => network, provisioned);

    it('holds what left the idle stake, with its terms', async () => {
      const { alice, service } = network.who;

      const { createdAt, ...held } = await provision();

      assert.ok(createdAt > 0n);
      assert.deepEqual(held, {
        tokens: 1000n,
        tokensThawing: 0n,
        sharesThawing: 0n,
        thawingPeriod: DAY,
        thawingNonce: 0n,
        maxVerifierCut: 500_000n,
        maxVerifierCutPending: 0n,
        thawingPeriodPending: 0n,
        parametersStagedAt: 0n,
        firstRequest: 0n,
        nextRequest: 0n,
      });
      assert.equal(await network.read(network.at.stakeManager, reads.availableStake, alice, service), 1000n);
      assert.deepEqual(await network.read(network.at.stakeManager, reads.stakeOf, alice), {
        tokensStaked: 2000n,
        tokensProvisioned: 1000n,
      });
    });

    it('grows out of idle stake', async () => {
      const { alice, service } = network.who;

      const receipt = await does(alice, 'addToProvision', alice, service, 400n);

      assert.deepEqual(eventsIn(receipt, network.at.stakeManager, events.ProvisionIncreased), [
        { provider: alice, service, tokens: 400n },
      ]);
      assert.equal((await provision()).tokens, 1400n);
      assert.equal(await idle(alice), 600n);
    });

    it('changes its terms when the provider has staged them and the service accepts them', async () => {
      const { alice, service } = network.who;

      await does(alice, 'setProvisionParameters', alice, service, 250_000n, 2n * DAY);
      const between = await provision();
      await does(service, 'acceptProvisionParameters', alice);
      const then = await provision();

      assert.deepEqual([between.maxVerifierCut, between.thawingPeriod], [500_000n, DAY]);
      assert.deepEqual(
        [then.maxVerifierCut, then.thawingPeriod, then.parametersStagedAt],
        [250_000n, 2n * DAY, 0n],
      );
      assert.deepEqual(await refuses(service, 'acceptProvisionParameters', alice), {
        name: 'NothingStaged',
        fields: { provider: alice, service },
      });
    });

    it('says what it is made of', async () => {
      assert.equal(await network.read(network.at.stakeManager, reads.MAX_PPM), 1_000_000n);
      assert.equal(await network.read(network.at.stakeManager, reads.MAX_THAW_REQUESTS), 100n);
      assert.equal(await network.read(network.at.stakeManager, reads.maxThawingPeriod), 28n * DAY);
      assert.equal(await network.read(network.at.stakeManager, reads.token), network.at.token);
    });
  });

  describe('thaw', () => {
    onFreshState(() => network, provisioned);

    it('takes its time, then makes the tokens idle', async () => {
      const { alice, service } = network.who;

      const thawed = await does(alice, 'thaw', alice, service, 300n);
      const [request] = eventsIn(thawed, network.at.stakeManager, events.Thawed);
      const early = await refuses(alice, 'deprovision', alice, service, 0n);
      await network.pass(DAY);
      const receipt = await does(alice, 'deprovision', alice, service, 0n);

      assert.equal(request?.tokens, 300n);
      assert.deepEqual(early, { name: 'NothingThawed', fields: { dueAt: request.thawingUntil } });
      assert.deepEqual(eventsIn(receipt, network.at.stakeManager, events.Deprovisioned), [
        { provider: alice, service, tokens: 300n },
      ]);
      assert.equal(await idle(alice), 1300n);
      assert.equal((await provision()).tokens, 700n);
    });

    it('takes out the oldest requests first, as many as are asked for', async () => {
      const { alice, service } = network.who;
      for (const tokens of [100n, 200n, 300n]) {
        await does(alice, 'thaw', alice, service, tokens);
      }
      await network.pass(DAY);

      const receipt = await does(alice, 'deprovision', alice, service, 2n);

      assert.deepEqual(
        eventsIn(receipt, network.at.stakeManager, events.ThawRequestFulfilled).map(({ number, tokens }) => [
          number,
          tokens,
        ]),
        [
          [0n, 100n],
          [1n, 200n],
        ],
      );
      assert.deepEqual(
        (await requests()).map(({ number, tokens, void: isVoid }) => [number, tokens, isVoid]),
        [[2n, 300n, false]],
      );
    });

    it('stops at the first request that is not due', async () => {
      const { alice, service } = network.who;
      await does(alice, 'thaw', alice, service, 100n);
      await network.pass(DAY);
      await does(alice, 'thaw', alice, service, 200n);

      await does(alice, 'deprovision', alice, service, 0n);

      assert.equal(await idle(alice), 1100n);
      assert.equal((await requests()).length, 1);
    });

    it('has at most 100 open requests', async () => {
      const { alice, service } = network.who;
      for (let i = 0; i < 100; i++) {
        await does(alice, 'thaw', alice, service, 1n);
      }

      assert.deepEqual(await refuses(alice, 'thaw', alice, service, 1n), {
        name: 'TooManyThawRequests',
        fields: { open: 100n, max: 100n },
      });
      await network.pass(DAY);
      await does(alice, 'deprovision', alice, service, 0n);
      assert.equal(await idle(alice), 1100n);
    });

    it('leaves what the service requires', async () => {
      const { alice } = network.who;
      const { contractAddress: double } = await network.transact({
        from: alice,
        data: serviceDouble.create.encode(doubles.ServiceDouble),
      });
      assert.ok(double);
      await does(alice, 'provision', alice, double, 500n, 0n, 0n);
      await network.send(alice, double, serviceDouble.writes.setRequired, alice, 450n);

      const tooMuch = await refuses(alice, 'thaw', alice, double, 51n);
      await does(alice, 'thaw', alice, double, 50n);

      assert.deepEqual(tooMuch, { name: 'StakeRequired', fields: { left: 449n, required: 450n } });
    });

    it('can be started by the service', async () => {
      const { alice, service } = network.who;

      await does(service, 'thaw', alice, service, 10n);

      assert.equal((await provision()).tokensThawing, 10n);
    });
  });

  describe('slash', () => {
    onFreshState(() => network, provisioned);

    it('burns what it does not pay out', async () => {
      const { alice, service, bob } = network.who;
      const supply = await network.read(network.at.token, testToken.reads.totalSupply);

      const receipt = await does(service, 'slash', alice, 300n, 100n, bob);

      assert.deepEqual(eventsIn(receipt, network.at.stakeManager, events.Slashed), [
        { provider: alice, service, tokens: 300n, reward: 100n, rewardTo: bob },
      ]);
      assert.equal(await balance(bob), PURSE + 100n);
      assert.equal(await network.read(network.at.token, testToken.reads.totalSupply), supply - 200n);
      assert.deepEqual(await network.read(network.at.stakeManager, reads.stakeOf, alice), {
        tokensStaked: 1700n,
        tokensProvisioned: 700n,
      });
    });

    it('takes all there is when it is told to take more', async () => {
      const { alice, service } = network.who;

      await does(service, 'slash', alice, 5000n, 0n, NOBODY);

      assert.equal((await provision()).tokens, 0n);
      assert.equal(await idle(alice), 1000n);
      assert.deepEqual(await refuses(service, 'slash', alice, 1n, 0n, NOBODY), {
        name: 'NothingToSlash',
        fields: { provider: alice, service },
      });
    });

    // Vectors of Horizon: tokensThawing = tokensThawing * (tokens - slashed) / tokens, rounded down.
    const vectors: readonly (readonly [thawing: bigint, slashed: bigint, tokens: bigint, left: bigint])[] = [
      [400n, 250n, 750n, 300n],
      [400n, 1n, 999n, 399n],
      [1n, 1n, 999n, 0n],
      [999n, 1n, 999n, 998n],
      [1000n, 333n, 667n, 667n],
      [333n, 500n, 500n, 166n],
    ];
    for (const [thawing, slashed, tokens, left] of vectors) {
      it(`of ${slashed} of 1000 leaves ${left} of ${thawing} thawing`, async () => {
        const { alice, service } = network.who;
        await does(alice, 'thaw', alice, service, thawing);

        await does(service, 'slash', alice, slashed, 0n, NOBODY);

        const held = await provision();
        assert.deepEqual([held.tokens, held.tokensThawing], [tokens, left]);
        await network.pass(DAY);
        await does(alice, 'deprovision', alice, service, 0n);
        assert.equal(await idle(alice), 1000n + left);
      });
    }

    it('voids the requests of which it leaves nothing, and later ones count again', async () => {
      const { alice, service } = network.who;
      await does(alice, 'thaw', alice, service, 1n);
      await does(service, 'slash', alice, 1n, 0n, NOBODY);
      const after = await provision();
      await does(alice, 'thaw', alice, service, 100n);
      const open = await requests();
      // The void one goes at once, the other when it is due.
      await does(alice, 'deprovision', alice, service, 0n);
      const idleAfterVoid = await idle(alice);
      await network.pass(DAY);
      await does(alice, 'deprovision', alice, service, 0n);

      assert.deepEqual([after.sharesThawing, after.tokensThawing, after.thawingNonce], [0n, 0n, 1n]);
      assert.deepEqual(
        open.map(({ tokens, void: isVoid }) => [tokens, isVoid]),
        [
          [0n, true],
          [100n, false],
        ],
      );
      assert.equal(idleAfterVoid, 1000n);
      assert.equal(await idle(alice), 1100n);
    });

    it('rounds the shares of later thaws up, and what they yield down', async () => {
      const { alice, service } = network.who;
      await does(alice, 'thaw', alice, service, 400n);
      await does(service, 'slash', alice, 250n, 0n, NOBODY);
      // 400 shares for 300 tokens: one token is ceil(400 / 300) = 2 shares.
      await does(alice, 'thaw', alice, service, 1n);
      const held = await provision();

      assert.deepEqual([held.sharesThawing, held.tokensThawing], [402n, 301n]);
      // 400 x 301 / 402 = 299.5, 2 x 301 / 402 = 1.5
      assert.deepEqual(
        (await requests()).map(({ tokens }) => tokens),
        [299n, 1n],
      );
    });
  });

  describe('operator', () => {
    onFreshState(() => network, provisioned);

    it('moves stake for the provider, and can take nothing out', async () => {
      const { alice, operator, service } = network.who;
      const receipt = await does(alice, 'setOperator', service, operator, true);

      await does(operator, 'addToProvision', alice, service, 100n);
      await does(operator, 'stakeToProvision', alice, service, 100n);
      await does(operator, 'thaw', alice, service, 100n);
      await network.pass(DAY);
      await does(operator, 'deprovision', alice, service, 0n);
      await does(operator, 'setProvisionParameters', alice, service, 1n, 1n);

      assert.deepEqual(eventsIn(receipt, network.at.stakeManager, events.OperatorSet), [
        { provider: alice, service, operator, allowed: true },
      ]);
      assert.equal(await idle(alice), 1000n);
      assert.deepEqual(await refuses(operator, 'unstake', 1n), {
        name: 'InsufficientIdleStake',
        fields: { idle: 0n, asked: 1n },
      });
    });

    it('acts at its service only, until it is shut out, also during a pause', async () => {
      const { alice, operator, service, bob, guardian } = network.who;
      const isAuthorized = (at: string): Promise<boolean> =>
        network.read(network.at.stakeManager, reads.isAuthorized, alice, at, operator);
      await does(alice, 'setOperator', service, operator, true);
      const before = [await isAuthorized(service), await isAuthorized(bob)];
      await does(guardian, 'pause');

      await does(alice, 'setOperator', service, operator, false);

      assert.deepEqual(before, [true, false]);
      assert.equal(await isAuthorized(service), false);
    });
  });

  describe('refuses', () => {
    onFreshState(() => network, provisioned);

    const refusals: readonly (readonly [
      what: string,
      expected: (who: Network['who']) => Refusal,
      attempt: (who: Network['who']) => Promise<Refusal>,
    ])[] = [
      ['to stake nothing', () => refusal('ZeroTokens'), ({ alice }) => refuses(alice, 'stake', 0n)],
      ['to unstake nothing', () => refusal('ZeroTokens'), ({ alice }) => refuses(alice, 'unstake', 0n)],
      [
        'to provision nothing',
        () => refusal('ZeroTokens'),
        ({ alice, bob }) => refuses(alice, 'provision', alice, bob, 0n, 0n, 0n),
      ],
      [
        'to thaw nothing',
        () => refusal('ZeroTokens'),
        ({ alice, service }) => refuses(alice, 'thaw', alice, service, 0n),
      ],
      [
        'to slash nothing',
        () => refusal('ZeroTokens'),
        ({ alice, service }) => refuses(service, 'slash', alice, 0n, 0n, NOBODY),
      ],
      ['stake of nobody', () => refusal('ZeroAddress'), ({ alice }) => refuses(alice, 'stakeTo', NOBODY, 1n)],
      [
        'a provision at nobody',
        () => refusal('ZeroAddress'),
        ({ alice }) => refuses(alice, 'provision', alice, NOBODY, 1n, 0n, 0n),
      ],
      [
        'more than is in the purse',
        ({ alice }) =>
          refusal('ERC20InsufficientBalance', { sender: alice, balance: PURSE - 2000n, needed: PURSE }),
        ({ alice }) => refuses(alice, 'stake', PURSE),
      ],
      [
        'more than fits',
        () => refusal('SafeCastOverflowedUintDowncast', { bits: 128n, value: 2n ** 128n + 2000n }),
        ({ alice }) => refuses(alice, 'stake', 2n ** 128n),
      ],
      [
        'to unstake what is provisioned',
        () => refusal('InsufficientIdleStake', { idle: 1000n, asked: 1001n }),
        ({ alice }) => refuses(alice, 'unstake', 1001n),
      ],
      [
        'to provision more than is idle',
        () => refusal('InsufficientIdleStake', { idle: 1000n, asked: 1001n }),
        ({ alice, bob }) => refuses(alice, 'provision', alice, bob, 1001n, 0n, 0n),
      ],
      [
        'to add more than is idle',
        () => refusal('InsufficientIdleStake', { idle: 1000n, asked: 1001n }),
        ({ alice, service }) => refuses(alice, 'addToProvision', alice, service, 1001n),
      ],
      [
        'a second provision at a service',
        ({ alice, service }) => refusal('ProvisionExists', { provider: alice, service }),
        ({ alice, service }) => refuses(alice, 'provision', alice, service, 1n, 0n, 0n),
      ],
      [
        'to add to a provision that is not there',
        ({ alice, bob }) => refusal('NoProvision', { provider: alice, service: bob }),
        ({ alice, bob }) => refuses(alice, 'addToProvision', alice, bob, 1n),
      ],
      [
        'a cut above all',
        () => refusal('VerifierCutTooHigh', { ppm: 1_000_001n, max: 1_000_000n }),
        ({ alice, bob }) => refuses(alice, 'provision', alice, bob, 1n, 1_000_001n, 0n),
      ],
      [
        'a thawing period above the longest',
        () => refusal('ThawingPeriodTooLong', { period: 28n * DAY + 1n, max: 28n * DAY }),
        ({ alice, service }) => refuses(alice, 'setProvisionParameters', alice, service, 0n, 28n * DAY + 1n),
      ],
      [
        'to thaw more than is provisioned',
        () => refusal('InsufficientProvision', { available: 1000n, asked: 1001n }),
        ({ alice, service }) => refuses(alice, 'thaw', alice, service, 1001n),
      ],
      [
        'to deprovision when nothing thaws',
        () => refusal('NothingThawed', { dueAt: 0n }),
        ({ alice, service }) => refuses(alice, 'deprovision', alice, service, 0n),
      ],
      [
        'a reward above the cut',
        () => refusal('RewardTooHigh', { reward: 151n, max: 150n }),
        ({ alice, service, bob }) => refuses(service, 'slash', alice, 301n, 151n, bob),
      ],
      [
        'a slash by who is no service of the provider',
        ({ alice, bob }) => refusal('NothingToSlash', { provider: alice, service: bob }),
        ({ alice, bob }) => refuses(bob, 'slash', alice, 1n, 0n, bob),
      ],
      [
        'the provider as its own operator',
        ({ alice }) => refusal('OperatorIsProvider', { provider: alice }),
        ({ alice, service }) => refuses(alice, 'setOperator', service, alice, true),
      ],
    ];
    for (const [what, expected, attempt] of refusals) {
      it(what, async () => {
        assert.deepEqual(await attempt(network.who), expected(network.who));
      });
    }

    it('strangers', async () => {
      const { alice, service, stranger } = network.who;
      const attempts = [
        await refuses(stranger, 'stakeToProvision', alice, service, 1n),
        await refuses(stranger, 'provision', alice, service, 1n, 0n, 0n),
        await refuses(stranger, 'addToProvision', alice, service, 1n),
        await refuses(stranger, 'thaw', alice, service, 1n),
        await refuses(stranger, 'deprovision', alice, service, 0n),
        await refuses(stranger, 'setProvisionParameters', alice, service, 0n, 0n),
      ];

      for (const attempt of attempts) {
        assert.deepEqual(attempt, refusal('NotAuthorized', { caller: stranger, provider: alice, service }));
      }
    });

    it('everything that moves stake during a pause', async () => {
      const { alice, service, guardian } = network.who;
      await does(guardian, 'pause');
      const attempts = [
        await refuses(alice, 'stake', 1n),
        await refuses(alice, 'stakeTo', alice, 1n),
        await refuses(alice, 'stakeToProvision', alice, service, 1n),
        await refuses(alice, 'provision', alice, service, 1n, 0n, 0n),
        await refuses(alice, 'addToProvision', alice, service, 1n),
        await refuses(alice, 'thaw', alice, service, 1n),
        await refuses(alice, 'deprovision', alice, service, 0n),
        await refuses(alice, 'unstake', 1n),
        await refuses(alice, 'setProvisionParameters', alice, service, 0n, 0n),
        await refuses(service, 'acceptProvisionParameters', alice),
        await refuses(service, 'slash', alice, 1n, 0n, NOBODY),
      ];

      assert.deepEqual(new Set(attempts.map(({ name }) => name)), new Set(['EnforcedPause']));
    });

    it('to be made with a missing address', async () => {
      const { governor, guardian } = network.who;
      for (const [token, who] of [
        [NOBODY, governor],
        [network.at.token, NOBODY],
      ] as const) {
        const data = stakeManager.create.encode(bytecode.StakeManager, token, DAY, who, guardian);

        assert.deepEqual(await refusedCreation(network, data), refusal('ZeroAddress'));
      }
    });
  });

  describe('with a hostile token', () => {
    let token = '';
    let manager = '';
    onFreshState(
      () => network,
      async () => {
        const { deployer, governor, guardian, alice } = network.who;
        const created = async (data: string): Promise<string> =>
          (await network.transact({ from: deployer, data })).contractAddress ?? '';
        token = await created(hostileToken.create.encode(doubles.HostileToken));
        manager = await created(
          stakeManager.create.encode(bytecode.StakeManager, token, DAY, governor, guardian),
        );
        network.coverage.watch(manager, stakeManager);
        await network.send(alice, token, hostileToken.writes.mint, alice, 1000n);
        await network.send(alice, token, hostileToken.writes.approve, manager, 1000n);
        await network.send(alice, manager, writes.stake, 500n);
      },
    );

    it('cannot be entered again while tokens move', async () => {
      const { alice, stranger } = network.who;
      await network.send(stranger, token, hostileToken.writes.callBack, manager, writes.unstake.encode(500n));

      for (const attempt of [
        await network.refused(alice, manager, writes.stake, 1n),
        await network.refused(alice, manager, writes.unstake, 1n),
      ]) {
        assert.deepEqual(attempt, refusal('ReentrancyGuardReentrantCall'));
      }
    });

    it('believes no transfer that returns false', async () => {
      const { alice, stranger } = network.who;
      await network.send(stranger, token, hostileToken.writes.lie, true);

      for (const attempt of [
        await network.refused(alice, manager, writes.stake, 1n),
        await network.refused(alice, manager, writes.unstake, 1n),
      ]) {
        assert.deepEqual(attempt, refusal('SafeERC20FailedOperation', { token }));
      }
    });
  });

  checkCoverage(() => network, stakeManager);
});
