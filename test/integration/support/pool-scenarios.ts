import assert from 'node:assert/strict';
import { Pods } from '../../../src/api/builtin.ts';
import { findCondition } from '../../../src/api/conditions.ts';
import type { Manifest } from '../../../src/api/kube-object.ts';
import { MinerPools, type MinerPool } from '../../../src/api/miner-pool.ts';
import { isNotFound } from '../../../src/kube/errors.ts';
import { untilPasses } from '../../support/until-passes.ts';
import { startPodLog, type PodLog } from '../../support/pod-log.ts';
import { clusterKind, startTestCluster, type TestCluster } from '../../support/test-cluster.ts';
import { keepOperator, type Keeper } from './keep-operator.ts';

const NAME = 'pool';
const KEY = { namespace: 'default', name: NAME };

/** A pool of pods that cost nothing: an image that no node knows idles. */
function poolManifest(spec: object = {}, container: object = {}): Manifest<MinerPool> {
  return {
    apiVersion: 'headframe.dev/v1alpha1',
    kind: 'MinerPool',
    metadata: KEY,
    spec: {
      replicas: 4,
      template: {
        spec: {
          terminationGracePeriodSeconds: 1,
          containers: [{ name: 'miner', image: 'example/idle:1', ...container }],
        },
      },
      ...spec,
    },
  } as unknown as Manifest<MinerPool>;
}

const names = (count: number): string[] =>
  Array.from({ length: count }, (_, ordinal) => `${NAME}-${ordinal}`).sort();

/**
 * What becomes of a pool, from its creation to its deletion. With `kills`, each scenario has operators of its own, so many of which are
 * killed at random moments; without, one operator sees all scenarios.
 */
export function describePool({ kills }: { readonly kills: number }): void {
  const killing = kills > 0;
  describe(`MinerPool on the ${clusterKind} control plane, ${killing ? 'the operator killed in the middle of everything' : 'undisturbed'}`, function () {
    this.timeout(240_000);
    let cluster: TestCluster;
    let log: PodLog;
    let keeper: Keeper;

    before(async () => {
      cluster = await startTestCluster();
      if (!killing) {
        keeper = keepOperator(cluster.kubeconfig, 0);
      }
    });
    after(async () => {
      await keeper.end();
      await cluster.stop();
    });
    beforeEach(async () => {
      log = await startPodLog(cluster.transport, NAME);
      if (killing) {
        keeper = keepOperator(cluster.kubeconfig, kills);
      }
    });
    afterEach(async () => {
      if (killing) {
        await keeper.end();
      }
      await deletePool();
      await log.stop();
    });

    async function apply(spec: object = {}, container: object = {}): Promise<void> {
      await cluster.client.apply(MinerPools, poolManifest(spec, container), { force: true });
    }

    async function deletePool(): Promise<void> {
      await cluster.client.delete(MinerPools, KEY).catch((error: unknown) => {
        assert.ok(isNotFound(error), String(error));
      });
      await untilPasses(() => assert.deepEqual(podNames(), []));
    }

    const podNames = (): string[] =>
      log
        .pods()
        .map(({ metadata }) => metadata.name)
        .sort();

    async function readyReason(): Promise<{ status: string; reason: string; message: string }> {
      const pool = await cluster.client.get(MinerPools, KEY);
      const ready = findCondition(pool.status?.conditions, 'Ready');
      assert.ok(ready, 'the pool has no Ready condition');
      assert.equal(ready.observedGeneration, pool.metadata.generation);
      return ready;
    }

    /** Waits for exactly the wanted pods, Ready, after the last kill. */
    async function settled(replicas: number): Promise<void> {
      await keeper.calm();
      await untilPasses(async () => {
        const { status, message } = await readyReason();
        assert.equal(status, 'True', message);
        assert.deepEqual(podNames(), names(replicas));
      });
    }

    function assertNoSurplus(most: number): void {
      for (const moment of log.moments) {
        assert.ok(
          moment.names.length <= most,
          `${moment.names.length} pods at once: ${moment.names.join(' ')}`,
        );
      }
    }

    it('scales 4 -> 20 -> 3', async () => {
      await apply();
      await settled(4);
      assertNoSurplus(4);

      await apply({ replicas: 20 });
      await settled(20);
      assertNoSurplus(20);

      log.restart();
      await apply({ replicas: 3 });
      await settled(3);
      assert.deepEqual(log.created, [], 'scaling down makes no pods');
      assertNoSurplus(20);
    });

    it('updates within its budget at every moment', async () => {
      const strategy = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 2 } };
      await apply({ replicas: 6, updateStrategy: strategy });
      await settled(6);

      log.restart();
      await apply({ replicas: 6, updateStrategy: strategy }, { image: 'example/idle:2' });
      await settled(6);

      assertNoSurplus(8);
      for (const { serving } of log.moments) {
        assert.ok(serving >= 5, `only ${serving} of 6 served`);
      }
      const images = (
        await cluster.client.list(Pods, { labelSelector: `headframe.dev/pool=${NAME}` })
      ).items.map(({ spec }) => spec.containers[0]?.image);
      assert.deepEqual(new Set(images), new Set(['example/idle:2']));
    });

    it('replaces the pods of a lost node after the grace, and only those', async () => {
      await apply({ replicas: 6, nodeLostGraceSeconds: 1 });
      await settled(6);
      const before = new Map(log.pods().map((pod) => [pod.metadata.name, pod.metadata.uid]));
      const lost = log.pods().find((pod) => pod.metadata.name === `${NAME}-0`)?.spec.nodeName;
      assert.ok(lost);
      const onLost = log.pods().filter(({ spec }) => spec.nodeName === lost);

      log.restart();
      cluster.agent.failNode(lost);
      try {
        await untilPasses(() => {
          const now = log.pods();
          assert.deepEqual(now.map(({ metadata }) => metadata.name).sort(), names(6));
          assert.ok(now.every(({ spec }) => spec.nodeName !== undefined && spec.nodeName !== lost));
        }, 120_000);
        await settled(6);
      } finally {
        await cluster.agent.restoreNode(lost);
      }

      assertNoSurplus(6);
      const replaced = log.pods().filter(({ metadata }) => before.get(metadata.name) !== metadata.uid);
      assert.deepEqual(
        replaced.map(({ metadata }) => metadata.name).sort(),
        onLost.map(({ metadata }) => metadata.name).sort(),
      );
    });

    it('says that pods crash, keeps their number, and recovers with a better template', async () => {
      const crashing = { image: 'headframe/shell:1', command: ['/bin/sh', '-c', 'exit 3'] };
      await apply({ replicas: 3 }, crashing);
      await keeper.calm();
      await untilPasses(async () => assert.equal((await readyReason()).reason, 'PodsFailing'));
      assert.deepEqual(podNames(), names(3));

      await apply({ replicas: 3 }, { image: 'example/idle:1' });
      await settled(3);
      assertNoSurplus(3);
    });

    it('replaces pods that ended for good, after a pause', async () => {
      const ending = { image: 'headframe/shell:1', command: ['/bin/sh', '-c', 'exit 3'] };
      const manifest = poolManifest({ replicas: 2 }, ending);
      (manifest.spec.template.spec as { restartPolicy?: string }).restartPolicy = 'Never';
      await cluster.client.apply(MinerPools, manifest, { force: true });

      await untilPasses(() => {
        const attempts = log
          .pods()
          .map(({ metadata }) => metadata.annotations?.['headframe.dev/restart-attempt']);
        assert.deepEqual(attempts, ['1', '1']);
      });

      assertNoSurplus(2);
    });

    it('suspends and resumes', async () => {
      await apply();
      await settled(4);

      await apply({ suspend: true });
      await untilPasses(() => assert.deepEqual(podNames(), []));
      await keeper.calm();
      await untilPasses(async () => assert.equal((await readyReason()).reason, 'Suspended'));

      await apply({ suspend: false });
      await settled(4);
      assertNoSurplus(4);
    });

    it('explains a model that nobody has', async () => {
      await apply({ gpus: { models: ['NVIDIA-B200'] } });
      await keeper.calm();
      await untilPasses(async () => {
        const { reason, message } = await readyReason();
        assert.equal(reason, 'NoMatchingGPUs');
        assert.equal(
          message,
          'wants 4 x NVIDIA-B200, no node has any; the cluster has NVIDIA-H100-80GB-HBM3',
        );
      });

      await apply({ gpus: { models: ['h100-sxm5-80gb'] } });
      await settled(4);
      assertNoSurplus(4);
    });

    it('explains GPUs that are not free', async () => {
      await apply({ replicas: 26 });
      await keeper.calm();
      await untilPasses(async () => {
        const { reason, message } = await readyReason();
        assert.equal(reason, 'InsufficientGPUs');
        assert.equal(message, 'wants 2 x any NVIDIA GPU, 0 free on 0 nodes');
      });
      assertNoSurplus(26);
    });

    it('reports a foreign pod in the way and never touches it', async () => {
      const container = { name: 'mine', image: 'example/idle:1' };
      const foreign = await cluster.client.create(Pods, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: `${NAME}-1`, namespace: 'default' },
        spec: { containers: [container], terminationGracePeriodSeconds: 1 },
      });
      await apply();
      await keeper.calm();
      await untilPasses(async () => {
        const { reason, message } = await readyReason();
        assert.equal(reason, 'PodNameConflict');
        assert.match(message, /'pool-1'/);
        assert.deepEqual(podNames(), ['pool-0', 'pool-2', 'pool-3']);
      });
      const now = await cluster.client.get(Pods, { namespace: 'default', name: `${NAME}-1` });
      assert.equal(now.metadata.uid, foreign.metadata.uid);
      assert.equal(now.metadata.deletionTimestamp, undefined);
      assert.equal(now.metadata.labels, undefined);

      await cluster.client.delete(Pods, { namespace: 'default', name: `${NAME}-1` });
      await settled(4);
    });

    it('deletes its pods with the pool', async () => {
      await apply();
      await settled(4);

      log.restart();
      await deletePool();

      assert.deepEqual(log.created, [], 'a pool on its way out makes no pods');
    });
  });
}
