import assert from 'node:assert/strict';
import { Counter, Registry } from 'prom-client';
import { ListenError, listen, type Listening } from '../../src/web/listen.ts';
import { metricsApp } from '../../src/web/metrics-app.ts';
import { probeApp } from '../../src/web/probe-app.ts';

describe('web', () => {
  const open: Listening[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((server) => server.close()));
  });

  async function start(app: Parameters<typeof listen>[0]['app'], port = 0): Promise<Listening> {
    const server = await listen({ host: '127.0.0.1', port, app, flag: '--some-address' });
    open.push(server);
    return server;
  }

  it('serves metrics in the text format, and nothing else', async () => {
    const registry = new Registry();
    new Counter({ name: 'work_total', help: 'Work.', registers: [registry] }).inc(3);
    const { port } = await start(metricsApp(registry));

    const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
    const other = await fetch(`http://127.0.0.1:${port}/secrets`);

    assert.equal(answer.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
    assert.equal(answer.headers.get('x-powered-by'), null);
    assert.match(await answer.text(), /^work_total 3$/m);
    assert.equal(other.status, 404);
    assert.equal(await other.text(), '404: there is no /secrets here\n');
  });

  it('says ok, or why not', async () => {
    const { port } = await start(
      probeApp({ live: () => [], ready: () => ['MinerPool: not synced', 'no lease'] }),
    );

    const live = await fetch(`http://127.0.0.1:${port}/livez`);
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`);

    assert.deepEqual([live.status, await live.text()], [200, 'ok\n']);
    assert.deepEqual([ready.status, await ready.text()], [503, 'MinerPool: not synced\nno lease\n']);
  });

  it('says which flag to change when the port is taken', async () => {
    const { port } = await start(probeApp({ live: () => [], ready: () => [] }));

    await assert.rejects(
      start(probeApp({ live: () => [], ready: () => [] }), port),
      (error: unknown) =>
        error instanceof ListenError &&
        error.message ===
          `127.0.0.1:${port} is already in use by another program; choose another with --some-address`,
    );
  });

  it('says so when the address is not of this machine', async () => {
    const app = probeApp({ live: () => [], ready: () => [] });

    await assert.rejects(
      listen({ host: '192.0.2.1', port: 0, app, flag: '--some-address' }),
      /192\.0\.2\.1:0 is not an address of this machine; choose another with --some-address/,
    );
  });
});
