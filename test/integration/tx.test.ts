import assert from 'node:assert/strict';
import { ChainTransactions } from '../../src/api/chain-transaction.ts';
import { StakeAccounts } from '../../src/api/stake-account.ts';
import { StakingNetworks } from '../../src/api/staking-network.ts';
import { stakeManager } from '../../src/chain/contracts/generated/stake-manager.ts';
import { testToken } from '../../src/chain/contracts/generated/test-token.ts';
import type { StakePlan } from '../../src/commands/stake/report.ts';
import { type TransactionRow, transactionRows } from '../../src/commands/tx/rows.ts';
import {
  type Finished,
  type RunningProgram,
  metricsOf,
  runProgram,
  startOperator,
} from '../support/operator.ts';
import {
  TOKEN,
  stakeObjects,
  startStakeWorld,
  type StakeObjects,
  type StakeWorld,
} from '../support/stake-world.ts';
import { clusterKind, startTestCluster, type TestCluster } from '../support/test-cluster.ts';
import { untilPasses } from '../support/until-passes.ts';

const GUARDIAN = 2;
const GOVERNOR = 1;
const ALICE = 5;

/** More tip than anybody else offers: first in the block. */
const FIRST_IN_BLOCK = { maxFeePerGas: '0x2540be400', maxPriorityFeePerGas: '0x2540be400' };

describe(`tx and stake plan, on the ${clusterKind} API server`, function () {
  this.timeout(180_000);
  let cluster: TestCluster;
  let world: StakeWorld;
  let objects: StakeObjects;
  let operator: RunningProgram;

  before(async () => {
    [cluster, world] = await Promise.all([startTestCluster(), startStakeWorld()]);
    objects = stakeObjects(cluster.client, world);
    await world.fund(world.person(ALICE).address, 1000n * TOKEN);
    await cluster.client.create(StakingNetworks, world.network());
    operator = startOperator(cluster.kubeconfig, ['--dry-run']);
  });
  after(async () => {
    await operator.end('SIGKILL');
    await cluster.stop();
    await world.stop();
  });

  /** Runs a command in the namespace `default`. */
  function headframe(...args: readonly string[]): Promise<Finished> {
    return runProgram([...args, '--kubeconfig', cluster.kubeconfig]).finished;
  }

  async function planOf(account: string): Promise<StakePlan> {
    const { code, stdout, stderr } = await headframe('stake', 'plan', account, '-n', 'default', '-o', 'json');
    assert.deepEqual([code, stderr], [0, '']);
    return JSON.parse(stdout) as StakePlan;
  }

  async function listed(): Promise<readonly TransactionRow[]> {
    const { code, stdout, stderr } = await headframe('tx', 'list', '-A', '--account', 'alice', '-o', 'json');
    assert.deepEqual([code, stderr], [0, '']);
    return JSON.parse(stdout) as readonly TransactionRow[];
  }

  /** What a list has last, without a command. */
  async function last(): Promise<TransactionRow> {
    const { items } = await cluster.client.list(ChainTransactions, { namespace: 'default' });
    const row = transactionRows(items.filter(({ spec }) => spec.accountRef.name === 'alice')).at(-1);
    if (row === undefined) {
      throw new Error('there are no transactions');
    }
    return row;
  }

  const kindsOf = (plan: StakePlan): readonly string[] =>
    plan.steps.map(({ when, kind, effect }) => `${when} ${kind}: ${effect}`);

  async function stopMining(): Promise<void> {
    await world.chain.rpc.call('evm_setIntervalMining', 0);
  }

  async function mineAgain(): Promise<void> {
    await world.chain.rpc.call('evm_mine');
    await world.chain.rpc.call('evm_setIntervalMining', 1);
  }

  /**
   * Waits until the operator has looked at the chain as it is now, and its present block is final: what it plans by an older look could not
   * be sent, and a transaction of somebody else is believed in a final block only, two blocks later.
   */
  async function untilSeen(): Promise<void> {
    const block = Number(await world.chain.rpc.call<string>('eth_blockNumber'));
    await untilPasses(async () => {
      const metrics = await metricsOf(operator);
      const head = /^headframe_chain_head_block\{network="devnet"\} (\d+)$/m.exec(metrics)?.[1];
      assert.equal(Number(head) >= block + 3, true, `it has seen block ${head}`);
    });
  }

  /** Waits until the operator has sent something, and no block includes it. */
  function untilPending(kind: string): Promise<void> {
    return untilPasses(async () => {
      const { pending } = await world.chain.rpc.call<{ pending: string }>('txpool_status');
      assert.equal(Number(pending), 1);
      const row = await last();
      assert.deepEqual([row.kind, row.state], [kind, 'Broadcasting']);
    });
  }

  /** Waits until a node has the replacement: what is written down before it is sent may still lose against what it replaces. */
  function untilReplacedBy(cause: string, name: string): Promise<void> {
    return untilPasses(async () => {
      const { spec } = await cluster.client.get(ChainTransactions, { namespace: 'default', name });
      const replacement = spec.attempts.at(-1);
      assert.equal(replacement?.cause, cause);
      assert.notEqual(await world.chain.rpc.call('eth_getTransactionByHash', replacement.hash), null);
    });
  }

  /** How many transactions of the account are included. */
  function nonce(): Promise<number> {
    const params = [world.person(ALICE).address, 'latest'] as const;
    return world.chain.rpc.call<string>('eth_getTransactionCount', ...params).then(Number);
  }

  it('says what an operator would send that may send nothing, and what it leads to', async () => {
    await objects.account('alice', ALICE);
    await objects.pool('miners', { replicas: 3, stake: { accountRef: { name: 'alice' } } });
    await untilPasses(async () => assert.equal(await objects.condition('alice', 'Ready'), 'False Suspended'));
    const before = await untilPasses(async () => {
      const first = await objects.accountNow('alice');
      await new Promise((resolve) => setTimeout(resolve, 2000));
      assert.deepEqual(await objects.accountNow('alice'), first);
      return first;
    });

    const plan = await planOf('alice');
    assert.deepEqual(kindsOf(plan), [
      `Now Approve: the contract may take 300 ${plan.token} from the wallet`,
      `Then Stake: 300 ${plan.token} from the wallet to idle stake`,
      `Then Provision: 300 ${plan.token} from idle stake to the stake behind miners`,
      'Then RegisterMiners: 3 miners',
      'Then CheckIn: epoch ' + String(plan.steps.at(-1)?.key.replace('epoch ', '')),
    ]);
    const [approve, stake] = plan.steps;
    assert.equal((approve?.gasLimit ?? 0) > 21_000, true, 'the node estimates the gas of what can be sent');
    assert.equal(Number(approve?.maxCost) > 0, true, 'it costs something');
    assert.deepEqual([stake?.gasLimit, stake?.maxCost], [undefined, undefined]);
    assert.deepEqual(plan.stake.now, {
      wallet: '1000',
      idle: '0',
      provisioned: '0',
      thawing: '0',
      required: '0',
      miners: 0,
    });
    assert.deepEqual(plan.stake.after, {
      wallet: '700',
      idle: '0',
      provisioned: '300',
      thawing: '0',
      required: '300',
      miners: 3,
    });
    assert.deepEqual([plan.shortages, plan.unlocks, plan.notes], [[], [], []]);

    assert.deepEqual(await objects.transactions('alice'), []);
    assert.equal(await nonce(), 0);
    assert.equal(
      (await objects.accountNow('alice')).metadata.resourceVersion,
      before.metadata.resourceVersion,
    );
  });

  it('says the same to people, and what is short', async () => {
    await objects.patchAccount('alice', { spec: { stake: { max: '200' } } });
    const { code, stdout } = await headframe('stake', 'plan', 'alice', '--namespace', 'default');
    await objects.patchAccount('alice', { spec: { stake: { max: '100000' } } });

    assert.equal(code, 0);
    const lines = stdout.split('\n').map((line) => line.replace(/ {2,}/g, '  '));
    assert.match(
      lines[0] ?? '',
      /^default\/alice \(0x.*\) on devnet, chain 31337, block \d+: 1 transaction to be sent now, \d after that\./,
    );
    assert.match(stdout, /^Too low a cap: 300 \S+ are wanted in all, and spec.stake.max allows 200 \S+\.$/m);
    assert.equal(lines.includes('WHEN  TRANSACTION  WHAT  GAS LIMIT  COSTS AT MOST  NOT SENT BECAUSE'), true);
  });

  it('lists what an operator has sent, the newest last', async () => {
    assert.deepEqual(await listed(), []);
    await operator.end('SIGKILL');
    operator = startOperator(cluster.kubeconfig);
    await untilPasses(async () => assert.equal(await objects.condition('alice', 'Ready'), 'True AsWanted'));
    const kinds = ['Approve', 'Stake', 'Provision', 'RegisterMiners', 'CheckIn'];
    await untilPasses(async () =>
      assert.deepEqual(
        await objects.transactions('alice'),
        kinds.map((kind) => `${kind} Confirmed`),
      ),
    );
    assert.deepEqual(
      (await listed()).map(({ sequence, kind, state }) => `${sequence} ${kind} ${state}`),
      kinds.map((kind, sequence) => `${sequence} ${kind} Confirmed`),
    );
    const { stdout } = await headframe('tx', 'list', '--namespace', 'default');
    assert.match(
      stdout,
      /^NAME +ACCOUNT +SEQUENCE +NONCE +KIND +STATE +ATTEMPTS +AGE +COST\nalice-\S+ +alice +0 +0 +Approve +Confirmed +1 +\d+[smh] +0\.\d+\n/,
    );
    assert.deepEqual(kindsOf(await planOf('alice')), []);
  });

  it('cancels what is stuck, and has it tried again', async () => {
    const { address } = world.person(ALICE);
    await world.send(ALICE, world.at.token, testToken.writes.approve, world.at.stakeManager, 10_000n * TOKEN);
    await untilSeen();
    await stopMining();
    await objects.patchPool('miners', { spec: { replicas: 4 } });
    await untilPending('StakeToProvision');
    const stuck = await last();
    const [move] = (await planOf('alice')).steps;
    assert.deepEqual([move?.kind, move?.obstacle], ['StakeToProvision', `is under way: ${stuck.name}`]);

    const early = await headframe('tx', 'retry', stuck.name, '-n', 'default');
    assert.equal(early.code, 2);
    assert.match(
      early.stderr,
      new RegExp(`^headframe: ${stuck.name} has not ended yet: [^\\n]*headframe tx cancel [^\\n]*\\n$`),
    );

    await objects.patchAccount('alice', { spec: { suspend: true } });
    const idle = await headframe('tx', 'cancel', stuck.name, '-n', 'default');
    assert.equal(idle.code, 2);
    assert.match(idle.stderr, /StakeAccount alice is suspended: set its spec.suspend to false/);
    await objects.patchAccount('alice', { spec: { suspend: false } });
    await untilPasses(async () => {
      assert.notEqual(await objects.condition('alice', 'Ready'), 'False Suspended');
    });

    const cancelled = await headframe('tx', 'cancel', stuck.name, '-n', 'default');
    assert.deepEqual([cancelled.code, cancelled.stderr], [0, '']);
    await untilReplacedBy('Requested', stuck.name);
    await mineAgain();
    await untilPasses(async () => assert.equal((await last()).state, 'Cancelled'));
    assert.equal(await world.provisioned(address), 300n * TOKEN);
    await untilPasses(async () =>
      assert.equal(await objects.condition('alice', 'Ready'), 'False TransactionFailed'),
    );

    const late = await headframe('tx', 'cancel', stuck.name, '-n', 'default');
    assert.equal(late.code, 2);
    assert.match(
      late.stderr,
      /has ended \(Cancelled\), and cannot be cancelled any more; to try the same once more: headframe tx retry /,
    );

    assert.equal((await headframe('tx', 'retry', stuck.name, '-n', 'default')).code, 0);
    await untilPasses(async () => assert.equal(await world.provisioned(address), 400n * TOKEN));
  });

  it('has tried again what the contract refused', async () => {
    const { address } = world.person(ALICE);
    await untilPasses(async () => assert.equal(await objects.condition('alice', 'Ready'), 'True AsWanted'));
    await stopMining();
    await objects.patchPool('miners', { spec: { replicas: 5 } });
    await untilPending('StakeToProvision');
    await world.chain.rpc.call('eth_sendTransaction', {
      from: world.person(GUARDIAN).address,
      to: world.at.stakeManager,
      data: stakeManager.writes.pause.encode(),
      ...FIRST_IN_BLOCK,
    });
    await mineAgain();
    await untilPasses(async () => assert.equal((await last()).state, 'Reverted'));
    await world.send(GOVERNOR, world.at.stakeManager, stakeManager.writes.unpause);
    const refused = await last();
    await untilPasses(async () => {
      const { status } = await objects.accountNow('alice');
      const ready = status?.conditions.find(({ type }) => type === 'Ready');
      assert.equal(ready?.reason, 'TransactionFailed');
      assert.match(ready.message, new RegExp(`headframe tx retry ${refused.name}$`));
    });
    const [move] = (await planOf('alice')).steps;
    assert.match(
      move?.obstacle ?? '',
      new RegExp(`^${refused.name} ended Reverted.*: headframe tx retry ${refused.name}$`),
    );
    assert.equal(await world.provisioned(address), 400n * TOKEN);

    const { code, stdout } = await headframe('tx', 'retry', refused.name, '-n', 'default');
    assert.equal(code, 0);
    assert.match(stdout, /may be tried again: StakeToProvision is sent once more/);
    await untilPasses(async () => {
      assert.equal(await world.provisioned(address), 500n * TOKEN);
      assert.equal(await objects.condition('alice', 'Ready'), 'True AsWanted');
    });
  });

  it('says when stake comes out that would thaw now', async () => {
    await objects.patchAccount('alice', { spec: { suspend: true } });
    await objects.patchAccount('alice', { spec: { stake: { type: 'Fixed', amount: '600', max: '650' } } });
    const more = await planOf('alice');
    assert.deepEqual(kindsOf(more), [
      `Now StakeToProvision: 100 ${more.token} from the wallet to the stake behind miners`,
    ]);
    assert.deepEqual(more.notes, ['nothing of it is sent: spec.suspend is true']);

    await objects.patchAccount('alice', { spec: { suspend: false } });
    await untilPasses(async () =>
      assert.equal(await world.provisioned(world.person(ALICE).address), 600n * TOKEN),
    );
    await objects.patchAccount('alice', { spec: { suspend: true } });
    await objects.patchAccount('alice', { spec: { stake: { amount: '500', surplus: 'Thaw' } } });
    const less = await planOf('alice');
    assert.deepEqual(kindsOf(less), [
      `Now Thaw: 100 ${less.token} from the stake behind miners to thawing stake`,
    ]);
    assert.deepEqual([less.stake.after.thawing, less.stake.after.provisioned], ['100', '500']);
    const [unlock] = less.unlocks;
    assert.deepEqual([unlock?.tokens, unlock?.isForeseen], ['100', true]);
    const inSeconds = (Date.parse(unlock?.dueTime ?? '') - Date.now()) / 1000;
    assert.equal(inSeconds > 86_000 && inSeconds < 87_000, true, `it is in ${inSeconds} s`);
  });

  const mistakes: readonly { it: string; args: readonly string[]; message: RegExp }[] = [
    {
      it: 'there is no such account',
      args: ['stake', 'plan', 'nobody', '-n', 'default'],
      message: /^headframe: there is no StakeAccount 'nobody' in namespace 'default'; [^\n]*\n$/,
    },
    {
      it: 'there is no such transaction',
      args: ['tx', 'cancel', 'nothing', '-n', 'default'],
      message: /^headframe: there is no ChainTransaction 'nothing' in namespace 'default'; [^\n]*\n$/,
    },
    {
      it: 'what is to be listed is contradictory',
      args: ['tx', 'list', '-A', '-n', 'default'],
      message: /^error: option '-A, --all-namespaces' cannot be used with option '-n, --namespace <name>'\n$/,
    },
  ];
  for (const { it: name, args, message } of mistakes) {
    it(`ends with 2 and one message when ${name}`, async () => {
      const { code, stdout, stderr } = await headframe(...args);
      assert.match(stderr, message);
      assert.deepEqual([code, stdout], [2, '']);
    });
  }

  it('ends with 2 and one message when the chain cannot be reached, or the network is not there', async () => {
    const { networkRef: _devnet, ...spec } = (await objects.accountNow('alice')).spec;
    const away = world.network({ endpoints: [{ name: 'gone', url: 'http://127.0.0.1:9' }] });
    await cluster.client.create(StakingNetworks, { ...away, metadata: { name: 'away' } });
    for (const network of ['away', 'nowhere']) {
      await cluster.client.create(StakeAccounts, {
        apiVersion: 'headframe.dev/v1alpha1',
        kind: 'StakeAccount',
        metadata: { namespace: 'default', name: network },
        spec: { ...spec, mode: 'Observe', networkRef: { name: network } },
      });
    }

    const unreachable = await headframe('stake', 'plan', 'away', '-n', 'default');
    assert.match(
      unreachable.stderr,
      /^headframe: StakingNetwork 'away' cannot be used: [^\n]*gone[^\n]* \(EndpointsUnreachable\)\n$/,
    );
    assert.equal(unreachable.code, 2);
    const missing = await headframe('stake', 'plan', 'nowhere', '-n', 'default');
    assert.match(
      missing.stderr,
      /^headframe: there is no StakingNetwork 'nowhere', which StakeAccount default\/nowhere is on; there are: [^\n]*devnet[^\n]*\n$/,
    );
    assert.equal(missing.code, 2);
  });
});
