import type { RequestListener } from 'node:http';
import type { Registry } from 'prom-client';
import { pages } from './pages.ts';

/** GET /metrics in the text format of Prometheus. */
export function metricsApp(registry: Registry): RequestListener {
  return pages({
    '/metrics': async () => ({ status: 200, type: registry.contentType, text: await registry.metrics() }),
  });
}
