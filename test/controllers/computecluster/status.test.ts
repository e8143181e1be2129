import assert from 'node:assert/strict';
import type { Node } from '../../../src/api/builtin.ts';
import type { ComputeCluster } from '../../../src/api/compute-cluster.ts';
import { inventory } from '../../../src/compute/inventory.ts';
import { nodeGpus } from '../../../src/compute/node-gpus.ts';
import { statusOf } from '../../../src/controllers/computecluster/status.ts';
import { NOW, ago, gpuNode } from '../../support/pool-objects.ts';

const cluster: ComputeCluster = {
  apiVersion: 'headframe.dev/v1alpha1',
  kind: 'ComputeCluster',
  metadata: { name: 'local', uid: 'u', resourceVersion: '1', generation: 2, creationTimestamp: ago(60) },
  spec: { connection: { type: 'Local' } },
};

function status(nodes: Node[], held: Record<string, number> = {}): ReturnType<typeof statusOf> {
  const usages = nodes.flatMap((node) => {
    const gpus = nodeGpus(node);
    return gpus === undefined ? [] : [{ gpus, allocated: held[node.metadata.name] ?? 0 }];
  });
  return statusOf({ cluster, nodes, inventory: inventory(usages) }, NOW);
}

const condition = (of: ReturnType<typeof statusOf>, type: string): string[] =>
  of.conditions.filter((one) => one.type === type).map((one) => `${one.status} ${one.reason} ${one.message}`);

describe('controllers/computecluster/status', () => {
  const cpuOnly = { ...gpuNode('cpu'), status: { conditions: gpuNode('cpu').status!.conditions! } };

  it('is the inventory by model, with its worth as decimal strings', () => {
    const { gpus, totals, nodes, observedGeneration } = status(
      [gpuNode('a'), gpuNode('b', { ready: false }), cpuOnly],
      { a: 3 },
    );

    assert.deepEqual(nodes, { total: 3, ready: 2 });
    assert.equal(observedGeneration, 2);
    assert.deepEqual(gpus, [
      {
        model: 'h100-sxm5-80gb',
        product: 'NVIDIA-H100-80GB-HBM3',
        vendor: 'NVIDIA',
        catalogued: 'Known',
        nodes: 2,
        allocatable: 16,
        allocated: 3,
        free: 5,
        memoryMiB: 81_559,
        petaflops: '15.83',
        v100Equivalents: '126.643',
      },
    ]);
    assert.deepEqual(totals, {
      allocatable: 16,
      allocated: 3,
      free: 5,
      petaflops: '15.83',
      v100Equivalents: '126.643',
    });
  });

  it('shows an unknown model as unknown, worth nothing, and says so', () => {
    const labels = { 'nvidia.com/gpu.product': 'NVIDIA-H100-X' };
    const result = status([gpuNode('a', { labels, gpus: 2 })]);

    assert.deepEqual(
      result.gpus.map(({ model, catalogued, allocatable, petaflops, memoryMiB }) => [
        model,
        catalogued,
        allocatable,
        petaflops,
        memoryMiB,
      ]),
      [['NVIDIA-H100-X', 'Unknown', 2, '0', undefined]],
    );
    assert.deepEqual(condition(result, 'GPUModelsKnown'), [
      "False UnknownGPUModels 2 x 'NVIDIA-H100-X': not in the GPU catalogue, counted with 0 PFLOPS",
    ]);
    assert.match(condition(result, 'Ready')[0] ?? '', /^True InventoryKnown/);
  });

  it('observes no generation where the API server counts none', () => {
    const { generation: _none, ...metadata } = cluster.metadata;

    assert.equal(
      'observedGeneration' in statusOf({ cluster: { ...cluster, metadata }, nodes: [], inventory: [] }, NOW),
      false,
    );
  });

  it('says that a cluster has no GPUs', () => {
    const result = status([cpuOnly]);

    assert.match(condition(result, 'Ready')[0] ?? '', /^True NoGPUs/);
    assert.deepEqual(condition(result, 'GPUModelsKnown'), ['True AllGPUModelsKnown ']);
  });
});
