import assert from 'node:assert/strict';
import { type Pod, ControllerRevisions, Nodes, Pods } from '../../../src/api/builtin.ts';
import { ChainTransactions } from '../../../src/api/chain-transaction.ts';
import { ComputeClusters } from '../../../src/api/compute-cluster.ts';
import { findCondition } from '../../../src/api/conditions.ts';
import { finalizers } from '../../../src/api/group.ts';
import type { KubeObject } from '../../../src/api/kube-object.ts';
import { type MinerPool, MinerPools } from '../../../src/api/miner-pool.ts';
import { type StakeAccount, StakeAccounts } from '../../../src/api/stake-account.ts';
import { StakingNetworks } from '../../../src/api/staking-network.ts';
import { type Controller, TerminalError } from '../../../src/controller/controller.ts';
import { createOwnWrites } from '../../../src/controller/own-writes.ts';
import {
  BY_ACCOUNT,
  type StakeCaches,
  accountIndexes,
  accountKeyOf,
} from '../../../src/controllers/caches.ts';
import type { Networks, NetworksListener } from '../../../src/controllers/networks/network-view.ts';
import { stakeAccountController } from '../../../src/controllers/stakeaccount/controller.ts';
import type { Change } from '../../../src/kube/informer.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { type FedInformer, fuzzServer } from '../../fuzz/fuzz-server.ts';
import { cache } from '../../fuzz/random-objects.ts';
import { loneFleet } from '../../support/lone-fleet.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { minerPool, poolPod } from '../../support/pool-objects.ts';
import { ADDRESS, stake, stakeAccount } from '../../support/stake-objects.ts';

const KEY = 'default/account';

function world(account: StakeAccount, pools: readonly MinerPool[] = [], pods: readonly Pod[] = []) {
  const clock = manualClock();
  const caches: StakeCaches = {
    pools: cache(MinerPools, pools),
    accounts: cache(StakeAccounts, [account], { indexes: accountIndexes }),
    clusters: cache(ComputeClusters, []),
    pods: cache(Pods, pods),
    nodes: cache(Nodes, []),
    revisions: cache(ControllerRevisions, []),
    networks: cache(StakingNetworks, []),
    transactions: cache(ChainTransactions, [], {
      indexes: { [BY_ACCOUNT]: (object) => [accountKeyOf(object)] },
    }),
  };
  const informers = Object.values(caches) as unknown as FedInformer<KubeObject>[];
  const server = fuzzServer({ clock, informers, others: [], fates: [], tookMs: [0] });
  let listener: NetworksListener | undefined;
  const networks: Networks = {
    view: () => ({ kind: 'missing' }),
    stateOf: () => undefined,
    listen: (given) => (listener = given),
  };
  const controller = stakeAccountController({
    client: server.client,
    events: { record: () => undefined },
    caches,
    clock,
    networks,
    fleet: loneFleet(server.client, caches, clock),
    ownWrites: createOwnWrites(clock),
    dryRun: false,
  });
  async function reconcile(): Promise<void> {
    const ending = controller.reconcile(KEY, { log: silentLogger, signal: new AbortController().signal });
    const settled = ending.then(
      () => undefined,
      (error: unknown) => error,
    );
    await clock.advance(1000);
    const error = await settled;
    if (error !== undefined) {
      throw error as Error;
    }
  }
  const now = (): StakeAccount => caches.accounts.store.get(KEY) as StakeAccount;
  return { controller, caches, server, reconcile, now, listener: () => listener };
}

function woken<T extends KubeObject>(
  { watches }: Controller,
  informer: unknown,
  change: Change<T>,
): readonly string[] {
  const keys = watches
    .filter((watch) => watch.informer === informer)
    .flatMap(({ keysFor }) => [...keysFor(change as unknown as Change<KubeObject>)]);
  return [...new Set(keys)].sort();
}

function withdrawing(metadata: Partial<StakeAccount['metadata']> = {}): StakeAccount {
  const account = stakeAccount();
  return {
    ...account,
    metadata: { ...account.metadata, ...metadata },
    spec: {
      ...account.spec,
      mode: 'Manage',
      signer: { type: 'PlainKey', plainKey: { keyFrom: { name: 'keys', key: 'key' } } },
      deletionPolicy: 'Withdraw',
    },
  };
}

describe('controllers/stakeaccount', () => {
  it('says what is wrong, and writes nothing while that stays so', async () => {
    const { reconcile, now, server } = world(stakeAccount());
    await reconcile();
    assert.equal(findCondition(now().status?.conditions, 'Ready')?.reason, 'NetworkMissing');
    assert.deepEqual(now().status?.pools, stakeAccount().status?.pools, 'the pools keep what they have');
    const { writes } = server;
    await reconcile();
    assert.equal(server.writes, writes);
  });

  it('a spec that was stored before a field existed gets its defaults', async () => {
    const account = stakeAccount();
    const { spendCap: _cap, stake: _stake, checkIn: _checkIn, ...spec } = account.spec;
    const { reconcile, now } = world({ ...account, spec: spec as StakeAccount['spec'] });
    await reconcile();
    assert.equal(findCondition(now().status?.conditions, 'Ready')?.reason, 'NetworkMissing');
  });

  it('a spec that makes no sense is told, and not tried again', async () => {
    const account = stakeAccount();
    const spec = { ...account.spec, mode: 'Dance' } as unknown as StakeAccount['spec'];
    const { reconcile, now, server } = world({ ...account, spec });
    await assert.rejects(reconcile(), TerminalError);
    const { status } = now();
    const ready = findCondition(status?.conditions, 'Ready');
    assert.deepEqual([ready?.status, ready?.reason], ['False', 'SpecInvalid']);
    assert.match(ready?.message ?? '', /^the spec is not valid: spec.mode: /);
    assert.equal(findCondition(status?.conditions, 'Stalled')?.reason, 'SpecInvalid');
    assert.deepEqual(status?.pools, account.status?.pools, 'the pools keep what they have');
    const { writes } = server;
    await assert.rejects(reconcile(), TerminalError);
    assert.equal(server.writes, writes, 'it is said once');
  });

  it('lets go of an account that keeps its stake', async () => {
    const account = stakeAccount();
    const metadata = {
      ...account.metadata,
      deletionTimestamp: '2026-01-01T00:00:00Z',
      finalizers: [finalizers.stake, 'another.dev/hold'],
    };
    const { reconcile, server } = world({ ...account, metadata });
    await reconcile();
    assert.equal(server.writes, 1);
  });

  it('holds one whose stake is to be paid back, before anything else', async () => {
    const { reconcile, server } = world(withdrawing());
    await reconcile();
    assert.equal(server.writes, 2, 'the finalizer, and the status');
  });

  describe('is woken', () => {
    const pool = minerPool({ stake });
    const accounts = world(stakeAccount(), [pool]);
    const { controller, caches } = accounts;
    const updated = (object: MinerPool): Change<MinerPool> => ({ type: 'updated', previous: pool, object });
    const answer = { allotted: 1, allotmentId: 'account-uid.1', occupied: '0' };

    it('by what a pool wants and answers, and nothing else of it', () => {
      const rows: [Change<MinerPool>, readonly string[]][] = [
        [{ type: 'added', object: pool, initial: false }, [KEY]],
        [{ type: 'deleted', object: pool }, [KEY]],
        [updated({ ...pool, metadata: { ...pool.metadata, generation: 2 } }), [KEY]],
        [updated({ ...pool, status: { stake: answer } as MinerPool['status'] & object }), [KEY]],
        [updated({ ...pool, metadata: { ...pool.metadata, resourceVersion: '2' } }), []],
        [{ type: 'added', object: minerPool(), initial: false }, []],
      ];
      for (const [change, keys] of rows) {
        assert.deepEqual(woken(controller, caches.pools, change), keys);
      }
    });

    it('by the end of a pod whose pool is gone, or needs no stake any more', () => {
      const change: Change<Pod> = { type: 'deleted', object: poolPod({ ordinal: 0, revision: 'r' }) };
      assert.deepEqual(woken(controller, caches.pods, change), []);
      for (const pools of [[], [minerPool()]]) {
        const other = world(stakeAccount(), pools);
        assert.deepEqual(woken(other.controller, other.caches.pods, change), [KEY]);
      }
    });

    it('by its network and its address, in any capitals, and by no block while it waits for none', () => {
      const keys: string[] = [];
      controller.begin?.((key) => void keys.push(key), new AbortController().signal);
      const listener = accounts.listener();
      listener?.networkChanged('testnet');
      listener?.accountChanged('testnet', ADDRESS.toUpperCase());
      assert.deepEqual(keys, [KEY, KEY]);
      listener?.networkChanged('another');
      listener?.accountChanged('testnet', '0x02');
      listener?.blockSeen('testnet');
      assert.deepEqual(keys, [KEY, KEY]);
    });
  });
});
