import assert from 'node:assert/strict';
import type { Pod } from '../../../src/api/builtin.ts';
import { ControllerRevisions, Nodes, Pods } from '../../../src/api/builtin.ts';
import { ComputeClusters } from '../../../src/api/compute-cluster.ts';
import { keyOf, type KubeObject, type ResourceType } from '../../../src/api/kube-object.ts';
import { MinerPools, type MinerPool } from '../../../src/api/miner-pool.ts';
import { StakeAccounts } from '../../../src/api/stake-account.ts';
import { StakingNetworks } from '../../../src/api/staking-network.ts';
import { TerminalError, type WatchSource } from '../../../src/controller/controller.ts';
import { createExpectations } from '../../../src/controller/expectations.ts';
import { inFlightShare } from '../../../src/controller/in-flight-share.ts';
import { createOwnWrites } from '../../../src/controller/own-writes.ts';
import { createPace } from '../../../src/controller/pace.ts';
import type { Caches } from '../../../src/controllers/caches.ts';
import { minerPoolController } from '../../../src/controllers/minerpool/controller.ts';
import { observe } from '../../../src/controllers/minerpool/observe.ts';
import { memberKey } from '../../../src/controllers/minerpool/writable-clusters.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import type { Change, Informer } from '../../../src/kube/informer.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { handInformer } from '../../support/fake-informer.ts';
import { handFleet } from '../../support/hand-fleet.ts';
import { loneSources } from '../../support/lone-fleet.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { minerPool, poolPod } from '../../support/pool-objects.ts';

function holding<T extends KubeObject>(type: ResourceType<T>, objects: T[] = []): Informer<T> {
  const byKey = new Map(objects.map((object) => [keyOf(object), object]));
  const store = {
    get: (key: string) => byKey.get(key),
    list: () => byKey.values(),
    byIndex: () => [],
    size: byKey.size,
  };
  return { ...handInformer(type), store } as unknown as Informer<T>;
}

function cachesOf(pools: MinerPool[]): Caches {
  return {
    pools: holding(MinerPools, pools),
    clusters: holding(ComputeClusters),
    pods: holding(Pods),
    nodes: holding(Nodes),
    revisions: holding(ControllerRevisions),
    networks: holding(StakingNetworks),
    accounts: holding(StakeAccounts),
  };
}

/** A pool that has said whether there are GPUs for it. */
function said(name: string, gpusAvailable: 'True' | 'False'): MinerPool {
  const pool = minerPool({}, { name });
  const condition = {
    type: 'GPUsAvailable',
    status: gpusAvailable,
    reason: 'r',
    message: '',
    lastTransitionTime: '',
  };
  return { ...pool, status: { conditions: [condition] } as unknown as NonNullable<MinerPool['status']> };
}

describe('controllers/minerpool/controller', () => {
  /** What listens to pods. */
  function sources(caches: Caches): readonly WatchSource[] {
    const clock = manualClock();
    const { watches } = minerPoolController({
      caches,
      clock,
      client: {} as KubeClient,
      ...loneSources({} as KubeClient, caches, clock),
      events: { record: () => undefined },
      expectations: createExpectations(clock),
      ownWrites: createOwnWrites(clock),
      inFlight: inFlightShare({ alone: 64, shared: 64 }),
      pace: createPace(),
      pools: caches.pools.store,
    });
    return watches.filter(({ informer }) => informer === (caches.pods as unknown));
  }

  /** Which pools a change of a pod wakes. */
  function wakes(caches: Caches, change: Change<Pod>): string[] {
    const keys = sources(caches).flatMap(({ keysFor }) => [...keysFor(change)]);
    return [...new Set(keys)].sort();
  }

  const caches = cachesOf([said('short', 'False'), said('well', 'True'), minerPool()]);
  const elsewhere = (node?: string): Pod => {
    const pod = poolPod({ ordinal: 0, revision: 'r', ...(node === undefined ? {} : { node }) });
    return {
      ...pod,
      metadata: { ...pod.metadata, name: 'other', namespace: 'elsewhere', ownerReferences: [] },
    };
  };

  it('wakes the pools that wait for GPUs when anybody’s pod takes or frees what it asks for, and no other', () => {
    const taken: Change<Pod> = { type: 'updated', previous: elsewhere(), object: elsewhere('n') };
    const freed: Change<Pod> = { type: 'deleted', object: elsewhere('n') };

    assert.deepEqual(wakes(caches, taken), ['default/short']);
    assert.deepEqual(wakes(caches, freed), ['default/short']);
  });

  it('wakes nobody for a foreign pod that takes and frees nothing', () => {
    const same: Change<Pod> = { type: 'updated', previous: elsewhere('n'), object: elsewhere('n') };

    assert.deepEqual(wakes(caches, same), []);
    assert.deepEqual(wakes(caches, { type: 'deleted', object: elsewhere() }), []);
  });

  it('is woken at once by what asks for a step, and gathers what only shows in the status', () => {
    const starting = poolPod({ ordinal: 0, revision: 'r' });
    const bound = poolPod({ ordinal: 0, revision: 'r', node: 'n1' });
    const failed: Pod = { ...bound, status: { ...bound.status, phase: 'Failed' } };
    const going: Pod = {
      ...bound,
      metadata: { ...bound.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
    };
    const table: { what: string; change: Change<Pod>; delayMs: number }[] = [
      { what: 'comes', change: { type: 'added', object: starting, initial: false }, delayMs: 0 },
      { what: 'is bound', change: { type: 'updated', previous: starting, object: bound }, delayMs: 500 },
      { what: 'fails', change: { type: 'updated', previous: bound, object: failed }, delayMs: 0 },
      { what: 'begins to go', change: { type: 'updated', previous: bound, object: going }, delayMs: 0 },
      { what: 'goes on going', change: { type: 'updated', previous: going, object: going }, delayMs: 500 },
      { what: 'is gone', change: { type: 'deleted', object: going }, delayMs: 0 },
    ];
    const own = sources(caches);
    for (const { what, change, delayMs } of table) {
      const delays = own
        .filter(({ keysFor }) => [...keysFor(change)].includes('default/pool'))
        .map((source) => source.delayMs ?? 0);
      assert.equal(Math.min(...delays), delayMs, `a pod that ${what}`);
    }
  });

  it('is woken at once by a pod that becomes ready while an update goes on: the next one waits for it', () => {
    const bound = poolPod({ ordinal: 0, revision: 'r', node: 'n1' });
    const ready = poolPod({ ordinal: 0, revision: 'r', node: 'n1', readyFor: 1 });
    const change: Change<Pod> = { type: 'updated', previous: bound, object: ready };
    for (const [currentRevision, delayMs] of [
      ['old', 0],
      ['new', 500],
    ] as const) {
      const status = { currentRevision, updateRevision: 'new' } as NonNullable<MinerPool['status']>;
      const delays: number[] = sources(cachesOf([{ ...minerPool(), status }]))
        .filter(({ keysFor }) => [...keysFor(change)].includes('default/pool'))
        .map((source) => source.delayMs ?? 0);
      assert.equal(Math.min(...delays), delayMs, currentRevision);
    }
  });

  it('waits for nothing any more of a pool that is gone, in no cluster: one of the same name is another', async () => {
    const clock = manualClock();
    const expectations = createExpectations(clock);
    const { fleet, known, computeClusters } = handFleet({ a: {} });
    const none: Caches = { ...cachesOf([]), clusters: computeClusters.informer };
    const controller = minerPoolController({
      ...loneSources({} as KubeClient, none, clock),
      caches: none,
      clock,
      client: {} as KubeClient,
      fleet,
      known,
      events: { record: () => undefined },
      expectations,
      ownWrites: createOwnWrites(clock),
      inFlight: inFlightShare({ alone: 64, shared: 64 }),
      pace: createPace(),
      pools: none.pools.store,
    });
    const keys = ['default/pool', memberKey('default/pool', 'a', 1)];
    keys.forEach((key) => expectations.expectSeen(key, `never-seen-${key}`));
    await controller.reconcile('default/pool', { log: silentLogger, signal: new AbortController().signal });

    assert.deepEqual(
      keys.map((key) => expectations.satisfied(key)),
      [true, true],
    );
  });

  it('wakes the pool whose replica’s name a stranger gives up', () => {
    const stranger = elsewhere();
    const object = { ...stranger, metadata: { ...stranger.metadata, name: 'well-1', namespace: 'default' } };

    assert.deepEqual(wakes(caches, { type: 'deleted', object }), ['default/well']);
  });
});

describe('controllers/minerpool/observe', () => {
  const withSpec = (spec: object): Caches => cachesOf([{ ...minerPool(), spec: spec as MinerPool['spec'] }]);
  const { template } = minerPool().spec;
  const seen = (caches: Caches): ReturnType<typeof observe> => {
    const clock = manualClock();
    return observe('default/pool', { caches, ...loneSources({} as KubeClient, caches, clock) }, clock.now());
  };

  it('fills in what a pool lacks that was stored before the field existed', () => {
    const observed = seen(withSpec({ template }));

    assert.deepEqual(observed?.pool.spec.updateStrategy, minerPool().spec.updateStrategy);
    assert.equal(observed.pool.spec.nodeLostGraceSeconds, 60);
    assert.equal(observed.pool.spec.replicas, 1);
  });

  it('gives up on a spec that today’s schema does not allow, and says which field', () => {
    assert.throws(
      () => seen(withSpec({ template, replicas: 'many' })),
      (error: unknown) => error instanceof TerminalError && error.message.includes('spec.replicas'),
    );
  });

  it('finds no pool that is gone', () => {
    assert.equal(seen(cachesOf([])), undefined);
  });
});
