import assert from 'node:assert/strict';
import type { Node, Pod } from '../../../src/api/builtin.ts';
import { type ClusterScope, nodeFilter, usagesInScope } from '../../../src/compute/cluster-scope.ts';
import { inventory } from '../../../src/compute/inventory.ts';
import { nodeGpus } from '../../../src/compute/node-gpus.ts';
import { usageOf } from '../../../src/compute/node-usage.ts';
import { holdsResources } from '../../../src/compute/pod-gpus.ts';
import { withReserve } from '../../../src/compute/reserve.ts';
import { gpuNode, poolPod } from '../../support/pool-objects.ts';

const CAPABILITY = 'akash.network/capabilities.gpu.vendor.nvidia.model';

/** The labels that Akash's inventory operator gives a node of eight A100 80 GiB SXM, and no feature discovery beside it. */
const a100Labels: Record<string, string> = {
  'akash.network': 'true',
  'akash.network/capabilities.storage.class.beta3': '1',
  'nvidia.com/gpu.present': 'true',
  [`${CAPABILITY}.a100`]: '8',
  [`${CAPABILITY}.a100.ram.80Gi`]: '8',
  [`${CAPABILITY}.a100.interface.sxm`]: '8',
};

/** A pod of a lease, in the namespace that Akash gives it. */
function leasePod(node: string, gpus: number): Pod {
  const namespace = 'ipl900tdt16lvh5gpl1ua1qnqjkt9ot0fpsfcumgmm4ti';
  const plain = poolPod({ ordinal: 0, revision: 'r', node, gpus });
  const labels = {
    'akash.network': 'true',
    'akash.network/namespace': namespace,
    'akash.network/manifest-service': 'trainer',
  };
  return { ...plain, metadata: { ...plain.metadata, name: `lease-${node}`, namespace, labels } };
}

/** A pod of the owner's, in any namespace. */
function ownPod(node: string, gpus: number, phase: 'Running' | 'Succeeded' = 'Running'): Pod {
  const plain = poolPod({ ordinal: 1, revision: 'r', node, gpus, phase });
  return { ...plain, metadata: { ...plain.metadata, namespace: 'lab', labels: { app: 'train' } } };
}

function guestPod(node: string, gpus: number): Pod {
  const plain = poolPod({ ordinal: 2, revision: 'r', node, gpus });
  const labels = { ...plain.metadata.labels, 'app.kubernetes.io/managed-by': 'headframe' };
  return { ...plain, metadata: { ...plain.metadata, labels } };
}

const akash: ClusterScope = { profile: 'Akash', nodeSelector: {}, excludedNodes: [] };

/** `<model>: <allocatable> - <allocated> (<leased> leased), <for guests> of <free> free` of every model. */
function offered(
  nodes: Node[],
  pods: Pod[],
  options: { reserve?: number; scope?: ClusterScope } = {},
): string[] {
  const usages = nodes.flatMap((node) => {
    const gpus = nodeGpus(node);
    const own = pods.filter((pod) => pod.spec.nodeName === node.metadata.name && holdsResources(pod));
    return gpus === undefined ? [] : [usageOf(gpus, own)];
  });
  const { lines } = withReserve(
    inventory(usagesInScope(options.scope ?? akash, usages)),
    options.reserve ?? 0,
    false,
  );
  return lines.map(
    ({ model, allocatable, allocated, leased, free, freeForGuests }) =>
      `${model}: ${allocatable} - ${allocated} (${leased} leased), ${freeForGuests} of ${free} free`,
  );
}

describe('compute: a cluster of profile Akash', () => {
  const nodes = [gpuNode('n1', { labels: a100Labels }), gpuNode('n2', { labels: a100Labels })];

  it('has what the inventory lists, less all that pods hold, less the reserve', () => {
    const pods = [leasePod('n1', 4), ownPod('n1', 1), guestPod('n2', 2), ownPod('n2', 8, 'Succeeded')];

    assert.deepEqual(offered(nodes, pods), ['a100-sxm4-80gb: 16 - 7 (4 leased), 9 of 9 free']);
    // The owner's pod uses one of the 8 that are reserved; leases use none: it is room for the next ones.
    assert.deepEqual(offered(nodes, pods, { reserve: 8 }), [
      'a100-sxm4-80gb: 16 - 7 (4 leased), 2 of 9 free',
    ]);
  });

  it('loses a node that is cordoned with its labels', () => {
    const cordoned = gpuNode('n2', { labels: { 'kubernetes.io/hostname': 'n2' }, cordoned: true });

    assert.deepEqual(offered([gpuNode('n1', { labels: a100Labels }), cordoned], []), [
      'a100-sxm4-80gb: 8 - 0 (0 leased), 8 of 8 free',
    ]);
  });

  it('loses a node whose one label is gone, whatever capabilities are left', () => {
    const { 'akash.network': _, ...rest } = a100Labels;

    assert.deepEqual(offered([gpuNode('n1', { labels: rest })], []), []);
  });

  it('has nothing of a node whose GPUs Akash does not know', () => {
    const labels = { 'akash.network': 'true', 'nvidia.com/gpu.product': 'NVIDIA-B200' };

    assert.deepEqual(offered([gpuNode('n1', { labels })], []), []);
    assert.deepEqual(offered([gpuNode('n1', { labels })], [], { scope: { ...akash, profile: 'OnPrem' } }), [
      'b200: 8 - 0 (0 leased), 8 of 8 free',
    ]);
  });

  it('has no more of a node than Akash lists, and does not say which they are', () => {
    const labels = { 'akash.network': 'true', [`${CAPABILITY}.t4`]: '6' };

    assert.deepEqual(offered([gpuNode('n1', { labels })], [leasePod('n1', 5)]), [
      'unlabelled-nvidia: 6 - 5 (5 leased), 1 of 1 free',
    ]);
    assert.deepEqual(
      offered([gpuNode('n1', { labels: { ...labels, 'nvidia.com/gpu.product': 'Tesla-T4' } })], []),
      ['t4: 6 - 0 (0 leased), 6 of 6 free'],
    );
  });

  it('takes labels that were set by hand for all GPUs of the node', () => {
    const labels = { 'akash.network': 'true', [`${CAPABILITY}.rtx4090`]: 'true' };

    assert.deepEqual(offered([gpuNode('n1', { labels })], []), ['rtx-4090: 8 - 0 (0 leased), 8 of 8 free']);
  });
});

describe('compute/cluster-scope', () => {
  const labels = { pool: 'shared', zone: 'a' };
  const rows: { what: string; scope: Partial<ClusterScope>; takesPart: boolean }[] = [
    { what: 'nothing said', scope: {}, takesPart: true },
    { what: 'labels it has', scope: { nodeSelector: { pool: 'shared', zone: 'a' } }, takesPart: true },
    { what: 'another value', scope: { nodeSelector: { pool: 'shared', zone: 'b' } }, takesPart: false },
    { what: 'a label it has not', scope: { nodeSelector: { gpu: '' } }, takesPart: false },
    { what: 'its name', scope: { excludedNodes: ['m', 'n'] }, takesPart: false },
    { what: 'another name', scope: { excludedNodes: ['n1'] }, takesPart: true },
    { what: 'Akash', scope: { profile: 'Akash' }, takesPart: false },
  ];
  for (const { what, scope, takesPart } of rows) {
    it(`${what}: a node ${takesPart ? 'takes part' : 'is left out'}`, () => {
      const whole: ClusterScope = { profile: 'OnPrem', nodeSelector: {}, excludedNodes: [], ...scope };
      assert.equal(nodeFilter(whole)({ name: 'n', labels }), takesPart);
    });
  }
});
