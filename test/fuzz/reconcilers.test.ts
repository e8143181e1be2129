import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ControllerRevisions, Nodes, Pods } from '../../src/api/builtin.ts';
import { ComputeClusterSpec, ComputeClusters, type ComputeCluster } from '../../src/api/compute-cluster.ts';
import { API_VERSION } from '../../src/api/group.ts';
import type { KubeObject } from '../../src/api/kube-object.ts';
import { MinerPools } from '../../src/api/miner-pool.ts';
import { StakeAccounts } from '../../src/api/stake-account.ts';
import { StakingNetworks } from '../../src/api/staking-network.ts';
import { Namespaces } from '../../src/api/namespace.ts';
import type { Controller, WatchSource } from '../../src/controller/controller.ts';
import { createExpectations } from '../../src/controller/expectations.ts';
import { inFlightShare } from '../../src/controller/in-flight-share.ts';
import { createOwnWrites } from '../../src/controller/own-writes.ts';
import { createPace } from '../../src/controller/pace.ts';
import { BY_OWNER, ownerIndex, podIndexes, type Caches } from '../../src/controllers/caches.ts';
import { computeClusterController } from '../../src/controllers/computecluster/controller.ts';
import { minerPoolController } from '../../src/controllers/minerpool/controller.ts';
import { projectPod } from '../../src/controllers/pod-projection.ts';
import type { Change, Informer } from '../../src/kube/informer.ts';
import { manualClock } from '../support/manual-clock.ts';
import { loneSources } from '../support/lone-fleet.ts';
import { gpuNode, minerPool, poolPod } from '../support/pool-objects.ts';
import { stake, stakeAccount } from '../support/stake-objects.ts';
import { fuzzServer, type Fate, type FedInformer } from './fuzz-server.ts';
import { lives } from './lives.ts';
import { cache, mutated, mutation } from './random-objects.ts';
import { searches, searchTimeout } from '../support/searches.ts';

/**
 * More would be no wonder: the schema admits up to many thousand replicas, and each is a pod. What is wrong here is of the wrong kind,
 * not of the wrong size.
 */
const MOST_WRITES = 400;
/** Whether the handler ends as it may: with keys, or with a TypeError about what no server would have stored. */
function wakes(keysFor: WatchSource['keysFor'], change: Change<KubeObject>): boolean {
  try {
    return [...keysFor(change)].every((key) => typeof key === 'string');
  } catch (error) {
    return error instanceof TypeError;
  }
}

const cluster: ComputeCluster = {
  apiVersion: API_VERSION,
  kind: 'ComputeCluster',
  metadata: {
    name: 'local',
    uid: 'cluster-uid',
    resourceVersion: '1',
    generation: 1,
    creationTimestamp: '2026-01-01T00:00:00Z',
  },
  spec: ComputeClusterSpec.parse({}),
};

const kubeSystem: KubeObject = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { ...cluster.metadata, name: 'kube-system', uid: 'uid-of-kube-system' },
};

const worlds = fc.record({
  staked: fc.boolean(),
  account: fc.array(mutation, { maxLength: 3 }),
  pool: fc.array(mutation, { maxLength: 3 }),
  pods: fc.array(fc.array(mutation, { maxLength: 3 }), { maxLength: 4 }),
  node: fc.array(mutation, { maxLength: 3 }),
  cluster: fc.array(mutation, { maxLength: 3 }),
  fates: fc.array(fc.constantFrom<Fate>('served', 'served', 'lost', 'conflict', 'forbidden', 'unavailable'), {
    maxLength: 20,
  }),
  tookMs: fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 1, maxLength: 4 }),
});

describe('fuzz: reconcilers', function () {
  this.timeout(searchTimeout(600_000));

  it('any objects: the worker lives, the reconcile ends, the writes are few, and the handlers end', async () => {
    let written = 0;
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const caches: Caches = {
          pools: cache(MinerPools, [mutated(minerPool(world.staked ? { stake } : {}), world.pool)]),
          accounts: cache(StakeAccounts, [mutated(stakeAccount(), world.account)]),
          clusters: cache(ComputeClusters, [mutated(cluster, world.cluster)]),
          pods: cache(
            Pods,
            world.pods.map((changes, ordinal) =>
              mutated(poolPod({ ordinal, revision: 'r', node: 'n' }), changes),
            ),
            { transform: projectPod, indexes: podIndexes },
          ),
          nodes: cache(Nodes, [mutated(gpuNode('n'), world.node)]),
          revisions: cache(ControllerRevisions, [], { indexes: { [BY_OWNER]: ownerIndex } }),
          networks: cache(StakingNetworks, []),
        };
        const clock = manualClock();
        const { fates, tookMs } = world;
        const informers = Object.values(caches) as unknown as FedInformer<KubeObject>[];
        const server = fuzzServer({ clock, informers, others: [[Namespaces, kubeSystem]], fates, tookMs });
        const parts = {
          client: server.client,
          events: { record: () => undefined },
          caches,
          clock,
          ...loneSources(server.client, caches, clock),
        };
        const pools = minerPoolController({
          ...parts,
          expectations: createExpectations(clock),
          ownWrites: createOwnWrites(clock),
          inFlight: inFlightShare({ alone: 64, shared: 64 }),
          pace: createPace(),
          pools: caches.pools.store,
        });
        await lives(pools, 'default/pool', clock);
        await lives(computeClusterController(parts), 'local', clock);
        assert.ok(server.writes <= MOST_WRITES, `${server.writes} writes`);
        written += server.writes;
        tellOfAll(pools, caches);
      }),
      { numRuns: searches(50) },
    );
    assert.ok(written > 0, 'most of the worlds make sense to the controllers');
  });

  /**
   * Handlers run outside of the worker. A server keeps to the types of its kinds, so they may trust them: what they throw all the
   * same, the informer counts and goes on (its own test shows that).
   */
  function tellOfAll({ watches }: Controller, caches: Caches): void {
    for (const informer of Object.values(caches) as Informer<KubeObject>[]) {
      const changes = [...informer.store.list()].flatMap((object): Change<KubeObject>[] => [
        { type: 'added', object, initial: true },
        { type: 'updated', previous: object, object },
        { type: 'deleted', object },
      ]);
      for (const { keysFor } of watches.filter((watch) => watch.informer === (informer as unknown))) {
        changes.forEach((change) => assert.ok(wakes(keysFor, change)));
      }
    }
  }
});
