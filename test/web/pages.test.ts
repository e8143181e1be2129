import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { Gauge, Registry } from 'prom-client';
import { listen, type Listening } from '../../src/web/listen.ts';
import { metricsApp } from '../../src/web/metrics-app.ts';
import { pages, plainPage } from '../../src/web/pages.ts';
import { probeApp } from '../../src/web/probe-app.ts';

function failing(): never {
  throw new Error('the cache is broken');
}

describe('a page that cannot be made', () => {
  const registry = new Registry();
  new Gauge({ name: 'broken', help: 'Fails.', registers: [registry], collect: failing });
  const cases: { path: string; app: RequestListener }[] = [
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

describe('pages', () => {
  const app = pages({ '/hello': () => plainPage(200, 'grüß dich\n') });
  let server: Listening;
  before(async () => {
    server = await listen({ host: '127.0.0.1', port: 0, app, flag: '--some-address' });
  });
  after(() => server.close());

  const cases: { title: string; method?: string; path: string; status: number; text: string }[] = [
    { title: 'shows a page', path: '/hello', status: 200, text: 'grüß dich\n' },
    { title: 'whatever the query says', path: '/hello?loud=1', status: 200, text: 'grüß dich\n' },
    { title: 'and with a slash at its end', path: '/hello/?loud=1', status: 200, text: 'grüß dich\n' },
    { title: 'sends HEAD no text', method: 'HEAD', path: '/hello', status: 200, text: '' },
    {
      title: 'says what may be asked of a page',
      method: 'POST',
      path: '/hello',
      status: 405,
      text: '405: /hello is there to GET\n',
    },
    { title: 'has no other page', path: '/bye?now', status: 404, text: '404: there is no /bye here\n' },
    {
      title: 'nor what every object has',
      path: '/constructor',
      status: 404,
      text: '404: there is no /constructor here\n',
    },
  ];
  for (const { title, method = 'GET', path, status, text } of cases) {
    it(title, async () => {
      const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, { method });
      assert.deepEqual([answer.status, await answer.text()], [status, text]);
      assert.equal(answer.headers.get('content-type'), 'text/plain; charset=utf-8');
      assert.equal(answer.headers.get('allow'), status === 405 ? 'GET, HEAD' : null);
    });
  }
});
