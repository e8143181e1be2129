import assert from 'node:assert/strict';
import { Pods } from '../../src/api/builtin.ts';
import { findCondition } from '../../src/api/conditions.ts';
import type { Manifest } from '../../src/api/kube-object.ts';
import { type MinerPool, MinerPools } from '../../src/api/miner-pool.ts';
import { type StakeAccount, StakeAccounts } from '../../src/api/stake-account.ts';
import { minerId } from '../../src/controllers/miner-id.ts';
import { startOperator, type RunningProgram } from '../support/operator.ts';
import { ADDRESS, MINER_TAG } from '../support/stake-objects.ts';
import { clusterKind, startTestCluster, type TestCluster } from '../support/test-cluster.ts';
import { untilPasses } from '../support/until-passes.ts';

const POOL = { namespace: 'default', name: 'miners' };
const ACCOUNT = { namespace: 'default', name: 'main' };
const CHAIN_ID = 31_337;

/** Shows what it is told, and goes on. */
const show =
  'for f in miner-id account network chain-id; do cat $HEADFRAME_MOUNT_ROOT/etc/headframe/identity/$f; echo; done; while :; do sleep 1; done';

/** What the controller of StakeAccounts would write. Nothing here is on a chain: this is about what the pool makes of it. */
interface Allotment {
  readonly wanted: number;
  readonly allotted: number;
  readonly registered: string;
  readonly allotmentId: string;
}

describe(`MinerPool with stake on the ${clusterKind} API server`, function () {
  this.timeout(180_000);
  let cluster: TestCluster;
  let operator: RunningProgram;

  before(async () => {
    cluster = await startTestCluster();
    operator = startOperator(cluster.kubeconfig);
  });
  after(async () => {
    await operator.end();
    await cluster.stop();
  });

  async function createAccount(): Promise<void> {
    await cluster.client.create(StakeAccounts, {
      apiVersion: 'headframe.dev/v1alpha1',
      kind: 'StakeAccount',
      metadata: ACCOUNT,
      spec: { networkRef: { name: 'testnet' }, address: ADDRESS },
    } as unknown as Manifest<StakeAccount>);
  }

  async function allot(allotment: Allotment): Promise<void> {
    const account = await cluster.client.get(StakeAccounts, ACCOUNT);
    const provisioned = String(100 * allotment.allotted);
    await cluster.client.patchStatus(StakeAccounts, account, {
      chainId: CHAIN_ID,
      minerTag: MINER_TAG,
      stake: { desired: provisioned, provisioned, idle: '0', thawing: '0', required: provisioned },
      pools: [{ name: POOL.name, requiredPerReplica: '100', ...allotment }],
    });
  }

  async function scale(replicas: number): Promise<void> {
    await cluster.client.mergePatch(MinerPools, POOL, { spec: { replicas } });
  }

  async function podNames(): Promise<string[]> {
    const { items } = await cluster.client.list(Pods, {
      namespace: POOL.namespace,
      labelSelector: `headframe.dev/pool=${POOL.name}`,
    });
    return items.map(({ metadata }) => metadata.name).sort();
  }

  /** Waits until the pool has these pods, says so to its account, and says that of itself. */
  async function settled(ordinals: readonly number[], says: Says): Promise<void> {
    await untilPasses(async () => {
      const { status } = await cluster.client.get(MinerPools, POOL);
      const read = (type: string): string => {
        const { status: is, reason } = findCondition(status?.conditions, type) ?? { status: '', reason: '' };
        return `${is} ${reason}`;
      };
      assert.deepEqual(
        await podNames(),
        ordinals.map((ordinal) => `${POOL.name}-${ordinal}`),
      );
      assert.deepEqual(
        { stake: status?.stake, ready: read('Ready'), covered: read('StakeSufficient') },
        { ready: says.covered, ...says },
      );
    });
  }

  interface Says {
    readonly stake: NonNullable<MinerPool['status']>['stake'];
    readonly covered: string;
    /** @default what is said of the stake */
    readonly ready?: string;
  }

  it('has no pods as long as there is no stake', async () => {
    await cluster.client.create(MinerPools, {
      apiVersion: 'headframe.dev/v1alpha1',
      kind: 'MinerPool',
      metadata: POOL,
      spec: {
        replicas: 3,
        stake: { accountRef: { name: ACCOUNT.name } },
        template: {
          spec: {
            terminationGracePeriodSeconds: 1,
            containers: [{ name: 'm', image: 'busybox', command: ['/bin/sh', '-c', show] }],
          },
        },
      },
    } as unknown as Manifest<MinerPool>);
    const nothing = { allotted: 0, occupied: '' };

    await settled([], { stake: nothing, covered: 'False AccountMissing' });

    await createAccount();
    await settled([], { stake: nothing, covered: 'False AwaitingStake' });
  });

  it('grows as its miners are registered', async () => {
    await allot({ wanted: 3, allotted: 3, registered: '', allotmentId: 'a.1' });
    await settled([], {
      stake: { allotted: 3, allotmentId: 'a.1', occupied: '' },
      covered: 'False MinersUnregistered',
    });

    await allot({ wanted: 3, allotted: 3, registered: '0,2', allotmentId: 'a.1' });
    await settled([0, 2], {
      stake: { allotted: 3, allotmentId: 'a.1', occupied: '0,2' },
      covered: 'False MinersUnregistered',
    });

    await allot({ wanted: 3, allotted: 3, registered: '0-2', allotmentId: 'a.1' });
    await settled([0, 1, 2], {
      stake: { allotted: 3, allotmentId: 'a.1', occupied: '0-2' },
      covered: 'True StakeSufficient',
      ready: 'True AllReplicasReady',
    });
  });

  it('its containers read who they are', async () => {
    const name = `${POOL.name}-1`;
    const id = minerId(MINER_TAG, POOL.name, 1);
    await untilPasses(async () => {
      const { stdout } = await cluster.kubectl(['logs', '-n', POOL.namespace, name]);
      assert.deepEqual(stdout.trim().split('\n'), [id, ADDRESS, 'testnet', String(CHAIN_ID)]);
    });

    const { metadata } = await cluster.client.get(Pods, { namespace: POOL.namespace, name });
    assert.equal(metadata.annotations?.['headframe.dev/miner-id'], id);
  });

  it('a scale-up asks for stake first', async () => {
    await scale(5);
    await settled([0, 1, 2], {
      stake: { allotted: 3, allotmentId: 'a.1', occupied: '0-2' },
      covered: 'False AwaitingStake',
    });

    await allot({ wanted: 5, allotted: 4, registered: '0-3', allotmentId: 'a.2' });
    await settled([0, 1, 2, 3], {
      stake: { allotted: 4, allotmentId: 'a.2', occupied: '0-3' },
      covered: 'False StakeInsufficient',
    });
    const { status } = await cluster.client.get(MinerPools, POOL);
    assert.equal(
      findCondition(status?.conditions, 'StakeSufficient')?.message,
      'the stake covers 4 of 5 replicas: 400 tokens are provisioned, each replica needs 100',
    );
  });

  it('a slash shrinks it, from the highest ordinal down', async () => {
    await allot({ wanted: 5, allotted: 2, registered: '0-3', allotmentId: 'a.3' });
    await settled([0, 1], {
      stake: { allotted: 2, allotmentId: 'a.3', occupied: '0-1' },
      covered: 'False StakeInsufficient',
    });
  });

  it('what runs goes on when a miner is ejected, and when the account is deleted', async () => {
    await scale(2);
    await allot({ wanted: 2, allotted: 2, registered: '0', allotmentId: 'a.3' });
    const stake = { allotted: 2, allotmentId: 'a.3', occupied: '0-1' };
    await settled([0, 1], { stake, covered: 'False MinersUnregistered', ready: 'True AllReplicasReady' });

    await cluster.client.delete(StakeAccounts, ACCOUNT);
    await settled([0, 1], { stake, covered: 'False AccountMissing', ready: 'True AllReplicasReady' });

    await cluster.client.delete(Pods, { namespace: POOL.namespace, name: `${POOL.name}-1` });
    await settled([0], { stake: { ...stake, occupied: '0' }, covered: 'False AccountMissing' });
  });
});
