import assert from 'node:assert/strict';
import type { Express } from 'express';
import { Gauge, Registry } from 'prom-client';
import { listen } from '../../src/web/listen.ts';
import { metricsApp } from '../../src/web/metrics-app.ts';
import { probeApp } from '../../src/web/probe-app.ts';

function failing(): never {
  throw new Error('the cache is broken');
}

describe('a handler that fails', () => {
  const registry = new Registry();
  new Gauge({ name: 'broken', help: 'Fails.', registers: [registry], collect: failing });
  const cases: { path: string; app: Express }[] = [
    { path: '/metrics', app: metricsApp(registry) },
    { path: '/livez', app: probeApp({ live: failing, ready: () => [] }) },
    { path: '/readyz', app: probeApp({ live: () => [], ready: failing }) },
  ];
  for (const { path, app } of cases) {
    it(`answers ${path} with one line and no stack`, async () => {
      const server = await listen({ host: '127.0.0.1', port: 0, app, flag: '--some-address' });
      try {
        const answer = await fetch(`http://127.0.0.1:${server.port}${path}`);
        assert.equal(answer.status, 500);
        assert.equal(await answer.text(), `500: ${path} failed: the cache is broken\n`);
      } finally {
        await server.close();
      }
    });
  }
});
