import express, { type Express } from 'express';
import type { Registry } from 'prom-client';
import { notFound } from './not-found.ts';
import { serverError } from './server-error.ts';

/** GET /metrics in the text format of Prometheus. */
export function metricsApp(registry: Registry): Express {
  const app = express();
  app.disable('x-powered-by');
  app.get('/metrics', async (_request, response) => {
    response.type(registry.contentType).send(await registry.metrics());
  });
  app.use(notFound);
  app.use(serverError);
  return app;
}
