import assert from 'node:assert/strict';
import type { Pod } from '../../../src/api/builtin.ts';
import type { ComputeCluster } from '../../../src/api/compute-cluster.ts';
import { ComputeClusterStatus } from '../../../src/api/compute-cluster-status.ts';
import { findCondition } from '../../../src/api/conditions.ts';
import { type MinerPool, MinerPools } from '../../../src/api/miner-pool.ts';
import { bidFarewell } from '../../../src/controllers/computecluster/bid-farewell.ts';
import { farewellOf } from '../../../src/controllers/computecluster/farewell.ts';
import { hold, isHeld, mustBeHeld, useUpRelease } from '../../../src/controllers/computecluster/hold.ts';
import type { ClusterView } from '../../../src/controllers/fleet/cluster-view.ts';
import type { DeleteOptions, KubeClient } from '../../../src/kube/client.ts';
import { ApiError } from '../../../src/kube/errors.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import {
  AWAY,
  type HandClusterOptions,
  computeCluster,
  handCache,
  handFleet,
} from '../../support/hand-fleet.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { ago } from '../../support/pool-objects.ts';
import { memberPod, placedPool } from '../../support/seen-fleet.ts';

const OURS = 'headframe.dev/guests';

function leaving(
  annotations: Record<string, string> = {},
  metadata: Partial<ComputeCluster['metadata']> = {},
): ComputeCluster {
  return computeCluster(
    'a',
    {},
    { deletionTimestamp: ago(1), finalizers: ['other', OURS], annotations, ...metadata },
  );
}

/** One that has been looked at. */
function known(cluster: ComputeCluster, clusterUID = 'u'): ComputeCluster {
  return { ...cluster, status: { ...ComputeClusterStatus.parse({}), clusterUID } };
}

const released = { 'headframe.dev/release': 'true' };

function foreign(pod: Pod): Pod {
  return { ...pod, metadata: { ...pod.metadata, labels: { 'headframe.dev/home': 'elsewhere' } } };
}

/** A pod that no Headframe made. */
function owned(): Pod {
  const pod = memberPod('a', 7);
  return { ...pod, metadata: { ...pod.metadata, labels: {} } };
}

describe('controllers/computecluster/farewell', () => {
  it('holds what is reached by a kubeconfig, once, and nothing that is being deleted', () => {
    const held = computeCluster('a', {}, { finalizers: [OURS] });

    assert.deepEqual(
      [
        computeCluster('a'),
        computeCluster('local'),
        held,
        computeCluster('a', {}, { deletionTimestamp: 'now' }),
      ].map(mustBeHeld),
      [true, false, false, false],
    );
    assert.deepEqual([isHeld(held), isHeld(computeCluster('a'))], [true, false]);
  });

  it('holds it beside what others wait for, as it was seen', async () => {
    const patches: unknown[] = [];
    const client = {
      mergePatch: (_type: unknown, _key: unknown, patch: object) => Promise.resolve(patches.push(patch)),
    };
    await hold(computeCluster('a', {}, { finalizers: ['x'] }), client as unknown as KubeClient);

    assert.deepEqual(patches, [{ metadata: { resourceVersion: '1', finalizers: ['x', OURS] } }]);
  });

  describe('waits', () => {
    const pods = [memberPod('a', 0), memberPod('a', 1), foreign(memberPod('a', 2))];
    const rows: {
      name: string;
      pods?: readonly Pod[];
      view?: ClusterView;
      cluster?: ComputeCluster;
      home?: string | undefined;
      heir?: string;
      pools?: readonly string[];
      expect: string;
    }[] = [
      { name: 'for its own pods', pods, expect: 'waiting 2 True: 2 pods of Headframe have to end first' },
      { name: 'not for pods of others', pods: [foreign(memberPod('a', 0))], expect: 'over' },
      { name: 'not when released', pods, cluster: leaving(released), expect: 'over' },
      {
        name: 'also when the annotation says something else',
        pods,
        cluster: leaving({ 'headframe.dev/release': 'no' }),
        expect: 'waiting 2 True: 2 pods',
      },
      {
        name: 'as long as nobody can tell which pods are its own',
        pods,
        home: undefined,
        expect: 'waiting 0 True: cannot be told as long as the namespace kube-system',
      },
      {
        name: 'also for pods that are those of another Headframe, maybe',
        pods: [foreign(memberPod('a', 0))],
        home: undefined,
        expect: 'waiting 0 True: cannot be told',
      },
      {
        name: 'not where no Headframe ever made anything, whosever it were',
        pods: [owned()],
        home: undefined,
        expect: 'over',
      },
      { name: 'not for pods that are another’s from now on', pods, heir: 'b', expect: 'over' },
      {
        name: 'until the pools say that they are that one’s',
        pods,
        heir: 'b',
        pools: ['default/p'],
        expect:
          'waiting 0 True: ComputeCluster b, the same cluster, takes its pods over as soon as the status of pool default/p says so',
      },
      {
        name: 'no more for that when released',
        pods,
        heir: 'b',
        pools: ['x/y'],
        cluster: leaving(released),
        expect: 'over',
      },
      { name: 'for no cluster that is another’s', view: AWAY, heir: 'b', expect: 'over' },
      {
        name: 'for a cluster that cannot be asked',
        view: AWAY,
        expect: 'waiting 0 False: cannot be asked (no answer)',
      },
      {
        name: 'for a cluster that is connecting',
        view: { kind: 'connecting' },
        expect: 'waiting 0 Unknown: is being asked',
      },
    ];
    for (const row of rows) {
      it(row.name, () => {
        const { clusters } = handFleet({ a: { pods: row.pods ?? [] } });
        const view = row.view ?? (clusters['a'] ?? assert.fail()).reachable;
        const farewell = farewellOf(row.cluster ?? leaving(), {
          view,
          home: 'home' in row ? row.home : 'home',
          heir: row.heir,
          pools: row.pools ?? [],
        });
        const said =
          farewell.kind === 'over'
            ? 'over'
            : `waiting ${farewell.pods.length} ${farewell.why.reachable}: ${farewell.why.message}`;

        const [head = '', words = ''] = row.expect.split(': ');
        assert.ok(said.startsWith(head) && said.includes(words), said);
      });
    }
  });

  describe('sees to the end', () => {
    interface Seen {
      readonly writes: string[];
      readonly status: () => ComputeCluster['status'];
      readonly bid: () => Promise<unknown>;
    }

    interface Company {
      readonly others?: Readonly<Record<string, HandClusterOptions>>;
      readonly pools?: readonly MinerPool[];
    }

    function world(
      pods: readonly Pod[],
      cluster = leaving(),
      failure?: ApiError,
      { others = {}, pools = [] }: Company = {},
    ): Seen {
      const writes: string[] = [];
      let status: ComputeCluster['status'];
      const far: Partial<KubeClient> = {
        delete: (_type, { name }, { uid }: DeleteOptions = {}) => {
          writes.push(`delete ${name} ${uid}`);
          return failure === undefined ? Promise.resolve() : Promise.reject(failure);
        },
      };
      const client = {
        mergePatch: (_type: unknown, _key: unknown, patch: { metadata: { finalizers: string[] } }) => {
          writes.push(`finalizers ${patch.metadata.finalizers.join(' ')}`);
          return Promise.resolve(cluster);
        },
        patchStatus: (_type: unknown, _object: unknown, written: ComputeCluster['status']) => {
          status = written;
          return Promise.resolve(cluster);
        },
      } as unknown as KubeClient;
      const { fleet, computeClusters } = handFleet({
        a: { cluster, pods, client: far, uid: 'u' },
        ...others,
      });
      const caches = { clusters: computeClusters.informer, pools: handCache(MinerPools, pools).informer };
      const { signal } = new AbortController();
      const bid = (): Promise<unknown> =>
        bidFarewell(cluster, { client, fleet, caches, clock: manualClock() }, { log: silentLogger, signal });
      return { writes, status: () => status, bid };
    }

    it('deletes what is not on its way out yet, says so, and looks again', async () => {
      const { writes, status, bid } = world([memberPod('a', 0), memberPod('a', 1, { terminating: true })]);
      const result = await bid();

      assert.deepEqual(writes, ['delete pool-0 a-pool-0']);
      assert.equal(findCondition(status()?.conditions, 'Ready')?.reason, 'Deleting');
      assert.deepEqual(result, { kind: 'after', ms: 2000 });
    });

    it('lets go when nothing is left, and leaves the finalizers of others', async () => {
      const { writes, bid } = world([]);
      await bid();

      assert.deepEqual(writes, ['finalizers other']);
    });

    it('lets go at once when released', async () => {
      const { writes, bid } = world([memberPod('a', 0)], leaving(released));
      await bid();

      assert.deepEqual(writes, ['finalizers other']);
    });

    it('does not mind a pod that is gone, and tries again what was refused', async () => {
      await world(
        [memberPod('a', 0)],
        leaving(),
        new ApiError('gone', { code: 404, reason: 'NotFound' }),
      ).bid();
      const refused = new ApiError('no', { code: 403, reason: 'Forbidden' });

      await assert.rejects(world([memberPod('a', 0)], leaving(), refused).bid(), refused);
    });

    describe('of one of two that are the same cluster:', () => {
      const older = known(computeCluster('b', {}, { creationTimestamp: ago(90_000) }));
      const younger = known(computeCluster('b', {}, { creationTimestamp: ago(60) }));
      const local = known(computeCluster('local', {}, { creationTimestamp: ago(90_000) }));
      const pods = [memberPod('a', 0), memberPod('a', 1)];
      const inA = placedPool({ a: [0, 1] });
      const inB = placedPool({ b: [0, 1] });
      const rows: {
        name: string;
        other: ComputeCluster;
        isAway?: boolean;
        cluster?: ComputeCluster;
        pools: readonly MinerPool[];
        writes: readonly string[];
      }[] = [
        {
          name: 'the duplicate goes at once, and touches no pod',
          other: older,
          pools: [inB],
          writes: ['finalizers other'],
        },
        {
          name: 'also while it cannot be asked, by what was known of it',
          other: older,
          isAway: true,
          cluster: known(leaving()),
          pools: [inB],
          writes: ['finalizers other'],
        },
        {
          name: 'the older one waits until the pools know the other',
          other: younger,
          pools: [inA],
          writes: [],
        },
        {
          name: 'and goes then, without touching a pod',
          other: younger,
          pools: [inB],
          writes: ['finalizers other'],
        },
        {
          name: 'the last of those that are being deleted takes the pods along',
          other: known(computeCluster('b', {}, { creationTimestamp: ago(60), deletionTimestamp: ago(1) })),
          pools: [inA],
          writes: ['delete pool-0 a-pool-0', 'delete pool-1 a-pool-1'],
        },
        {
          name: 'one that is the cluster in which Headframe runs takes its own pods along',
          other: local,
          pools: [],
          writes: ['delete pool-0 a-pool-0', 'delete pool-1 a-pool-1'],
        },
      ];
      for (const { name, other, isAway = false, cluster = leaving(), pools, writes } of rows) {
        it(name, async () => {
          const company = { others: { [other.metadata.name]: { cluster: other, uid: 'u' } }, pools };
          const seen = world(isAway ? [] : pods, cluster, undefined, company);
          await seen.bid();

          assert.deepEqual(seen.writes, writes);
        });
      }
    });

    it('deletes many at a time, and no more than a small cluster can take', async () => {
      let inFlight = 0;
      let most = 0;
      const slow: Partial<KubeClient> = {
        async delete() {
          most = Math.max(most, ++inFlight);
          await new Promise((resolve) => setImmediate(resolve));
          inFlight--;
        },
      };
      const pods = Array.from({ length: 100 }, (_, ordinal) => memberPod('a', ordinal));
      const { fleet, computeClusters } = handFleet({ a: { cluster: leaving(), pods, client: slow } });
      const caches = { clusters: computeClusters.informer, pools: handCache(MinerPools).informer };
      const client = { patchStatus: () => Promise.resolve() } as unknown as KubeClient;
      const { signal } = new AbortController();
      await bidFarewell(
        leaving(),
        { client, fleet, caches, clock: manualClock() },
        { log: silentLogger, signal },
      );

      assert.equal(most, 16);
    });
  });

  describe('a release', () => {
    async function patchesFor(cluster: ComputeCluster, uid: string): Promise<unknown[]> {
      const patches: unknown[] = [];
      const client = {
        mergePatch: (_type: unknown, key: unknown, patch: object) =>
          Promise.resolve(patches.push(key, patch)),
      };
      await useUpRelease(cluster, { clusterUID: uid }, client as unknown as KubeClient);
      return patches;
    }
    const cluster = computeCluster('a', {}, { annotations: released });

    it('is used up by the cluster that became another', async () => {
      assert.deepEqual(await patchesFor(known(cluster, 'old'), 'new'), [
        { name: 'a' },
        { metadata: { resourceVersion: '1', annotations: { 'headframe.dev/release': null } } },
      ]);
    });

    it('stays where nothing became another', async () => {
      assert.deepEqual(await patchesFor(known(cluster, 'old'), 'old'), []);
      assert.deepEqual(await patchesFor(cluster, 'new'), []);
      assert.deepEqual(await patchesFor(known(computeCluster('a'), 'old'), 'new'), []);
    });
  });
});
