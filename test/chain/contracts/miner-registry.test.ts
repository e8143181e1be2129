import assert from 'node:assert/strict';
import { encodeBytes32String, id, ZeroHash } from 'ethers';
import { minerRegistry } from '../../../src/chain/contracts/generated/miner-registry.ts';
import { stakeManager } from '../../../src/chain/contracts/generated/stake-manager.ts';
import { testToken } from '../../../src/chain/contracts/generated/test-token.ts';
import { bytecode } from '../../../src/devcluster/local-chain/generated/bytecode.ts';
import { callsOf } from './calls-of.ts';
import { checkCoverage, describeGovernance, NOBODY, refusedCreation } from './governance.ts';
import {
  DAY,
  type Network,
  onFreshState,
  parameters,
  provisionToRegistry,
  PURSE,
  startNetwork,
} from './network.ts';
import { eventsIn, type Receipt, type Refusal, refusal } from './traced-chain.ts';

const { reads, writes, events } = minerRegistry;
const [one, two, three] = ['one', 'two', 'three'].map(encodeBytes32String) as [string, string, string];
const endpoint = id('https://one.example:8443');

describe('contracts/MinerRegistry', function () {
  this.timeout(60_000);
  let network: Network;
  before(async () => {
    network = await startNetwork();
  });
  after(() => network.stop());

  const { does, refuses } = callsOf(() => network, writes, 'minerRegistry');
  const providerOf = () => network.read(network.at.minerRegistry, reads.providerOf, network.who.alice);
  const minersOf = (offset = 0n, limit = 100n) =>
    network.read(network.at.minerRegistry, reads.minersOf, network.who.alice, offset, limit);
  const stakes = stakeManager.writes;

  const provisioned = (): Promise<void> => provisionToRegistry(network);

  describeGovernance(
    () => network,
    minerRegistry,
    () => network.at.minerRegistry,
  );

  describe('register', () => {
    onFreshState(() => network, provisioned);

    it('adds a miner, and says what all of them need', async () => {
      const { alice, operator } = network.who;

      const receipt = await does(operator, 'register', alice, one, endpoint, 7915n);

      assert.deepEqual(eventsIn(receipt, network.at.minerRegistry, events.MinerRegistered), [
        { provider: alice, id: one, endpointHash: endpoint, milliUnits: 7915n },
      ]);
      // 10 + ceil(7.915 x 100)
      assert.deepEqual(await providerOf(), {
        miners: 1n,
        milliUnits: 7915n,
        availableStake: 1000n,
        requiredStake: 802n,
      });
      const { registeredAt, ...miner } = await network.read(
        network.at.minerRegistry,
        reads.minerOf,
        alice,
        one,
      );
      assert.ok(registeredAt > 0n);
      assert.deepEqual(miner, { id: one, endpointHash: endpoint, milliUnits: 7915n });
    });

    it('adds several or none', async () => {
      const { alice } = network.who;
      const miner = (name: string, milliUnits: bigint) => ({ id: name, endpointHash: endpoint, milliUnits });

      const tooMany = await refuses(alice, 'registerMany', alice, [miner(one, 8000n), miner(two, 2000n)]);
      await does(alice, 'registerMany', alice, [miner(one, 8000n), miner(two, 1000n)]);

      assert.deepEqual(tooMany, refusal('InsufficientStake', { available: 1000n, required: 1020n }));
      assert.deepEqual(
        (await minersOf()).map(({ id: name, milliUnits }) => [name, milliUnits]),
        [
          [one, 8000n],
          [two, 1000n],
        ],
      );
    });

    // stakePerUnit 100, stakePerMiner 10: required = 10 + ceil(milliUnits / 10).
    for (const [milliUnits, required] of [
      [1n, 11n],
      [10n, 11n],
      [11n, 12n],
      [9900n, 1000n],
      [9901n, 1001n],
      [4_294_967_295n, 429_496_740n],
    ] as const) {
      it(`needs ${required} for ${milliUnits} thousandths of a V100`, async () => {
        const { alice } = network.who;

        assert.equal(
          await network.read(network.at.minerRegistry, reads.requiredFor, 1n, milliUnits),
          required,
        );
        if (required <= 1000n) {
          await does(alice, 'register', alice, one, endpoint, milliUnits);
          assert.equal(await network.read(network.at.minerRegistry, reads.requiredStake, alice), required);
        } else {
          assert.deepEqual(
            await refuses(alice, 'register', alice, one, endpoint, milliUnits),
            refusal('InsufficientStake', { available: 1000n, required }),
          );
        }
      });
    }

    it('does not count stake that thaws', async () => {
      const { alice } = network.who;
      await network.send(alice, network.at.stakeManager, stakes.thaw, alice, network.at.minerRegistry, 500n);

      assert.deepEqual(
        await refuses(alice, 'register', alice, one, endpoint, 5000n),
        refusal('InsufficientStake', { available: 500n, required: 510n }),
      );
    });

    it('lets two providers use the same name', async () => {
      const { alice, bob } = network.who;
      const { at, send } = network;
      await send(bob, at.stakeManager, stakes.stake, 1000n);
      await send(bob, at.stakeManager, stakes.provision, bob, at.minerRegistry, 1000n, 100_000n, DAY);

      await does(bob, 'register', bob, one, ZeroHash, 1000n);
      await does(alice, 'register', alice, one, endpoint, 2000n);

      assert.equal((await network.read(at.minerRegistry, reads.minerOf, bob, one)).milliUnits, 1000n);
      assert.equal((await network.read(at.minerRegistry, reads.minerOf, alice, one)).milliUnits, 2000n);
    });
  });

  describe('deregister', () => {
    onFreshState(
      () => network,
      async () => {
        await provisioned();
        for (const name of [one, two, three]) {
          await does(network.who.alice, 'register', network.who.alice, name, endpoint, 3000n);
        }
      },
    );

    it('frees the stake, and keeps the list whole', async () => {
      const { alice, operator } = network.who;

      const receipt = await does(operator, 'deregister', alice, one);

      assert.deepEqual(eventsIn(receipt, network.at.minerRegistry, events.MinerDeregistered), [
        { provider: alice, id: one },
      ]);
      assert.equal((await providerOf()).requiredStake, 620n);
      assert.deepEqual(
        (await minersOf()).map((miner) => miner.id),
        [three, two],
      );
      await does(operator, 'deregisterMany', alice, [two, three]);
      assert.deepEqual(await minersOf(), []);
      assert.equal((await providerOf()).requiredStake, 0n);
    });

    it('lets a thaw take what became free, and no more', async () => {
      const { alice } = network.who;
      const { at } = network;
      const thaw = [alice, at.minerRegistry] as const;

      const before = await network.refused(alice, at.stakeManager, stakes.thaw, ...thaw, 71n);
      await does(alice, 'deregister', alice, one);
      const beyond = await network.refused(alice, at.stakeManager, stakes.thaw, ...thaw, 381n);
      await network.send(alice, at.stakeManager, stakes.thaw, ...thaw, 380n);

      assert.deepEqual(before, refusal('StakeRequired', { left: 929n, required: 930n }));
      assert.deepEqual(beyond, refusal('StakeRequired', { left: 619n, required: 620n }));
      assert.equal((await providerOf()).availableStake, 620n);
    });

    it('starts the thaw of what it frees', async () => {
      const { alice, operator } = network.who;

      const receipt = await does(operator, 'deregisterAndThaw', alice, two);

      const [thawed] = eventsIn(receipt, network.at.stakeManager, stakeManager.events.Thawed);
      assert.equal(thawed?.tokens, 310n);
      assert.equal((await providerOf()).availableStake, 690n);
    });

    it('thaws only what a slash has left free', async () => {
      const { alice, slasher } = network.who;
      await does(slasher, 'slash', alice, one, 300n, 0n, NOBODY, ZeroHash);

      const first = await does(alice, 'deregisterAndThaw', alice, one);
      const second = await does(alice, 'deregisterAndThaw', alice, two);

      const thawedIn = (receipt: Receipt): bigint[] =>
        eventsIn(receipt, network.at.stakeManager, stakeManager.events.Thawed).map(({ tokens }) => tokens);
      // 700 are left: 80 above what two miners need, then all above what one needs, but no more than a miner's.
      assert.deepEqual([thawedIn(first), thawedIn(second)], [[80n], [310n]]);
    });

    it('pages through the miners', async () => {
      const ids = async (offset: bigint, limit: bigint): Promise<string[]> =>
        (await minersOf(offset, limit)).map((miner) => miner.id);

      assert.deepEqual(await ids(0n, 2n), [one, two]);
      assert.deepEqual(await ids(2n, 2n), [three]);
      assert.deepEqual(await ids(9n, 2n), []);
      assert.deepEqual(await ids(1n, 2n ** 256n - 1n), [two, three]);
    });

    it('changes the endpoint of one that stays', async () => {
      const { alice, operator } = network.who;
      const elsewhere = id('https://elsewhere.example');

      const receipt = await does(operator, 'setEndpoint', alice, two, elsewhere);

      assert.deepEqual(eventsIn(receipt, network.at.minerRegistry, events.EndpointSet), [
        { provider: alice, id: two, endpointHash: elsewhere },
      ]);
      assert.equal(
        (await network.read(network.at.minerRegistry, reads.minerOf, alice, two)).endpointHash,
        elsewhere,
      );
    });
  });

  describe('slash', () => {
    onFreshState(
      () => network,
      async () => {
        await provisioned();
        await does(network.who.alice, 'register', network.who.alice, one, endpoint, 9000n);
      },
    );

    it('pays the reward, burns the rest, and says why', async () => {
      const { alice, slasher, bob } = network.who;
      const reason = encodeBytes32String('WrongTrace');

      const receipt = await does(slasher, 'slash', alice, one, 200n, 20n, bob, reason);

      assert.deepEqual(eventsIn(receipt, network.at.minerRegistry, events.ProviderSlashed), [
        { provider: alice, id: one, reason, tokens: 200n, reward: 20n, rewardTo: bob },
      ]);
      assert.equal(await network.read(network.at.token, testToken.reads.balanceOf, bob), PURSE + 20n);
      assert.deepEqual(await network.read(network.at.minerRegistry, reads.coverOf, alice), {
        available: 800n,
        required: 910n,
      });
    });

    it('leaves miners that anybody may eject, but only while the stake is short', async () => {
      const { alice, slasher, stranger } = network.who;

      const covered = await refuses(stranger, 'eject', alice, one);
      await does(slasher, 'slash', alice, one, 91n, 0n, NOBODY, ZeroHash);
      const receipt = await does(stranger, 'eject', alice, one);

      assert.deepEqual(covered, refusal('StakeSufficient', { available: 1000n, required: 910n }));
      assert.deepEqual(eventsIn(receipt, network.at.minerRegistry, events.MinerEjected), [
        { provider: alice, id: one, by: stranger },
      ]);
      assert.equal((await providerOf()).miners, 0n);
    });
  });

  describe('terms', () => {
    onFreshState(() => network, provisioned);
    const dearer = { ...parameters.terms, stakePerUnit: 200n, minThawingPeriod: 2n * DAY };

    it('are the governor’s to change', async () => {
      const { governor, stranger } = network.who;

      const receipt = await does(governor, 'setTerms', dearer);

      assert.deepEqual(eventsIn(receipt, network.at.minerRegistry, events.TermsSet), [dearer]);
      assert.deepEqual(await network.read(network.at.minerRegistry, reads.terms), dearer);
      assert.equal((await refuses(stranger, 'setTerms', dearer)).name, 'AccessControlUnauthorizedAccount');
    });

    it('bind a provision when it takes a miner, and can be met by new parameters', async () => {
      const { alice, governor, operator } = network.who;
      const { at } = network;
      await does(governor, 'setTerms', dearer);
      const stage = (cut: bigint, period: bigint) =>
        network.send(
          alice,
          at.stakeManager,
          stakes.setProvisionParameters,
          alice,
          at.minerRegistry,
          cut,
          period,
        );

      const short = await refuses(alice, 'register', alice, one, endpoint, 1000n);
      await stage(99_999n, 2n * DAY);
      const low = await refuses(operator, 'acceptProvisionParameters', alice);
      await stage(100_000n, 2n * DAY);
      await does(operator, 'acceptProvisionParameters', alice);
      await does(alice, 'register', alice, one, endpoint, 1000n);

      assert.deepEqual(short, refusal('ThawingPeriodTooShort', { period: DAY, min: 2n * DAY }));
      assert.deepEqual(low, refusal('VerifierCutTooLow', { ppm: 99_999n, min: 100_000n }));
    });

    it('can be met by some provision', async () => {
      const { governor } = network.who;
      for (const impossible of [
        { ...dearer, minVerifierCut: 1_000_001n },
        { ...dearer, minThawingPeriod: 28n * DAY + 1n },
      ]) {
        assert.deepEqual(
          await refuses(governor, 'setTerms', impossible),
          refusal('TermsImpossible', {
            minVerifierCut: impossible.minVerifierCut,
            minThawingPeriod: impossible.minThawingPeriod,
          }),
        );
      }
    });
  });

  describe('refuses', () => {
    onFreshState(
      () => network,
      async () => {
        await provisioned();
        await does(network.who.alice, 'register', network.who.alice, one, endpoint, 1000n);
      },
    );

    const refusals: readonly (readonly [
      what: string,
      expected: (who: Network['who']) => Refusal,
      attempt: (who: Network['who']) => Promise<Refusal>,
    ])[] = [
      [
        'a miner of no size',
        () => refusal('ZeroUnits', { id: two }),
        ({ alice }) => refuses(alice, 'register', alice, two, endpoint, 0n),
      ],
      [
        'a second miner of the same name',
        ({ alice }) => refusal('MinerExists', { provider: alice, id: one }),
        ({ alice }) => refuses(alice, 'register', alice, one, endpoint, 1n),
      ],
      [
        'to take off a miner that is not there',
        ({ alice }) => refusal('NoMiner', { provider: alice, id: two }),
        ({ alice }) => refuses(alice, 'deregister', alice, two),
      ],
      [
        'an endpoint of a miner that is not there',
        ({ alice }) => refusal('NoMiner', { provider: alice, id: two }),
        ({ alice }) => refuses(alice, 'setEndpoint', alice, two, endpoint),
      ],
      [
        'a provider without a provision',
        () => refusal('InsufficientStake', { available: 0n, required: 110n }),
        ({ bob }) => refuses(bob, 'register', bob, one, endpoint, 1000n),
      ],
      [
        'to accept what is not staged',
        ({ alice }) => refusal('NothingStaged', { provider: alice, service: network.at.minerRegistry }),
        ({ alice }) => refuses(alice, 'acceptProvisionParameters', alice),
      ],
      [
        'a slash by who is not the slasher',
        ({ alice }) =>
          refusal('AccessControlUnauthorizedAccount', { account: alice, neededRole: id('SLASHER_ROLE') }),
        ({ alice }) => refuses(alice, 'slash', alice, one, 1n, 0n, NOBODY, ZeroHash),
      ],
      [
        'a reward above the cut',
        () => refusal('RewardTooHigh', { reward: 11n, max: 10n }),
        ({ alice, slasher, bob }) => refuses(slasher, 'slash', alice, one, 100n, 11n, bob, ZeroHash),
      ],
    ];
    for (const [what, expected, attempt] of refusals) {
      it(what, async () => {
        assert.deepEqual(await attempt(network.who), expected(network.who));
      });
    }

    it('strangers', async () => {
      const { alice, stranger } = network.who;
      const attempts = [
        await refuses(stranger, 'register', alice, two, endpoint, 1n),
        await refuses(stranger, 'registerMany', alice, []),
        await refuses(stranger, 'setEndpoint', alice, one, endpoint),
        await refuses(stranger, 'deregister', alice, one),
        await refuses(stranger, 'deregisterMany', alice, [one]),
        await refuses(stranger, 'deregisterAndThaw', alice, one),
        await refuses(stranger, 'acceptProvisionParameters', alice),
      ];

      for (const attempt of attempts) {
        assert.deepEqual(attempt, refusal('NotAuthorized', { caller: stranger, provider: alice }));
      }
    });

    it('everything but a change of terms during a pause', async () => {
      const { alice, slasher, guardian, governor } = network.who;
      await does(guardian, 'pause');
      const attempts = [
        await refuses(alice, 'register', alice, two, endpoint, 1n),
        await refuses(alice, 'registerMany', alice, []),
        await refuses(alice, 'setEndpoint', alice, one, endpoint),
        await refuses(alice, 'deregister', alice, one),
        await refuses(alice, 'deregisterMany', alice, [one]),
        await refuses(alice, 'deregisterAndThaw', alice, one),
        await refuses(alice, 'eject', alice, one),
        await refuses(alice, 'acceptProvisionParameters', alice),
        await refuses(slasher, 'slash', alice, one, 1n, 0n, NOBODY, ZeroHash),
      ];

      assert.deepEqual(new Set(attempts.map(({ name }) => name)), new Set(['EnforcedPause']));
      await does(governor, 'setTerms', parameters.terms);
    });

    it('to be made with a missing address', async () => {
      const { governor, guardian, slasher } = network.who;
      for (const [manager, who, slashing] of [
        [NOBODY, governor, slasher],
        [network.at.stakeManager, NOBODY, slasher],
        [network.at.stakeManager, governor, NOBODY],
      ] as const) {
        const data = minerRegistry.create.encode(
          bytecode.MinerRegistry,
          manager,
          parameters.terms,
          who,
          guardian,
          slashing,
        );

        assert.deepEqual(await refusedCreation(network, data), refusal('ZeroAddress'));
      }
    });
  });

  it('says where the stake is, and who slashes', async () => {
    const { read, at, who } = network;
    const role = await read(at.minerRegistry, reads.SLASHER_ROLE);

    assert.equal(await read(at.minerRegistry, reads.stakeManager), at.stakeManager);
    assert.equal(await read(at.minerRegistry, reads.hasRole, role, who.slasher), true);
  });

  checkCoverage(() => network, minerRegistry);
});
