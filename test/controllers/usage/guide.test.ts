import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { UsageSource } from '../../../src/api/usage-source.ts';
import { clusterUsageMetrics } from '../../../src/controllers/usage/cluster-metrics.ts';
import { poolUsageMetrics } from '../../../src/controllers/usage/pool-metrics.ts';
import { usageWorld } from '../../support/usage-world.ts';

describe('docs/guides/usage.md', () => {
  const page = readFileSync(new URL('../../../docs/guides/usage.md', import.meta.url), 'utf8');

  it('lists every metric of pools and clusters with its labels, and no other', () => {
    const listed = [...page.matchAll(/^\| `(headframe_\w+)` +\| ([a-z, ]*?) *\|/gm)].map(
      ([, name, labels]) => `${name}: ${labels}`,
    );
    const { usage } = usageWorld();
    const own = ['namespace', 'pool', 'cluster'];
    const there = [...poolUsageMetrics(usage), ...clusterUsageMetrics(usage)].map(({ name, labelNames }) => {
      const more = labelNames.filter(
        (label) => !own.includes(label) || (name.startsWith('headframe_pool') && label === 'cluster'),
      );
      return `${name}: ${more.join(', ')}`;
    });
    assert.deepEqual(listed.sort(), there.sort());
  });

  it('has examples that the schema allows', () => {
    const examples = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, text = '']) => {
      const { spec } = parse(text) as { spec: { usage: unknown } };
      return UsageSource.parse(spec.usage);
    });
    assert.deepEqual(
      examples.map(({ source }) => source),
      ['Exporters', 'Prometheus'],
    );
    const { exporters } = UsageSource.parse({});
    const [first] = examples;
    assert.deepEqual(first?.exporters, { ...exporters, namespace: 'gpu-operator' });
  });
});
