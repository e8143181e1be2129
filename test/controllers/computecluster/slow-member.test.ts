import assert from 'node:assert/strict';
import { Pods } from '../../../src/api/builtin.ts';
import type { KubeObject } from '../../../src/api/kube-object.ts';
import { MinerPools } from '../../../src/api/miner-pool.ts';
import { startController } from '../../../src/controller/controller-run.ts';
import { controllerMetrics } from '../../../src/controller/metrics.ts';
import type { Caches } from '../../../src/controllers/caches.ts';
import { computeClusterController } from '../../../src/controllers/computecluster/controller.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import type { Informer } from '../../../src/kube/informer.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { createRegistry } from '../../../src/telemetry/metrics-registry.ts';
import { guestPod, waitingPod } from '../../support/guest-objects.ts';
import { type HandCache, computeCluster, handCache, handFleet } from '../../support/hand-fleet.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { NOW, ago, gpuNode, minerPool } from '../../support/pool-objects.ts';
import { memberPod } from '../../support/seen-fleet.ts';

/** Never answered. */
const never = new Promise<never>(() => undefined);

describe('controllers/computecluster, with members that do not answer writes', () => {
  it('gives GPUs back here all the same', async () => {
    const clock = manualClock(NOW);
    const told: string[] = [];
    const slow = Object.fromEntries(
      Array.from({ length: 8 }, (_, index) => {
        const cluster = computeCluster(
          `far-${index}`,
          {},
          { deletionTimestamp: ago(1), finalizers: ['headframe.dev/guests'] },
        );
        return [`far-${index}`, { cluster, pods: [memberPod('far', 0)], client: { delete: () => never } }];
      }),
    );
    const { fleet, computeClusters, clusters } = handFleet({
      ...slow,
      local: {
        nodes: [gpuNode('n')],
        pods: [
          ...Array.from({ length: 8 }, (_, index) => guestPod(`pool-${index}`, { node: 'n' })),
          waitingPod('train', { gpus: 1 }),
        ],
        client: {
          mergePatch: (type, { name }) => {
            assert.equal(type, Pods);
            told.push(name);
            return Promise.resolve({} as never);
          },
        },
      },
    });
    const { nodes, pods } = clusters['local'] ?? assert.fail();
    const full = <T extends KubeObject>({ informer }: HandCache<T>): Informer<T> => ({
      ...informer,
      synced: true,
      whenSynced: () => Promise.resolve(),
    });
    const pools = handCache(MinerPools, [minerPool({}, { uid: 'pool-uid' })]);
    const caches: Omit<Caches, 'revisions' | 'networks' | 'accounts'> = {
      clusters: full(computeClusters),
      nodes: full(nodes),
      pods: full(pods),
      pools: full(pools),
    };
    const controller = computeClusterController({
      client: { patchStatus: () => Promise.resolve({}) } as unknown as KubeClient,
      events: { record: () => undefined },
      caches: caches as Caches,
      fleet,
      clock,
    });
    const metrics = controllerMetrics(createRegistry({ version: 'test' }));
    const run = startController(controller, { clock, log: silentLogger, metrics });
    for (const cluster of [...computeClusters.informer.store.list()]) {
      computeClusters.set({ ...cluster, metadata: { ...cluster.metadata, resourceVersion: '2' } } as never);
    }
    run.work();
    await clock.advance(2000);
    run.abort();
    void run.drain();

    assert.equal(told.length, 1);
  });
});
