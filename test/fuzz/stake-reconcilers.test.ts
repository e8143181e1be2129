import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ControllerRevisions, Nodes, Pods, Secrets } from '../../src/api/builtin.ts';
import { ChainTransactions } from '../../src/api/chain-transaction.ts';
import { ComputeClusters } from '../../src/api/compute-cluster.ts';
import type { KubeObject, ResourceType } from '../../src/api/kube-object.ts';
import { MinerPools } from '../../src/api/miner-pool.ts';
import { StakeAccounts } from '../../src/api/stake-account.ts';
import { StakingNetworks } from '../../src/api/staking-network.ts';
import { tokenUnits } from '../../src/chain/amounts/amount.ts';
import type { NetworkView } from '../../src/controllers/networks/network-view.ts';
import type { WatchedNetworks } from '../../src/controllers/networks/networks.ts';
import { createOwnWrites } from '../../src/controller/own-writes.ts';
import {
  BY_ACCOUNT,
  type StakeCaches,
  accountIndexes,
  accountKeyOf,
  podIndexes,
} from '../../src/controllers/caches.ts';
import { projectPod } from '../../src/controllers/pod-projection.ts';
import { stakeAccountController } from '../../src/controllers/stakeaccount/controller.ts';
import { stakingNetworkController } from '../../src/controllers/stakingnetwork/controller.ts';
import { entry } from '../chain/engine/situations.ts';
import { accountState, minersOf } from '../controllers/stakeaccount/goal-grounds.ts';
import { loneFleet } from '../support/lone-fleet.ts';
import { manualClock } from '../support/manual-clock.ts';
import { networkFacts, stakingNetwork } from '../support/network-objects.ts';
import { minerPool, poolPod } from '../support/pool-objects.ts';
import { stake, stakeAccount } from '../support/stake-objects.ts';
import { type Fate, type FedInformer, fuzzServer } from './fuzz-server.ts';
import { lives } from './lives.ts';
import { cache, mutated, mutation } from './random-objects.ts';
import { searches, searchTimeout } from '../support/searches.ts';

/** A status now and then, and the finalizer. */
const MOST_WRITES = 60;

const mutations = fc.array(mutation, { maxLength: 3 });

const worlds = fc.record({
  managed: fc.boolean(),
  leaving: fc.boolean(),
  view: fc.constantFrom<NetworkView['kind']>('usable', 'usable', 'connecting', 'missing', 'away'),
  account: mutations,
  network: mutations,
  pool: mutations,
  pod: mutations,
  transaction: mutations,
  hasTransaction: fc.boolean(),
  fates: fc.array(fc.constantFrom<Fate>('served', 'served', 'lost', 'conflict', 'forbidden', 'unavailable'), {
    maxLength: 20,
  }),
  tookMs: fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 1, maxLength: 4 }),
});

const miners = minersOf('pool', 2);

/** Networks whose node answers nothing; what is known of them is there. */
function networksOf(kind: NetworkView['kind'], now: number): WatchedNetworks {
  const usable = {
    kind,
    name: 'testnet',
    chainId: 31_337n,
    facts: networkFacts(),
    block: { number: 1, hash: '0x01', time: now },
    reason: 'EndpointsDown',
    message: 'nobody answers',
    pool: { reader: () => Promise.reject(new Error('no node answers')) },
    protocol: {
      plan: () => ({ moves: [], shortages: [] }),
      required: () => tokenUnits(100n),
      readMiners: () => Promise.resolve(miners),
      allowed: () => [],
    },
  };
  return {
    view: () => usable as unknown as NetworkView,
    stateOf: () => accountState(10n ** 18n, miners),
    listen: () => undefined,
    look: () =>
      Promise.resolve({
        look: {
          endpoints: [{ name: 'node', state: 'Up', message: '' }],
          found: { kind: 'read', facts: usable.facts, block: usable.block, headAgeMs: 10 },
        },
        nextMs: 30_000,
      }),
    forget: () => undefined,
    onLateLook: () => undefined,
    begin: () => undefined,
  };
}

describe('fuzz: reconcilers of stake', function () {
  this.timeout(searchTimeout(600_000));

  it('any objects: the workers live, the reconciles end, and the writes are few', async () => {
    let written = 0;
    const property = fc.asyncProperty(worlds, async (world) => {
      const clock = manualClock();
      const account = stakeAccount();
      const metadata = world.leaving
        ? { ...account.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' }
        : account.metadata;
      const spec = { ...account.spec, mode: world.managed ? ('Manage' as const) : ('Observe' as const) };
      const caches: StakeCaches = {
        pools: cache(MinerPools, [mutated(minerPool({ stake }), world.pool)]),
        accounts: cache(StakeAccounts, [mutated({ ...account, metadata, spec }, world.account)], {
          indexes: accountIndexes,
        }),
        clusters: cache(ComputeClusters, []),
        pods: cache(Pods, [mutated(poolPod({ ordinal: 0, revision: 'r' }), world.pod)], {
          transform: projectPod,
          indexes: podIndexes,
        }),
        nodes: cache(Nodes, []),
        revisions: cache(ControllerRevisions, []),
        networks: cache(StakingNetworks, [mutated(stakingNetwork(), world.network)]),
        transactions: cache(
          ChainTransactions,
          world.hasTransaction ? [mutated(entry({ nonce: 0 }) as never, world.transaction)] : [],
          { indexes: { [BY_ACCOUNT]: (object) => [accountKeyOf(object)] } },
        ),
      };
      const informers = Object.values(caches) as unknown as FedInformer<KubeObject>[];
      const others: [ResourceType<KubeObject>, KubeObject][] = [[Secrets, secret]];
      const { fates, tookMs } = world;
      const server = fuzzServer({ clock, informers, others, fates, tookMs });
      const parts = {
        client: server.client,
        events: { record: () => undefined },
        caches,
        clock,
        networks: networksOf(world.view, clock.now()),
      };
      const accounts = stakeAccountController({
        ...parts,
        fleet: loneFleet(server.client, caches, clock),
        ownWrites: createOwnWrites(clock),
        dryRun: false,
      });
      await lives(accounts, 'default/account', clock);
      await lives(stakingNetworkController(parts), 'net', clock);
      assert.ok(server.writes <= MOST_WRITES, `${server.writes} writes`);
      written += server.writes;
    });
    await fc.assert(property, { numRuns: searches(38) });
    assert.ok(written > 0, 'most of the worlds make sense to the controllers');
  });
});

const secret: KubeObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name: 'keys',
    namespace: 'default',
    uid: 'uid-of-keys',
    resourceVersion: '1',
    creationTimestamp: '2026-01-01T00:00:00Z',
  },
};
