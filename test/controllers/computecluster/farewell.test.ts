import assert from 'node:assert/strict';
import type { Pod } from '../../../src/api/builtin.ts';
import type { ComputeCluster } from '../../../src/api/compute-cluster.ts';
import { findCondition } from '../../../src/api/conditions.ts';
import {
  bidFarewell,
  farewellOf,
  hold,
  isHeld,
  mustBeHeld,
} from '../../../src/controllers/computecluster/farewell.ts';
import type { ClusterView } from '../../../src/controllers/fleet/cluster-view.ts';
import type { DeleteOptions, KubeClient } from '../../../src/kube/client.ts';
import { ApiError } from '../../../src/kube/errors.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { AWAY, computeCluster, handFleet } from '../../support/hand-fleet.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { ago } from '../../support/pool-objects.ts';
import { memberPod } from '../../support/seen-fleet.ts';

const OURS = 'headframe.dev/guests';

function leaving(annotations: Record<string, string> = {}): ComputeCluster {
  return computeCluster('a', {}, { deletionTimestamp: ago(1), finalizers: ['other', OURS], annotations });
}

const released = { 'headframe.dev/release': 'true' };

function foreign(pod: Pod): Pod {
  return { ...pod, metadata: { ...pod.metadata, labels: { 'headframe.dev/home': 'elsewhere' } } };
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
      { name: 'not where nothing can ever have been made', pods, home: undefined, expect: 'over' },
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
        const farewell = farewellOf(row.cluster ?? leaving(), view, 'home' in row ? row.home : 'home');
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

    function world(pods: readonly Pod[], cluster = leaving(), failure?: ApiError): Seen {
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
      const { fleet } = handFleet({ a: { cluster, pods, client: far } });
      const bid = (): Promise<unknown> =>
        bidFarewell(cluster, { client, fleet, clock: manualClock() }, silentLogger);
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
  });
});
