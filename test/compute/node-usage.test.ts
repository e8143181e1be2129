import assert from 'node:assert/strict';
import type { Pod } from '../../src/api/builtin.ts';
import { usageOf } from '../../src/compute/node-usage.ts';
import { nodeGpus } from '../../src/compute/node-gpus.ts';
import { gpuNode, poolPod } from '../support/pool-objects.ts';

/** A pod with GPUs, of whoever the labels say. */
function pod(gpus: number, labels: Record<string, string>): Pod {
  const plain = poolPod({ ordinal: 0, revision: 'r', node: 'n', gpus });
  return { ...plain, metadata: { ...plain.metadata, labels } };
}

describe('compute/node-usage', () => {
  it('tells the GPUs of Headframe’s pods, of leases and of everybody else', () => {
    const gpus = nodeGpus(gpuNode('n'));
    assert.ok(gpus);
    const { allocated, guests, leased } = usageOf(gpus, [
      pod(1, { 'app.kubernetes.io/managed-by': 'headframe', 'headframe.dev/pool': 'p' }),
      pod(2, { 'akash.network': 'true', 'akash.network/manifest-service': 'web' }),
      pod(3, { app: 'training' }),
      pod(1, { 'app.kubernetes.io/managed-by': 'Helm' }),
    ]);

    assert.deepEqual({ allocated, guests, leased }, { allocated: 7, guests: 1, leased: 2 });
  });

  it('counts nobody’s pod twice', () => {
    const gpus = nodeGpus(gpuNode('n'));
    assert.ok(gpus);
    const both = pod(2, { 'app.kubernetes.io/managed-by': 'headframe', 'akash.network': 'true' });

    assert.deepEqual(usageOf(gpus, [both]), { gpus, allocated: 2, guests: 2, leased: 0 });
  });
});
