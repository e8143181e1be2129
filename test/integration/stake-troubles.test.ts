import assert from 'node:assert/strict';
import { Secrets } from '../../src/api/builtin.ts';
import { findCondition } from '../../src/api/conditions.ts';
import { StakingNetworks } from '../../src/api/staking-network.ts';
import { stakeManager } from '../../src/chain/contracts/generated/stake-manager.ts';
import { isInvalid } from '../../src/kube/errors.ts';
import { startOperator, type RunningProgram } from '../support/operator.ts';
import {
  TOKEN,
  stakeObjects,
  startStakeWorld,
  type StakeObjects,
  type StakeWorld,
} from '../support/stake-world.ts';
import { clusterKind, startTestCluster, type TestCluster } from '../support/test-cluster.ts';
import { untilPasses } from '../support/until-passes.ts';

const GOVERNOR = 1;
const GUARDIAN = 2;
const UNTROUBLED = 5;

/** Accounts with trouble of their own, by their place among those of the chain. */
const troubles: readonly {
  readonly name: string;
  readonly person: number;
  readonly tokens?: bigint;
  readonly spec: object;
  readonly reason: string;
  readonly message: RegExp;
}[] = [
  {
    name: 'poor',
    person: 6,
    tokens: 100n,
    spec: { stake: { type: 'Fixed', amount: '300', max: '1000' } },
    reason: 'InsufficientTokens',
    message: /^200 \S+ more are to be staked, and the account holds 0 \S+: send tokens to it$/,
  },
  {
    name: 'without-coin',
    person: 7,
    tokens: 1000n,
    spec: { stake: { type: 'Fixed', amount: '300', max: '1000' } },
    reason: 'InsufficientCoin',
    message: /^it may cost 0\.\d+ of the coin, and the account has 0$/,
  },
  {
    name: 'thrifty',
    person: 8,
    tokens: 1000n,
    spec: {
      stake: { type: 'Fixed', amount: '300', max: '1000' },
      spendCap: { perDay: '0.000000001', reservedForDuties: '0' },
    },
    reason: 'SpendCapReached',
    message: /0\.000000001/,
  },
  {
    name: 'capped',
    person: 9,
    tokens: 1000n,
    spec: { stake: { type: 'Fixed', amount: '300', max: '200' } },
    reason: 'StakeCapReached',
    message: /^300 \S+ are wanted, and spec\.stake\.max allows 200 \S+$/,
  },
  {
    name: 'keyless',
    person: 10,
    tokens: 1000n,
    spec: {
      stake: { type: 'Fixed', amount: '300', max: '1000' },
      signer: { type: 'PlainKey', plainKey: { keyFrom: { name: 'nowhere', key: 'key' } } },
    },
    reason: 'SignerSecretMissing',
    message: /nowhere/,
  },
  {
    name: 'elsewhere',
    person: 11,
    spec: { networkRef: { name: 'atlantis' } },
    reason: 'NetworkMissing',
    message: /atlantis/,
  },
  {
    name: 'misled',
    person: 11,
    spec: { networkRef: { name: 'wrong-contract' } },
    reason: 'NetworkNotUsable',
    message: /is no MinerRegistry: it refuses stakeManager\(\); check its address/,
  },
];

/** Amounts of tokens that no API server takes. */
const badAmounts: readonly (readonly [what: string, amount: string])[] = [
  ['a negative one', '-1'],
  ['one with an exponent', '1e3'],
  ['one with more digits than any token has', `0.${'0'.repeat(18)}1`],
  ['one with a unit', '300 HFT'],
  ['one with a comma', '1,5'],
  ['an empty one', ''],
];

describe(`trouble with stake, on the ${clusterKind} API server`, function () {
  this.timeout(180_000);
  let cluster: TestCluster;
  let world: StakeWorld;
  let objects: StakeObjects;
  let operator: RunningProgram;

  before(async () => {
    [cluster, world] = await Promise.all([startTestCluster(), startStakeWorld()]);
    objects = stakeObjects(cluster.client, world);
    const { address: moneyless } = world.person(7);
    await world.chain.rpc.call('anvil_setBalance', moneyless, '0x0');
    await world.fund(world.person(UNTROUBLED).address, 1000n * TOKEN);
    for (const { person, tokens } of troubles) {
      if (tokens !== undefined) {
        await world.fund(world.person(person).address, tokens * TOKEN);
      }
    }
    const { token, epochRewards } = world.at;
    await cluster.client.create(StakingNetworks, world.network());
    await cluster.client.create(StakingNetworks, {
      ...world.network({ protocol: { headframe: { minerRegistry: token, epochRewards } } }),
      metadata: { name: 'wrong-contract' },
    });
    operator = startOperator(cluster.kubeconfig);
    for (const { name, person, spec } of troubles) {
      await objects.account(name, person, spec);
    }
  });
  after(async () => {
    await operator.end('SIGKILL');
    await cluster.stop();
    await world.stop();
  });

  async function readyOf(name: string): Promise<{ said: string; message: string }> {
    const { status } = await objects.accountNow(name);
    const ready = findCondition(status?.conditions, 'Ready');
    return { said: `${ready?.status} ${ready?.reason}`, message: ready?.message ?? '' };
  }

  for (const { name, reason, message } of troubles) {
    it(`${name} says ${reason}, what is and what is needed`, async () => {
      await untilPasses(async () => {
        const ready = await readyOf(name);
        assert.equal(ready.said, `False ${reason}`);
        assert.match(ready.message, message);
      });
    });
  }

  for (const [what, amount] of badAmounts) {
    it(`an amount of stake is refused before it is stored: ${what}`, async () => {
      await assert.rejects(
        objects.account('unwritten', 11, { stake: { type: 'Fixed', amount, max: '1000' } }),
        (error) => {
          assert.equal(isInvalid(error), true);
          assert.match(String(error), /spec\.stake\.amount/);
          return true;
        },
      );
      await cluster.client.delete(Secrets, { namespace: 'default', name: 'unwritten-key' });
    });
  }

  it('keeps no other account from its stake', async () => {
    await objects.account('untroubled', UNTROUBLED);
    await objects.pool('miners', { replicas: 2, stake: { accountRef: { name: 'untroubled' } } });
    // Before the account has heard of its pool, nothing is what is wanted.
    await untilPasses(async () =>
      assert.equal(await world.provisioned(world.person(UNTROUBLED).address), 200n * TOKEN),
    );
    await untilPasses(async () => assert.equal((await readyOf('untroubled')).said, 'True AsWanted'));
  });

  it('waits while the contracts are paused, says so, and goes on when that ends', async () => {
    await world.send(GUARDIAN, world.at.stakeManager, stakeManager.writes.pause);
    await untilPasses(async () => {
      const { status } = await cluster.client.get(StakingNetworks, { name: 'devnet' });
      assert.equal(
        (status?.conditions ?? []).some(({ reason }) => reason === 'ContractsPaused'),
        true,
        'the network says that it is paused',
      );
    });
    const sent = (await objects.transactions('untroubled')).length;
    await objects.patchPool('miners', { spec: { replicas: 3 } });
    await untilPasses(async () => {
      const ready = await readyOf('untroubled');
      assert.equal(ready.said, 'False ContractsPaused');
      assert.match(ready.message, /^StakeManager of the network is paused/);
    });
    assert.equal((await objects.transactions('untroubled')).length, sent);

    await world.send(GOVERNOR, world.at.stakeManager, stakeManager.writes.unpause);
    await untilPasses(async () => assert.equal((await readyOf('untroubled')).said, 'True AsWanted'));
    assert.equal(await world.provisioned(world.person(UNTROUBLED).address), 300n * TOKEN);
  });

  it('ends when what was missing comes', async () => {
    await world.fund(world.person(6).address, 200n * TOKEN);
    await world.chain.rpc.call('anvil_setBalance', world.person(7).address, '0xde0b6b3a7640000');
    await objects.patchAccount('thrifty', { spec: { spendCap: { perDay: '1' } } });
    await objects.patchAccount('capped', { spec: { stake: { max: '300' } } });
    for (const [name, person] of [
      ['poor', 6],
      ['without-coin', 7],
      ['thrifty', 8],
      ['capped', 9],
    ] as const) {
      await untilPasses(async () => assert.equal((await readyOf(name)).said, 'True AsWanted'));
      assert.equal(await world.provisioned(world.person(person).address), 300n * TOKEN);
    }
  });
});
