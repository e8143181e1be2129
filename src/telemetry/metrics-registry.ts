import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/**
 * A registry with the process's own metrics (`process_*`, `nodejs_*`: memory, CPU, garbage collection, event-loop lag) and
 * `headframe_build_info`. One per process: the process's metrics are the same in each.
 */
export function createRegistry({ version }: { readonly version: string }): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'headframe_build_info',
    help: 'Always 1; the labels say what is running.',
    labelNames: ['version', 'node_version'],
    registers: [registry],
  }).set({ version, node_version: process.version }, 1);
  return registry;
}
