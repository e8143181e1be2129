import assert from 'node:assert/strict';
import { type ComputeCluster, ComputeClusterSpec } from '../../../src/api/compute-cluster.ts';
import type { ComputeClusterStatus } from '../../../src/api/compute-cluster-status.ts';
import type { AwayReason } from '../../../src/controllers/fleet/cluster-view.ts';
import { assess } from '../../../src/controllers/fleet/assess.ts';
import { statusOf } from '../../../src/controllers/computecluster/status.ts';
import {
  away,
  connecting,
  duplicate,
  withheldStatus,
} from '../../../src/controllers/computecluster/withheld.ts';
import { nodeGpus } from '../../../src/compute/node-gpus.ts';
import { NOW, ago, gpuNode } from '../../support/pool-objects.ts';

const fresh: ComputeCluster = {
  apiVersion: 'headframe.dev/v1alpha1',
  kind: 'ComputeCluster',
  metadata: { name: 'far', uid: 'u', resourceVersion: '1', generation: 2, creationTimestamp: ago(60) },
  spec: ComputeClusterSpec.parse({
    reserve: 2,
    connection: { type: 'Kubeconfig', kubeconfig: { secretRef: { name: 's' } } },
  }),
};

/** The cluster as it was while it answered: eight GPUs, of which one is held. */
function known(): ComputeCluster {
  const node = gpuNode('n');
  const gpus = nodeGpus(node);
  assert.ok(gpus);
  const assessment = assess({ cluster: fresh, nodes: [node], usages: [{ gpus, allocated: 1 }] }, NOW);
  return { ...fresh, status: statusOf(fresh, assessment, NOW, 'uid-of-kube-system') };
}

const said = ({ conditions }: ComputeClusterStatus): string[] =>
  conditions.map(({ type, status, reason }) => `${type} ${status} ${reason}`);

describe('controllers/computecluster/withheld', () => {
  const reasons: [reason: AwayReason, isStalled: boolean][] = [
    ['Unreachable', false],
    ['SecretUnreadable', false],
    ['SecretNotFound', true],
    ['KubeconfigInvalid', true],
    ['ClusterChanged', true],
  ];
  for (const [reason, isStalled] of reasons) {
    it(`${reason}: nothing is free, the rest is what was known last, and so is which cluster it was`, () => {
      const cluster = known();
      const why = away({ kind: 'away', reason, message: 'why' });
      const status = withheldStatus(cluster, why, NOW);

      const { allocatable, allocated, free, reserved, freeForGuests } = status.totals;
      assert.deepEqual([allocatable, allocated, free, reserved, freeForGuests], [8, 1, 0, 0, 0]);
      assert.deepEqual(
        status.gpus.map((line) => [line.allocatable, line.free, line.reserved, line.freeForGuests]),
        [[8, 0, 0, 0]],
      );
      assert.deepEqual(said(status).sort(), [
        `OpenToGuests False ${reason}`,
        `Reachable False ${reason}`,
        `Ready False ${reason}`,
        ...(isStalled ? [`Stalled True ${reason}`] : []),
      ]);
      assert.equal(status.clusterUID, 'uid-of-kube-system');
      assert.equal(status.observedGeneration, 2);
    });
  }

  it('of a cluster that has never answered nothing is known', () => {
    const { totals, nodes } = withheldStatus(fresh, connecting, NOW);

    assert.deepEqual([totals.allocatable, nodes.total], [0, 0]);
    assert.deepEqual(said(withheldStatus(fresh, connecting, NOW)), [
      'Ready Unknown Connecting',
      'Reachable Unknown Connecting',
      'OpenToGuests False Connecting',
      'Reconciling True Connecting',
    ]);
  });

  it('while a new kubeconfig is tried, it is known which cluster it was', () => {
    assert.equal(withheldStatus(known(), connecting, NOW).clusterUID, 'uid-of-kube-system');
  });

  it('a duplicate counts nothing, though it answers', () => {
    const status = withheldStatus(known(), duplicate('local', 'x'), NOW);

    assert.deepEqual([status.totals.allocatable, status.gpus, status.clusterUID], [0, [], 'x']);
    assert.deepEqual(said(status).sort(), [
      'OpenToGuests False DuplicateCluster',
      'Reachable True Reachable',
      'Ready False DuplicateCluster',
      'Stalled True DuplicateCluster',
    ]);
  });
});
