import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type ComputeCluster, ComputeClusterSpec } from '../../../src/api/compute-cluster.ts';
import { findCondition } from '../../../src/api/conditions.ts';
import { createCatalogue } from '../../../src/compute/gpu-catalogue.ts';
import { nodeGpus } from '../../../src/compute/node-gpus.ts';
import { assess } from '../../../src/controllers/fleet/assess.ts';
import { statusOf } from '../../../src/controllers/computecluster/status.ts';
import { gpuNode } from '../../support/pool-objects.ts';

describe('docs/guides/clusters.md', () => {
  const page = readFileSync(new URL('../../../docs/guides/clusters.md', import.meta.url), 'utf8');
  const [, example = ''] = /```yaml\n([^]*?)```/.exec(page) ?? [];
  const { metadata, ...written } = parse(example) as ComputeCluster;
  const cluster: ComputeCluster = {
    ...written,
    metadata: { ...metadata, uid: 'u', resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: ComputeClusterSpec.parse(written.spec),
  };

  it('has an example that can be followed, and is open at night and at the weekend', () => {
    const node = gpuNode('n', {
      labels: { pool: 'shared', 'nvidia.com/gpu.product': 'NVIDIA-A100-SXM4-80GB' },
    });
    const gpus = nodeGpus(node, createCatalogue(cluster.spec.gpuModels));
    assert.ok(gpus);
    const at = (moment: string): string => {
      const now = Date.parse(moment);
      const observed = { cluster, nodes: [node], usages: [{ gpus, allocated: 1 }] };
      const { conditions, totals } = statusOf(cluster, assess(observed, now), now);
      assert.equal(findCondition(conditions, 'Ready')?.status, 'True');
      assert.equal(findCondition(conditions, 'PricesKnown')?.status, 'True');
      return `${totals.freeForGuests} free: ${findCondition(conditions, 'OpenToGuests')?.message ?? ''}`;
    };

    // A quarter of eight is two, of which the owner uses one.
    assert.deepEqual(
      [at('2026-01-07T12:00:00Z'), at('2026-01-07T20:00:00Z'), at('2026-01-10T12:00:00Z')],
      [
        '0 free: it opens at 2026-01-07T17:00:00Z',
        '6 free: it closes at 2026-01-08T07:00:00Z',
        '6 free: it closes at 2026-01-12T07:00:00Z',
      ],
    );
  });
});

describe('docs/guides/giving-back.md', () => {
  it('has an example of which every field is known', () => {
    const page = readFileSync(new URL('../../../docs/guides/giving-back.md', import.meta.url), 'utf8');
    const [, example = ''] = /```yaml\n([^]*?)```/.exec(page) ?? [];
    const { spec } = parse(example) as { spec: Record<string, Record<string, unknown>> };
    const known: Record<string, unknown> = ComputeClusterSpec.parse(spec);
    assert.deepEqual(Object.fromEntries(Object.keys(spec).map((field) => [field, known[field]])), spec);
  });
});
