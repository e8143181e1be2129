import assert from 'node:assert/strict';
import { createRegistry } from '../../src/telemetry/metrics-registry.ts';

describe('metrics registry', () => {
  it('tells what is running and how the process fares', async () => {
    const text = await createRegistry({ version: '1.2.3' }).metrics();
    assert.match(
      text,
      new RegExp(`^headframe_build_info\\{version="1.2.3",node_version="${process.version}"\\} 1$`, 'm'),
    );
    for (const name of [
      'process_resident_memory_bytes',
      'process_cpu_seconds_total',
      'nodejs_eventloop_lag_p99_seconds',
    ]) {
      assert.match(text, new RegExp(`^${name} `, 'm'));
    }
  });
});
