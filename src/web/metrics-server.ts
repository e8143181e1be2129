import type { Express } from 'express';
import type { Registry } from 'prom-client';
import type { Logger } from '../telemetry/logger.ts';
import { plainApp } from './plain-app.ts';

/** `GET /metrics`: the registry in Prometheus's text format. */
export function metricsApp(registry: Pick<Registry, 'metrics' | 'contentType'>, log: Logger): Express {
  return plainApp(log, (app) => {
    app.get('/metrics', async (_request, response) => {
      const text = await registry.metrics();
      response.setHeader('Content-Type', registry.contentType);
      response.end(text);
    });
  });
}
