import assert from 'node:assert/strict';
import { StakingNetworks } from '../../src/api/staking-network.ts';
import { epochRewards } from '../../src/chain/contracts/generated/epoch-rewards.ts';
import { testToken } from '../../src/chain/contracts/generated/test-token.ts';
import type { StakePlan } from '../../src/commands/stake/report.ts';
import { rewardTree } from '../../src/chain/contracts/reward-tree.ts';
import { metricsOf, runProgram, startOperator, type RunningProgram } from '../support/operator.ts';
import { type ProofServer, startProofServer } from '../support/proof-server.ts';
import {
  TOKEN,
  stakeObjects,
  startStakeWorld,
  type StakeObjects,
  type StakeWorld,
} from '../support/stake-world.ts';
import { clusterKind, startTestCluster, type TestCluster } from '../support/test-cluster.ts';
import { untilPasses } from '../support/until-passes.ts';

const POSTER = 4;
const ALICE = 5;
const BOB = 6;

/** A block a second; an epoch must end before its rewards are known. */
const EPOCH_SECONDS = 15;
const PATIENCE_MS = 60_000;

interface Told {
  readonly epoch: number;
  readonly amount: string;
  readonly proof: readonly string[];
}

describe(`rewards, on the ${clusterKind} API server`, function () {
  this.timeout(180_000);
  let cluster: TestCluster;
  let world: StakeWorld;
  let proofs: ProofServer;
  let objects: StakeObjects;
  let operator: RunningProgram;
  const told = new Map<number, Told[]>();

  before(async () => {
    [cluster, world, proofs] = await Promise.all([
      startTestCluster(),
      startStakeWorld({ epochSeconds: EPOCH_SECONDS }),
      startProofServer(),
    ]);
    objects = stakeObjects(cluster.client, world);
    await world.fund(world.person(ALICE).address, 1000n * TOKEN);
    await world.fund(world.person(POSTER).address, 1000n * TOKEN);
    const { token, epochRewards: rewards } = world.at;
    await world.send(POSTER, token, testToken.writes.approve, rewards, 1000n * TOKEN);
    await world.send(POSTER, rewards, epochRewards.writes.fund, 1000n * TOKEN);
    proofs.files.set('/price', JSON.stringify({ data: { usd: '2.5' } }));
    const http = { url: `${proofs.url}/price`, jsonPointer: '/data/usd' };
    const prices = { token: { type: 'HTTP', http }, coin: { type: 'Static', usd: '0.000001' } };
    await cluster.client.create(
      StakingNetworks,
      world.network({ rewards: { proofsUrl: proofs.url }, prices }),
    );
    operator = startOperator(cluster.kubeconfig);
  });
  after(async () => {
    await operator.end('SIGKILL');
    await cluster.stop();
    await proofs.stop();
    await world.stop();
  });

  const until = (check: () => Promise<void>): Promise<void> => untilPasses(check, PATIENCE_MS);
  const addressOf = (person: number): string => world.person(person).address;

  /** Tells an account of a claim, as well as of those before. */
  function tell(person: number, claim: Told): void {
    const claims = [...(told.get(person) ?? []), claim];
    told.set(person, claims);
    proofs.files.set(`/${addressOf(person).toLowerCase()}.json`, JSON.stringify({ claims }));
  }

  /** Lets the present epoch end, ahead of its time, and posts what people have earned in it. */
  async function reward(
    amounts: ReadonlyMap<number, bigint>,
    forge: (claim: Told) => Told = (claim) => claim,
  ): Promise<number> {
    const { currentEpoch } = epochRewards.reads;
    const epoch = await world.read(world.at.epochRewards, currentEpoch);
    await world.chain.rpc.call('evm_increaseTime', EPOCH_SECONDS);
    await until(async () => {
      assert.notEqual(await world.read(world.at.epochRewards, currentEpoch), epoch);
    });
    const tree = rewardTree(
      epoch,
      [...amounts].map(([person, amount]) => ({ provider: addressOf(person), amount })),
    );
    for (const [person, amount] of amounts) {
      const proof = tree.proofOf(addressOf(person)) ?? [];
      tell(person, forge({ epoch: Number(epoch), amount: String(amount), proof }));
    }
    await world.send(
      POSTER,
      world.at.epochRewards,
      epochRewards.writes.postRoot,
      epoch,
      tree.root,
      tree.total,
    );
    return Number(epoch);
  }

  const claimed = (person: number, epoch: number): Promise<boolean> =>
    world.read(world.at.epochRewards, epochRewards.reads.claimed, addressOf(person), BigInt(epoch));

  async function claims(account: string): Promise<readonly string[]> {
    return (await objects.transactions(account)).filter((text) => text.startsWith('ClaimRewards'));
  }

  it('claims what is earned, once, and divides it among the pools', async () => {
    await objects.account('alice', ALICE);
    await objects.account('bob', BOB, { mode: 'Observe' });
    await objects.pool('large', { replicas: 2, stake: { accountRef: { name: 'alice' } } });
    await objects.pool('small', { replicas: 1, stake: { accountRef: { name: 'alice' } } });
    await until(async () => assert.equal(await objects.condition('alice', 'Ready'), 'True AsWanted'));
    const amount = 5n * TOKEN + 1n;
    const epoch = await reward(
      new Map([
        [ALICE, amount],
        [BOB, 7n * TOKEN],
      ]),
    );

    await until(async () => {
      const { status } = await objects.accountNow('alice');
      assert.equal(status?.rewards?.claimed, '5.000000000000000001');
      assert.deepEqual(
        status.pools.map(({ name, rewardsClaimed }) => [name, rewardsClaimed]),
        [
          ['large', '3.333333333333333334'],
          ['small', '1.666666666666666667'],
        ],
      );
      assert.deepEqual(status.rewards, {
        claimable: '0',
        pending: '0',
        claimed: '5.000000000000000001',
        unattributed: '0',
        open: [],
        counted: String(epoch),
      });
    });
    assert.equal(await claimed(ALICE, epoch), true);
    await until(async () => assert.deepEqual(await claims('alice'), ['ClaimRewards Confirmed']));
    const held = await world.read(world.at.token, testToken.reads.balanceOf, addressOf(ALICE));
    assert.equal(held, 700n * TOKEN + amount);
    assert.equal(await objects.condition('alice', 'RewardsKnown'), 'True RewardsRead');
  });

  it('tells in its metrics what it has counted', async () => {
    const lines = (await metricsOf(operator)).split('\n');
    const account = 'network="devnet",namespace="default",account="alice"';
    const value = (series: string): string | undefined =>
      lines
        .find((line) => line.startsWith(`${series} `))
        ?.split(' ')
        .at(-1);
    assert.equal(value(`headframe_rewards_claimed_tokens_total{${account}}`), '5');
    const pool = 'network="devnet",namespace="default",pool="large"';
    assert.equal(value(`headframe_pool_rewards_claimed_tokens_total{${pool}}`), '3.3333333333333335');
    assert.equal(value(`headframe_account_miners{${account},state="registered"}`), '3');
    assert.equal(value(`headframe_tx_total{${account},kind="ClaimRewards",outcome="Confirmed"}`), '1');
    assert.equal(value(`headframe_tx_total{${account},kind="ClaimRewards",outcome="Reverted"}`), '0');
    assert.equal(value(`headframe_stake_tokens{${account},state="provisioned"}`), '300');
    assert.equal(value('headframe_price_usd{network="devnet",asset="token"}'), '2.5');
    const addressed = lines.filter((line) => /0x[0-9a-f]{40}/i.test(line) && !line.includes('_info{'));
    assert.deepEqual(addressed, []);
  });

  /** What `stake plan` says of claims: those that it would send, the last that is told of, and why nothing is claimed. */
  async function plans(
    account: string,
    sent: readonly string[],
    [epoch, amount, standing]: readonly [number, string, string],
    obstacle: RegExp,
  ): Promise<void> {
    const args = [
      'stake',
      'plan',
      account,
      '-n',
      'default',
      '-o',
      'json',
      '--kubeconfig',
      cluster.kubeconfig,
    ];
    const { code, stdout } = await runProgram(args).finished;
    assert.equal(code, 0);
    const { steps, rewards } = JSON.parse(stdout) as StakePlan;
    const claiming = steps
      .filter(({ kind }) => kind === 'ClaimRewards')
      .map(({ effect }) => effect.replace(/ \S+ of/, ' of'));
    assert.deepEqual(claiming, sent);
    assert.deepEqual(rewards?.claims.at(-1), { epoch, amount, standing });
    assert.match(rewards.obstacle ?? '', obstacle);
  }

  it('shows what an account has earned that is only observed', async () => {
    await until(async () => {
      const { status } = await objects.accountNow('bob');
      assert.equal(status?.rewards?.claimable, '7');
    });
    assert.deepEqual(await claims('bob'), []);
    const { status } = await objects.accountNow('bob');
    const [open] = status?.rewards?.open ?? [];
    assert.ok(open !== undefined, 'the claim is open');
    await plans('bob', [`7 of epochs ${open.epoch}`], [open.epoch, '7', 'Claimable'], /^$/);
  });

  it('never sends a claim whose proof is wrong', async () => {
    const epoch = await reward(new Map([[ALICE, 2n * TOKEN]]), (claim) => ({
      ...claim,
      amount: String(200n * TOKEN),
    }));
    await until(async () => {
      assert.equal(await objects.condition('alice', 'RewardsKnown'), 'False RewardProofsWrong');
    });
    await new Promise((resolve) => setTimeout(resolve, 4000));
    assert.equal(await claimed(ALICE, epoch), false);
    assert.equal((await claims('alice')).length, 1);
  });

  it('waits for the minimum, and then claims all in one', async () => {
    told.set(ALICE, []);
    const first = await reward(new Map([[ALICE, TOKEN / 2n]]));
    await until(async () => {
      const { status } = await objects.accountNow('alice');
      assert.deepEqual([status?.rewards?.claimable, status?.rewards?.pending], ['0', '0.5']);
    });
    assert.equal((await claims('alice')).length, 1);
    // It may be challenged for two seconds yet.
    await until(() =>
      plans(
        'alice',
        [],
        [first, '0.5', 'Claimable'],
        /^0\.5 \S+ can be claimed, and spec.claim.minimum is 1/,
      ),
    );
    const second = await reward(new Map([[ALICE, TOKEN / 2n + 3n]]));
    await until(async () => {
      const { status } = await objects.accountNow('alice');
      assert.equal(status?.rewards?.claimed, '6.000000000000000004');
      assert.deepEqual(await claims('alice'), ['ClaimRewards Confirmed', 'ClaimRewards Confirmed']);
    });
    assert.deepEqual([await claimed(ALICE, first), await claimed(ALICE, second)], [true, true]);
  });

  it('goes on with stake while nothing can be read of rewards', async () => {
    proofs.files.set(`/${addressOf(ALICE).toLowerCase()}.json`, 'garbage');
    await reward(new Map([[BOB, TOKEN]]));
    await until(async () => {
      assert.equal(await objects.condition('alice', 'RewardsKnown'), 'False RewardProofsUnreadable');
      assert.equal(await objects.condition('alice', 'DutiesDone'), 'True CheckedIn');
    });
    assert.equal((await objects.accountNow('alice')).status?.rewards?.claimed, '6.000000000000000004');
  });
});
