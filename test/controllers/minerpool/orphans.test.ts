import assert from 'node:assert/strict';
import { ControllerRevisions, Nodes, type Pod, Pods } from '../../../src/api/builtin.ts';
import { labels } from '../../../src/api/group.ts';
import type { KubeObject } from '../../../src/api/kube-object.ts';
import { MinerPools } from '../../../src/api/miner-pool.ts';
import { StakeAccounts } from '../../../src/api/stake-account.ts';
import { StakingNetworks } from '../../../src/api/staking-network.ts';
import { Placement } from '../../../src/api/placement.ts';
import { createExpectations } from '../../../src/controller/expectations.ts';
import { inFlightShare } from '../../../src/controller/in-flight-share.ts';
import { createOwnWrites } from '../../../src/controller/own-writes.ts';
import { createPace } from '../../../src/controller/pace.ts';
import { BY_OWNER, type Caches, ownerIndex, podIndexes } from '../../../src/controllers/caches.ts';
import { minerPoolController } from '../../../src/controllers/minerpool/controller.ts';
import { ORPHANS_RETRY_MS, orphanEvents, removeOrphans } from '../../../src/controllers/minerpool/orphans.ts';
import type { DeleteOptions, KubeClient } from '../../../src/kube/client.ts';
import { ApiError } from '../../../src/kube/errors.ts';
import type { EventDetails } from '../../../src/kube/event-recorder.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { AWAY, handCache, handFleet } from '../../support/hand-fleet.ts';
import { loneSources } from '../../support/lone-fleet.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { NOW, gpuNode, minerPool } from '../../support/pool-objects.ts';
import { memberPod } from '../../support/seen-fleet.ts';

const forbidden = new ApiError('pods is forbidden', { code: 403, reason: 'Forbidden' });

function labelled(pod: Pod, more: Record<string, string>): Pod {
  return { ...pod, metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, ...more } } };
}

interface Options {
  readonly pool?: ReturnType<typeof minerPool> | undefined;
  readonly home?: string | undefined;
  readonly failure?: ApiError;
  readonly isAway?: boolean;
  readonly signal?: AbortSignal;
}

/** Which of the pods of member `a` are deleted for the pool `default/pool`. */
async function deletedOf(pods: readonly Pod[], options: Options = {}): Promise<string[]> {
  const deleted: string[] = [];
  const client: Partial<KubeClient> = {
    delete: (_type, { name }, { uid }: DeleteOptions = {}) => {
      if (options.failure !== undefined) {
        return Promise.reject(options.failure);
      }
      deleted.push(`${name} ${uid}`);
      return Promise.resolve();
    },
  };
  const home = 'home' in options ? options.home : 'home';
  const { fleet, known, clusters } = handFleet({ a: { pods, client }, local: { pods, client } });
  const parts = {
    fleet: { ...fleet, homeUid: () => Promise.resolve(home) },
    known,
  };
  if (options.isAway === true) {
    (clusters['a'] ?? assert.fail()).view = AWAY;
  }
  const { signal = new AbortController().signal } = options;
  await removeOrphans('default/pool', options.pool, parts, { log: silentLogger, signal });
  return deleted;
}

describe('controllers/minerpool/orphans', () => {
  const pod = memberPod('a', 0);
  const { [labels.home]: _home, ...unmarked } = pod.metadata.labels ?? {};
  const rows: { name: string; pods: readonly Pod[]; options?: Options; expect: string[] }[] = [
    { name: 'deletes what a pool has left that is gone', pods: [pod], expect: ['pool-0 a-pool-0'] },
    {
      name: 'leaves the pods of the pool that is there',
      pods: [pod],
      options: { pool: minerPool() },
      expect: [],
    },
    {
      name: 'deletes what a former pool of the name has left',
      pods: [pod],
      options: { pool: minerPool({}, { uid: 'another' }) },
      expect: ['pool-0 a-pool-0'],
    },
    {
      name: 'leaves what another Headframe has made for a pool of the name',
      pods: [labelled(pod, { [labels.home]: 'elsewhere' })],
      expect: [],
    },
    {
      name: 'leaves everything while nobody knows what is ours',
      pods: [pod],
      options: { home: undefined },
      expect: [],
    },
    {
      name: 'leaves also what carries no mark of a Headframe',
      pods: [{ ...pod, metadata: { ...pod.metadata, labels: unmarked } }],
      options: { home: undefined },
      expect: [],
    },
    {
      name: 'leaves pods of another pool',
      pods: [labelled(pod, { [labels.pool]: 'other' })],
      expect: [],
    },
    { name: 'deletes nothing twice', pods: [memberPod('a', 0, { terminating: true })], expect: [] },
    { name: 'waits for a cluster that cannot be asked', pods: [pod], options: { isAway: true }, expect: [] },
    {
      name: 'does not mind who was faster',
      pods: [pod],
      options: { failure: new ApiError('gone', { code: 404, reason: 'NotFound' }) },
      expect: [],
    },
  ];
  for (const { name, pods, options, expect } of rows) {
    it(name, async () => {
      assert.deepEqual(await deletedOf(pods, options), expect);
    });
  }

  it('goes on with the rest when one cluster refuses, and says what is left', async () => {
    const deleted: string[] = [];
    const refusing: Partial<KubeClient> = { delete: () => Promise.reject(forbidden) };
    const willing: Partial<KubeClient> = {
      delete: (_type, { name }) => Promise.resolve(void deleted.push(name)),
    };
    const { fleet, known } = handFleet({
      a: { pods: [memberPod('a', 1), memberPod('a', 0)], client: refusing },
      b: { pods: [memberPod('b', 2)], client: willing },
    });
    const parts = { fleet, known };
    const { signal } = new AbortController();
    const left = await removeOrphans('default/pool', undefined, parts, { log: silentLogger, signal });

    assert.deepEqual(deleted, ['pool-2']);
    assert.deepEqual(left, [{ cluster: 'a', pods: ['pool-0', 'pool-1'], message: forbidden.message }]);
    assert.deepEqual(
      orphanEvents(left).map(({ type, reason, note }) => [type, reason, note]),
      [
        [
          'Warning',
          'OrphansNotDeleted',
          'pool-0 and 1 other pod of a former pool of this name could not be deleted in cluster a: pods is forbidden; delete them there, or let Headframe delete pods. It tries again every 30 s',
        ],
      ],
    );
  });

  it('keeps a new pool of the name from nothing in other clusters', async () => {
    const made: string[] = [];
    const events: EventDetails[] = [];
    const pool = minerPool(
      { replicas: 1, placement: Placement.parse({ clusterSelector: { names: ['b'], matchLabels: {} } }) },
      { uid: 'another', finalizers: ['headframe.dev/member-pods'] },
    );
    const write = (_type: unknown, manifest: KubeObject): Promise<KubeObject> => {
      made.push(`${manifest.kind} ${manifest.metadata.name}`);
      return Promise.resolve({ ...manifest, metadata: { ...manifest.metadata, uid: 'new' } });
    };
    const home = {
      create: write,
      patchStatus: (_type: unknown, object: KubeObject) => Promise.resolve(object),
    } as unknown as KubeClient;
    const { fleet, known, computeClusters } = handFleet({
      a: { pods: [memberPod('a', 0)], client: { delete: () => Promise.reject(forbidden) } },
      b: { nodes: [gpuNode('n')], client: { create: write } as unknown as KubeClient },
      local: {},
    });
    const clock = manualClock(NOW);
    const caches: Caches = {
      pools: handCache(MinerPools, [pool]).informer,
      clusters: computeClusters.informer,
      pods: handCache(Pods, [], { indexes: podIndexes }).informer,
      nodes: handCache(Nodes).informer,
      accounts: handCache(StakeAccounts).informer,
      revisions: handCache(ControllerRevisions, [], { indexes: { [BY_OWNER]: ownerIndex } }).informer,
      networks: handCache(StakingNetworks).informer,
    };
    const controller = minerPoolController({
      ...loneSources(home, caches, clock),
      caches,
      clock,
      client: home,
      fleet,
      known,
      events: { record: (_pool, event) => void events.push(event) },
      expectations: createExpectations(clock),
      ownWrites: createOwnWrites(clock),
      inFlight: inFlightShare({ alone: 8, shared: 8 }),
      pace: createPace(),
      pools: caches.pools.store,
    });
    const { signal } = new AbortController();
    const result = await controller.reconcile('default/pool', { log: silentLogger, signal });

    assert.ok(made.includes('Pod pool-0'), made.join());
    assert.ok(events.some(({ reason }) => reason === 'OrphansNotDeleted'));
    assert.ok(result.kind === 'after' && result.ms <= ORPHANS_RETRY_MS);
  });

  it('deletes nothing once the operator must stop', async () => {
    await assert.rejects(deletedOf([pod], { signal: AbortSignal.abort() }));
  });
});
