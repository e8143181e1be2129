import assert from 'node:assert/strict';
import { Pods } from '../../src/api/builtin.ts';
import { findCondition } from '../../src/api/conditions.ts';
import { StakeAccounts } from '../../src/api/stake-account.ts';
import { StakeAccountStatus } from '../../src/api/stake-account/status.ts';
import { StakingNetworks } from '../../src/api/staking-network.ts';
import { epochRewards } from '../../src/chain/contracts/generated/epoch-rewards.ts';
import { minerRegistry } from '../../src/chain/contracts/generated/miner-registry.ts';
import { testToken } from '../../src/chain/contracts/generated/test-token.ts';
import { minerId } from '../../src/controllers/miner-id.ts';
import { isNotFound } from '../../src/kube/errors.ts';
import { startOperator, type RunningProgram } from '../support/operator.ts';
import {
  PER_REPLICA,
  TOKEN,
  checkedIn,
  stakeObjects,
  startStakeWorld,
  type StakeObjects,
  type StakeWorld,
} from '../support/stake-world.ts';
import { clusterKind, startTestCluster, type TestCluster } from '../support/test-cluster.ts';
import { untilPasses } from '../support/until-passes.ts';

const ALICE = 5;
const BOB = 6;
const CAROL = 7;

/** A block a second, and every step of a pool's way waits for its own. */
const PATIENCE_MS = 60_000;

describe(`stake, on the ${clusterKind} API server`, function () {
  this.timeout(120_000);
  let cluster: TestCluster;
  let world: StakeWorld;
  let objects: StakeObjects;
  let operator: RunningProgram;
  /** Those that were killed. */
  const former: RunningProgram[] = [];

  before(async () => {
    [cluster, world] = await Promise.all([startTestCluster(), startStakeWorld()]);
    objects = stakeObjects(cluster.client, world);
    for (const person of [ALICE, BOB, CAROL]) {
      await world.fund(world.person(person).address, 1000n * TOKEN);
    }
    await cluster.client.create(StakingNetworks, world.network());
    operator = startOperator(cluster.kubeconfig);
  });
  after(async () => {
    await operator.end('SIGKILL');
    await cluster.stop();
    await world.stop();
  });

  const until = (check: () => Promise<void>): Promise<void> => untilPasses(check, PATIENCE_MS);

  async function statusOf(name: string): Promise<StakeAccountStatus> {
    return StakeAccountStatus.parse((await objects.accountNow(name)).status ?? {});
  }

  async function podNames(pool: string): Promise<readonly string[]> {
    const { items } = await cluster.client.list(Pods, {
      namespace: 'default',
      labelSelector: `headframe.dev/pool=${pool}`,
    });
    return items
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map(({ metadata }) => metadata.name)
      .sort();
  }

  it('stakes what a pool needs, registers its miners, and only then runs them', async () => {
    const { address } = world.person(ALICE);
    await objects.account('alice', ALICE);
    await objects.pool('miners', { replicas: 3, stake: { accountRef: { name: 'alice' } } });
    await until(async () => {
      assert.deepEqual(await podNames('miners'), ['miners-0', 'miners-1', 'miners-2']);
      assert.equal(await objects.condition('alice', 'Ready'), 'True AsWanted');
    });
    assert.equal(await world.provisioned(address), 3n * PER_REPLICA * TOKEN);
    const { stake, wallet, miners, minerTag = '' } = await statusOf('alice');
    assert.equal(stake?.provisioned, '300');
    assert.equal(wallet?.tokens, '700');
    assert.deepEqual(miners, { registered: 3, foreign: 0 });
    const expected = [0, 1, 2].map((ordinal) => minerId(minerTag, 'miners', ordinal));
    assert.deepEqual([...(await world.miners(address))].sort(), expected.sort());
  });

  it('does the duty of the epoch', async () => {
    const { address } = world.person(ALICE);
    const epoch = await world.read(world.at.epochRewards, epochRewards.reads.currentEpoch);
    await until(async () => assert.equal(await checkedIn(world, address, epoch), true));
    await until(async () => assert.equal(await objects.condition('alice', 'DutiesDone'), 'True CheckedIn'));
  });

  it('gives each pod its identity, and no key', async () => {
    const pod = await cluster.client.get(Pods, { namespace: 'default', name: 'miners-1' });
    const { minerTag = '' } = await statusOf('alice');
    assert.equal(pod.metadata.annotations?.['headframe.dev/miner-id'], minerId(minerTag, 'miners', 1));
    const { key } = world.person(ALICE);
    assert.equal(JSON.stringify(pod).includes(key.slice(2)), false);
  });

  it('writes nothing while nothing changes', async () => {
    const versions = async (): Promise<readonly (string | undefined)[]> => [
      (await objects.accountNow('alice')).metadata.resourceVersion,
      (await objects.poolNow('miners')).metadata.resourceVersion,
      (await cluster.client.get(StakingNetworks, { name: 'devnet' })).metadata.resourceVersion,
    ];
    await until(async () =>
      assert.deepEqual(
        (await objects.transactions('alice')).filter((text) => text.endsWith('open')),
        [],
      ),
    );
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const before = await versions();
    await new Promise((resolve) => setTimeout(resolve, 5000));
    assert.deepEqual(await versions(), before);
  });

  it('asks for stake before it scales up, and says what is missing beyond the cap', async () => {
    await objects.patchAccount('alice', { spec: { stake: { max: '400' } } });
    await objects.patchPool('miners', { spec: { replicas: 6 } });
    await until(async () => {
      assert.deepEqual(await podNames('miners'), ['miners-0', 'miners-1', 'miners-2', 'miners-3']);
      assert.equal(await objects.condition('alice', 'Ready'), 'False StakeCapReached');
    });
    const pool = await objects.poolNow('miners');
    const { status, message = '' } = findCondition(pool.status?.conditions, 'StakeSufficient') ?? {};
    assert.equal(status, 'False');
    assert.match(message, /4 of 6/);
    assert.match(message, /400/);
  });

  it('a slash shrinks the pool, and is told', async () => {
    const { address } = world.person(ALICE);
    const [id = ''] = await world.miners(address);
    const reason = `0x${'00'.repeat(32)}`;
    await world.send(
      3,
      world.at.minerRegistry,
      minerRegistry.writes.slash,
      address,
      id,
      150n * TOKEN,
      0n,
      address,
      reason,
    );
    // The cap allows 400 in all, so what was slashed may be staked again; without tokens it may not.
    await until(async () => {
      const { items } = await cluster.client.list(
        { group: 'events.k8s.io', version: 'v1', kind: 'Event', plural: 'events', namespaced: true },
        { namespace: 'default' },
      );
      const reasons = (items as unknown as { reason: string }[]).map((event) => event.reason);
      assert.equal(reasons.includes('Slashed'), true, `there are ${[...new Set(reasons)].join(', ')}`);
    });
    assert.equal((await statusOf('alice')).slashed?.tokens, '150');
  });

  it('a slash while no operator runs is counted once, by the one that comes', async () => {
    await operator.end('SIGKILL');
    former.push(operator);
    const { address } = world.person(ALICE);
    const [id = ''] = await world.miners(address);
    const reason = `0x${'00'.repeat(32)}`;
    const { slash } = minerRegistry.writes;
    await world.send(3, world.at.minerRegistry, slash, address, id, 7n * TOKEN, 0n, address, reason);
    operator = startOperator(cluster.kubeconfig);
    await until(async () => assert.equal((await statusOf('alice')).slashed?.tokens, '157'));
  });

  it('takes off the miners of a smaller pool after their pods, and thaws what is not needed', async () => {
    const { address } = world.person(ALICE);
    await objects.patchAccount('alice', { spec: { stake: { max: '400', surplus: 'Thaw' } } });
    await objects.patchPool('miners', { spec: { replicas: 1 } });
    await until(async () => {
      assert.equal((await world.miners(address)).length, 1);
      assert.equal(await world.provisioned(address), PER_REPLICA * TOKEN);
    });
    assert.deepEqual(await podNames('miners'), ['miners-0']);
    await until(async () => {
      const { stake, thaws } = await statusOf('alice');
      assert.equal(stake?.provisioned, '100');
      assert.notEqual(thaws.length, 0);
    });
  });

  it('refuses a second account with the same key, and a key of another account', async () => {
    await objects.account('alice-again', ALICE);
    await until(async () => assert.equal(await objects.condition('alice-again', 'Ready'), 'False KeyInUse'));
    await objects.account('mallory', BOB, { address: world.person(CAROL).address });
    await until(async () => assert.equal(await objects.condition('mallory', 'Ready'), 'False WrongKey'));
    assert.deepEqual(await objects.transactions('alice-again'), []);
    assert.deepEqual(await objects.transactions('mallory'), []);
  });

  it('an account that is observed sends nothing', async () => {
    await objects.account('observed', BOB, { mode: 'Observe', stake: { type: 'Fixed', amount: '50' } });
    await until(async () => assert.equal(await objects.condition('observed', 'Ready'), 'True Observed'));
    assert.deepEqual(await objects.transactions('observed'), []);
  });

  it('pays everything back before an account with deletionPolicy Withdraw goes', async () => {
    const { address } = world.person(CAROL);
    await cluster.client.delete(StakeAccounts, { namespace: 'default', name: 'mallory' });
    await objects.account('carol', CAROL, {
      deletionPolicy: 'Withdraw',
      stake: { type: 'Fixed', amount: '250' },
    });
    await until(async () => assert.equal(await world.provisioned(address), 250n * TOKEN));
    await cluster.client.delete(StakeAccounts, { namespace: 'default', name: 'carol' });
    await until(async () => assert.equal(await world.provisioned(address), 0n));
    await until(async () => assert.equal((await objects.accountNow('carol')).status?.stake?.thawing, '250'));
    await world.chain.rpc.call('evm_increaseTime', 86_401);
    await until(async () => {
      const gone = await objects.accountNow('carol').then(
        () => false,
        (error: unknown) => isNotFound(error),
      );
      assert.equal(gone, true);
    });
    assert.equal(await world.read(world.at.token, testToken.reads.balanceOf, address), 1000n * TOKEN);
  });

  it('shows no key anywhere', async () => {
    const texts = [...former, operator].flatMap((each) => [each.stderr(), each.stdout()]);
    for (const type of [StakeAccounts, StakingNetworks, Pods]) {
      texts.push(JSON.stringify(await cluster.client.list(type as typeof Pods)));
    }
    for (const person of [ALICE, BOB, CAROL]) {
      const { key } = world.person(person);
      assert.equal(
        texts.some((text) => text.includes(key.slice(2))),
        false,
      );
    }
  });
});
