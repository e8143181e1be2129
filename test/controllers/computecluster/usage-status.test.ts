import assert from 'node:assert/strict';
import { ComputeClusterStatus } from '../../../src/api/compute-cluster-status.ts';
import { condition } from '../../../src/api/conditions.ts';
import { performanceOf } from '../../../src/compute/usage/performance.ts';
import type { ClusterUsage } from '../../../src/controllers/boards/cluster-usage.ts';
import { withUsage } from '../../../src/controllers/computecluster/usage-status.ts';
import { usageCluster } from '../../support/usage-world.ts';

const NOW = Date.UTC(2026, 0, 2);

describe('controllers/computecluster/usage-status', () => {
  const bare = ComputeClusterStatus.parse({});
  const usage: ClusterUsage = {
    busy: performanceOf(16),
    delivered: performanceOf(8),
    statements: [condition('UsageKnown', true, 'UsageMeasured')],
    xidErrors: [],
  };
  const line = { v100Equivalents: 40, allocatable: 16, guests: 4, freeForGuests: 8 };
  const lines = [line] as unknown as Parameters<typeof withUsage>[2]['lines'];

  it('adds figures and conditions; pledged is what guests hold or may take', () => {
    const status = withUsage(bare, usageCluster('local'), { usage, lines }, NOW);
    assert.deepEqual(status.performance, {
      pledged: { petaflops: '3.75', v100Equivalents: '30' },
      busy: { petaflops: '2', v100Equivalents: '16' },
      delivered: { petaflops: '1', v100Equivalents: '8' },
    });
    assert.deepEqual(
      status.conditions.map(({ type }) => type),
      ['UsageKnown'],
    );
    assert.equal(ComputeClusterStatus.safeParse(status).error, undefined);
  });

  it('leaves what is written as long as nothing is known, and takes it away when nothing can be', () => {
    const written = withUsage(bare, usageCluster('local'), { usage, lines }, NOW);
    const cluster = usageCluster('local', {}, written);
    assert.deepEqual(withUsage(bare, cluster, { usage: undefined, lines }, NOW + 1), written);

    const blind: ClusterUsage = { ...usage, busy: undefined, delivered: undefined };
    assert.equal(withUsage(bare, cluster, { usage: blind, lines }, NOW).performance, undefined);
  });
});
