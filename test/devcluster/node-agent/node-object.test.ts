import assert from 'node:assert/strict';
import {
  nodeLabels,
  nodeManifest,
  nodeStatus,
  type NodeSpec,
} from '../../../src/devcluster/node-agent/node-object.ts';

const nvidia: NodeSpec = {
  name: 'rack-a',
  vendor: 'NVIDIA',
  product: 'NVIDIA-H100-80GB-HBM3',
  gpus: 8,
  memoryMiB: 81_559,
  cpu: '32',
  memory: '128Gi',
  labels: { zone: 'cellar' },
};
const amd: NodeSpec = {
  ...nvidia,
  vendor: 'AMD',
  product: 'AMD_Instinct_MI300X_OAM',
  memoryMiB: 196_608,
  gpus: 2,
};
const now = Date.UTC(2026, 0, 1);

describe('node object', () => {
  it('has the labels of GPU feature discovery, and its own', () => {
    const labels = nodeLabels(nvidia);

    assert.equal(labels['nvidia.com/gpu.product'], 'NVIDIA-H100-80GB-HBM3');
    assert.equal(labels['nvidia.com/gpu.count'], '8');
    assert.equal(labels['nvidia.com/gpu.memory'], '81559');
    assert.equal(labels['zone'], 'cellar');
    assert.equal(nodeManifest(nvidia).metadata.labels?.['kubernetes.io/hostname'], 'rack-a');
  });

  it('has the labels of the AMD node labeller', () => {
    const labels = nodeLabels(amd);

    assert.equal(labels['amd.com/gpu.product-name'], 'AMD_Instinct_MI300X_OAM');
    assert.equal(labels['amd.com/gpu.vram'], '192G');
    assert.ok(!Object.keys(labels).some((key) => key.startsWith('nvidia.com/')));
  });

  it('has no GPU label and no GPU resource without a GPU', () => {
    const bare = { ...nvidia, gpus: 0 };

    assert.ok(!Object.keys(nodeLabels(bare)).some((key) => key.includes('gpu')));
    assert.equal(nodeStatus(bare, { port: 1, now, previous: [] }).capacity?.['nvidia.com/gpu'], undefined);
  });

  it('offers its GPUs under the resource of the vendor', () => {
    const input = { port: 10_250, now, previous: [] };

    assert.equal(nodeStatus(nvidia, input).allocatable?.['nvidia.com/gpu'], '8');
    assert.equal(nodeStatus(amd, input).allocatable?.['amd.com/gpu'], '2');
    assert.equal(nodeStatus(nvidia, input).daemonEndpoints?.kubeletEndpoint?.Port, 10_250);
  });

  it('beats with every status, but moves a transition time only with its condition', () => {
    const first = nodeStatus(nvidia, { port: 1, now, previous: [] });
    const lost = (first.conditions ?? []).map((one) =>
      one.type === 'Ready'
        ? { ...one, status: 'Unknown' as const, lastTransitionTime: '2026-01-01T00:00:30Z' }
        : one,
    );
    const foreign = { type: 'GpuHealthy', status: 'True' as const };

    const again = nodeStatus(nvidia, { port: 1, now: now + 60_000, previous: [...lost, foreign] });

    const byType = Object.fromEntries((again.conditions ?? []).map((one) => [one.type, one]));
    assert.equal(byType['Ready']?.status, 'True');
    assert.equal(byType['Ready'].lastTransitionTime, '2026-01-01T00:01:00Z');
    assert.equal(byType['DiskPressure']?.lastTransitionTime, '2026-01-01T00:00:00Z');
    assert.equal(byType['DiskPressure'].lastHeartbeatTime, '2026-01-01T00:01:00Z');
    assert.deepEqual(byType['GpuHealthy'], foreign);
  });
});
