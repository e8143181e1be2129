import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import { fixedConnection } from '../../src/kube/connection.ts';
import type { Connection, TlsMaterial } from '../../src/kube/connection.ts';
import { ApiError } from '../../src/kube/errors.ts';
import { kubeMetrics } from '../../src/kube/metrics.ts';
import { createTransport } from '../../src/kube/transport.ts';
import type { HttpRequest, Transport, TransportOptions } from '../../src/kube/transport.ts';
import { selfSignedCertificate } from '../../src/devcluster/tls/self-signed-certificate.ts';
import { canary } from '../support/canaries.ts';
import { eventually } from '../support/eventually.ts';
import { manualClock, settle } from '../support/manual-clock.ts';
import type { ManualClock } from '../support/manual-clock.ts';
import {
  answerJson,
  answerStatus,
  openWatch,
  startScriptedApiServer,
} from '../support/scripted-api-server.ts';
import type { ScriptedApiServer } from '../support/scripted-api-server.ts';

const read: HttpRequest = { method: 'GET', path: '/version' };
const TOKEN = canary('a token', 'hunter2-very-secret');

describe('createTransport', () => {
  let server: ScriptedApiServer;
  let clock: ManualClock;
  const transports: Transport[] = [];

  beforeEach(async () => {
    server = await startScriptedApiServer((_request, response) => answerJson(response, { ok: true }));
    clock = manualClock();
  });
  afterEach(async () => {
    transports.splice(0).forEach((transport) => transport.close());
    await server.close();
    assert.equal(clock.pending(), 0, 'a timer was left behind');
  });

  function open(
    connection: Connection = fixedConnection(server.url),
    options: Partial<TransportOptions> = {},
  ): Transport {
    const transport = createTransport(connection, { clock, ...options });
    transports.push(transport);
    return transport;
  }

  it('sends the identity, and finds a server that lives under a path', async () => {
    const connection = fixedConnection(`${server.url.origin}/k8s/clusters/c-1/`, {
      headers: { Authorization: `Bearer ${TOKEN}` },
    });
    const answer = await open(connection).request({ ...read, headers: { 'X-Extra': '1' } });
    assert.deepEqual([answer.status, answer.body], [200, '{"ok":true}']);
    const [request] = server.requests;
    assert.equal(request?.path, '/k8s/clusters/c-1/version');
    assert.equal(request.headers.authorization, `Bearer ${TOKEN}`);
    assert.equal(request.headers.accept, 'application/json');
    assert.equal(request.headers['x-extra'], '1');
    assert.equal(request.headers.connection, 'keep-alive');
  });

  it('uses one connection for many requests in turn', async () => {
    const transport = open();
    for (let turn = 0; turn < 50; turn++) {
      await transport.request(read);
    }
    assert.equal(server.connections, 1);
  });

  it('opens no more sockets for requests than it may, and serves all of them', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning);
    process.on('warning', onWarning);
    const transport = open(undefined, { maxSockets: 3 });
    const { signal } = new AbortController();
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => transport.request({ ...read, signal })),
    );
    await settle();
    process.off('warning', onWarning);
    assert.deepEqual(warnings, []);
    assert.equal(answers.length, 30);
    assert.equal(server.connections, 3);
  });

  it("keeps watches, requests and leases out of each other's way", async () => {
    server.answer((request, response) => {
      if (request.path === '/watch') {
        openWatch(response);
      } else if (request.path !== '/slow') {
        answerJson(response, {});
      }
    });
    const transport = open(undefined, { maxSockets: 2 });
    const watches = await Promise.all(
      Array.from({ length: 5 }, () => transport.stream({ method: 'GET', path: '/watch', lane: 'watches' })),
    );
    await transport.request(read);
    const slow = [1, 2].map(() => transport.request({ method: 'GET', path: '/slow' }).catch(() => undefined));
    await eventually(() => server.requests.length === 8);
    await transport.request({ ...read, lane: 'leases' });
    watches.forEach(({ body }) => body.destroy());
    transport.close();
    await Promise.all(slow);
  });

  describe('on a pooled connection that the server has closed meanwhile', () => {
    /** Serves one request, then cuts the connection as soon as the next one arrives on it. */
    async function staleTransport(method: HttpRequest['method']): Promise<{ answer: Promise<unknown> }> {
      const transport = open();
      await transport.request(read);
      let cut = false;
      server.answer((_request, response) => {
        if (cut) {
          answerJson(response, { ok: true });
        } else {
          cut = true;
          response.socket?.destroy();
        }
      });
      return {
        answer: transport.request({ method, path: '/object', ...(method === 'GET' ? {} : { body: '{}' }) }),
      };
    }
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE'] as const) {
      it(`sends a ${method} again`, async () => {
        const { answer } = await staleTransport(method);
        await answer;
        assert.equal(server.connections, 2);
      });
    }

    it('does not send a POST again: it may have been done', async () => {
      const { answer } = await staleTransport('POST');
      await assert.rejects(answer, { code: 0, reason: 'ConnectionFailed' });
      assert.equal(server.requests.filter(({ method }) => method === 'POST').length, 1);
    });

    it('gives up when fresh connections are cut as well', async () => {
      const transport = open();
      await transport.request(read);
      server.answer((_request, response) => void response.socket?.destroy());
      await assert.rejects(transport.request(read), { code: 0, reason: 'ConnectionFailed' });
    });

    it('uses up all stale sockets of the pool and one more', async () => {
      const transport = open();
      await Promise.all([1, 2, 3, 4].map(() => transport.request(read)));
      let cuts = 0;
      server.answer((_request, response) => {
        if (cuts++ < 4) {
          response.socket?.destroy();
        } else {
          answerJson(response, {});
        }
      });
      assert.equal((await transport.request(read)).status, 200);
    });
  });

  describe('when the credentials are refused', () => {
    /** A connection whose token is `old` until it is refreshed. */
    function expiring(): { connection: Connection; refreshed: () => number } {
      let token = 'old';
      let refreshed = 0;
      const connection: Connection = {
        ...fixedConnection(server.url),
        headers: () => Promise.resolve({ Authorization: `Bearer ${token}` }),
        refresh() {
          refreshed++;
          token = 'new';
          return Promise.resolve();
        },
      };
      return { connection, refreshed: () => refreshed };
    }

    it('refreshes them once and sends the request again', async () => {
      server.answer((request, response) =>
        request.headers.authorization === 'Bearer new'
          ? answerJson(response, { ok: true })
          : answerStatus(response, { code: 401 }),
      );
      const { connection, refreshed } = expiring();
      const transport = open(connection);
      assert.equal((await transport.request({ method: 'POST', path: '/x', body: '{}' })).status, 200);
      const { body } = await transport.stream({ ...read, lane: 'watches' });
      body.destroy();
      assert.equal(refreshed(), 1);
      assert.equal(server.requests[1]?.body, '{}');
    });

    it('passes a second refusal on', async () => {
      server.answer((_request, response) => answerStatus(response, { code: 401, reason: 'Unauthorized' }));
      const { connection, refreshed } = expiring();
      const transport = open(connection);
      assert.equal((await transport.request(read)).status, 401);
      assert.equal(refreshed(), 1);
      await assert.rejects(transport.stream(read), { code: 401, reason: 'Unauthorized' });
    });

    it('says why they cannot be refreshed', async () => {
      server.answer((_request, response) => answerStatus(response, { code: 401 }));
      const refresh = (): Promise<void> => Promise.reject(new Error('the plugin is not installed'));
      await assert.rejects(
        open({ ...fixedConnection(server.url), refresh }).request(read),
        /plugin is not installed/,
      );
    });
  });

  describe('time', () => {
    it('ends a request that gets no answer', async () => {
      server.answer(() => undefined);
      const request = assert.rejects(open(undefined, { requestTimeoutMs: 5000 }).request(read), {
        code: 0,
        reason: 'Timeout',
        message: `the API server at 127.0.0.1:${server.url.port} did not answer within 5 s`,
      });
      await eventually(() => server.requests.length === 1);
      await clock.advance(5000);
      await request;
      await eventually(() => server.openAnswers === 0);
    });

    it('ends a request whose answer stops half way', async () => {
      server.answer((_request, response) => void response.writeHead(200).write('{"items":['));
      const request = assert.rejects(open().request(read), { reason: 'Timeout' });
      await eventually(() => server.requests.length === 1);
      await clock.advance(30_000);
      await request;
    });

    it('ends one that waits for its credentials', async () => {
      const headers = (): Promise<never> => new Promise(() => undefined);
      const request = assert.rejects(open({ ...fixedConnection(server.url), headers }).request(read), {
        reason: 'Timeout',
      });
      await clock.advance(30_000);
      await request;
    });

    it('does not limit a stream that has begun', async () => {
      server.answer((_request, response) => openWatch(response).raw('x\n'));
      const { body } = await open().stream({ ...read, lane: 'watches' });
      assert.equal(clock.pending(), 0);
      body.destroy();
    });
  });

  describe('giving up', () => {
    it('ends a request under way', async () => {
      server.answer(() => undefined);
      const stop = new AbortController();
      const request = assert.rejects(open().request({ ...read, signal: stop.signal }), {
        code: 0,
        reason: 'Aborted',
      });
      await eventually(() => server.requests.length === 1);
      stop.abort();
      await request;
      await eventually(() => server.openAnswers === 0);
    });

    it('sends nothing when it was given up before', async () => {
      await assert.rejects(open().request({ ...read, signal: AbortSignal.abort() }), { reason: 'Aborted' });
      assert.equal(server.requests.length, 0);
    });

    it('ends a stream in the middle', async () => {
      server.answer((_request, response) => openWatch(response).raw('x\n'));
      const stop = new AbortController();
      const { body } = await open().stream({ ...read, signal: stop.signal });
      const reading = assert.rejects(
        async () => {
          for await (const _chunk of body) {
            stop.abort();
          }
        },
        (error) => error instanceof ApiError && error.reason === 'Aborted',
      );
      await reading;
      await eventually(() => server.openAnswers === 0);
    });

    it('of the whole transport cuts everything, now and later', async () => {
      server.answer((_request, response) => void openWatch(response));
      const transport = open();
      const { body } = await transport.stream({ ...read, lane: 'watches' });
      const request = assert.rejects(transport.request(read), { reason: 'Aborted' });
      await eventually(() => server.requests.length === 2);
      transport.close();
      await request;
      await eventually(() => body.destroyed && server.openAnswers === 0);
      await assert.rejects(transport.request(read), { reason: 'Aborted' });
      assert.equal(server.requests.length, 2);
    });
  });

  describe('says in plain words', () => {
    async function closedPort(): Promise<number> {
      const listener = createServer();
      await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
      const { port } = listener.address() as AddressInfo;
      await new Promise((resolve) => listener.close(resolve));
      return port;
    }

    async function failure(url: string, tls: TlsMaterial = {}): Promise<ApiError> {
      const connection = fixedConnection(url, { tls, headers: { Authorization: `Bearer ${TOKEN}` } });
      const error: unknown = await open(connection)
        .request(read)
        .then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
      assert.ok(error instanceof ApiError);
      assert.equal(error.code, 0);
      assert.equal(error.reason, 'ConnectionFailed');
      assert.ok(!JSON.stringify([error.message, String(error.cause)]).includes(TOKEN));
      return error;
    }

    it('that nothing listens', async () => {
      const port = await closedPort();
      assert.equal(
        (await failure(`https://127.0.0.1:${port}`)).message,
        `cannot speak with the API server at 127.0.0.1:${port}: nothing listens there (ECONNREFUSED)`,
      );
    });

    it('that there is no such host', async () => {
      const { message } = await failure('https://no-such-host.invalid');
      assert.match(
        message,
        /^cannot speak with the API server at no-such-host\.invalid:443: .*(ENOTFOUND|EAI_AGAIN)/,
      );
    });

    it('that the server speaks no TLS', async () => {
      const { message } = await failure(`https://127.0.0.1:${server.url.port}`);
      assert.match(message, /TLS could not be agreed on/);
    });

    it('that a character in the credentials cannot be sent', async () => {
      const connection = fixedConnection(server.url, { headers: { Authorization: `Bearer ${TOKEN}\n` } });
      await assert.rejects(open(connection).request(read), (error: ApiError) => {
        assert.match(error.message, /the credentials hold characters/);
        return !error.message.includes(TOKEN);
      });
    });

    describe('about certificates', () => {
      const good = selfSignedCertificate({
        commonName: 'api',
        addresses: ['127.0.0.1'],
        usage: 'server',
        now: Date.now(),
      });
      const other = selfSignedCertificate({
        commonName: 'other',
        addresses: ['127.0.0.1'],
        usage: 'server',
        now: Date.now(),
      });
      const elsewhere = selfSignedCertificate({
        commonName: 'api',
        dnsNames: ['example.org'],
        usage: 'server',
        now: Date.now(),
      });
      const expired = selfSignedCertificate({
        commonName: 'api',
        addresses: ['127.0.0.1'],
        usage: 'server',
        now: Date.UTC(2020, 0, 1),
      });
      let secure: ScriptedApiServer;

      async function serve({ certificate, key }: { certificate: string; key: string }): Promise<string> {
        secure = await startScriptedApiServer((_request, response) => answerJson(response, {}), {
          cert: certificate,
          key,
        });
        return secure.url.origin;
      }
      afterEach(() => secure.close());

      it('accepts one of the configured authority, or of another name when told so', async () => {
        const url = await serve(good);
        assert.equal(
          (await open(fixedConnection(url, { tls: { ca: good.certificate } })).request(read)).status,
          200,
        );
        await secure.close();
        const named = await serve(elsewhere);
        const tls = { ca: elsewhere.certificate, servername: 'example.org' };
        assert.equal((await open(fixedConnection(named, { tls })).request(read)).status, 200);
      });

      it('accepts any when told not to look', async () => {
        const url = await serve(expired);
        assert.equal(
          (await open(fixedConnection(url, { tls: { rejectUnauthorized: false } })).request(read)).status,
          200,
        );
      });

      it('refuses one of another authority', async () => {
        const { message } = await failure(await serve(good), { ca: other.certificate });
        assert.match(message, /configured authority \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/);
      });

      it('refuses one that has expired', async () => {
        const { message } = await failure(await serve(expired), { ca: expired.certificate });
        assert.match(message, /the server's certificate has expired \(CERT_HAS_EXPIRED\)$/);
      });

      it('refuses one of another host', async () => {
        const { message } = await failure(await serve(elsewhere), { ca: elsewhere.certificate });
        assert.match(message, /is for another host name \(ERR_TLS_CERT_ALTNAME_INVALID\)$/);
      });

      it('opens new connections when the material has changed', async () => {
        const url = await serve(good);
        let tls: TlsMaterial = { ca: good.certificate };
        const transport = open({
          ...fixedConnection(url),
          get tls() {
            return tls;
          },
        });
        await transport.request(read);
        await transport.request(read);
        assert.equal(secure.connections, 1);
        tls = { ca: [good.certificate, other.certificate].join('\n') };
        await transport.request(read);
        assert.equal(secure.connections, 2);
      });
    });
  });

  it('counts and times requests by status, method and host', async () => {
    const registry = new Registry();
    const transport = open(undefined, { metrics: kubeMetrics(registry) });
    await transport.request(read);
    server.answer((_request, response) => answerStatus(response, { code: 404 }));
    await transport.request({ method: 'DELETE', path: '/x' });
    await assert.rejects(transport.stream(read));
    server.answer((_request, response) => void response.socket?.destroy());
    await assert.rejects(transport.request({ method: 'POST', path: '/x' }));

    const host = `127.0.0.1:${server.url.port}`;
    const text = await registry.metrics();
    for (const [code, method] of [
      ['200', 'GET'],
      ['404', 'DELETE'],
      ['404', 'GET'],
      ['<error>', 'POST'],
    ]) {
      assert.ok(
        text.includes(`rest_client_requests_total{code="${code}",method="${method}",host="${host}"} 1`),
        code,
      );
    }
    assert.ok(text.includes(`rest_client_request_duration_seconds_count{verb="GET",host="${host}"} 2`));
  });
});
