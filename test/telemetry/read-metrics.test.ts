import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { samplesOfText } from '../../src/compute/usage/dcgm-samples.ts';
import { selfSignedCertificate } from '../../src/devcluster/tls/self-signed-certificate.ts';
import { ReadMetricsError, readMetricsText } from '../../src/telemetry/read-metrics.ts';
import type { ReadMetricsOptions } from '../../src/telemetry/read-metrics.ts';
import { systemClock } from '../../src/time/clock.ts';
import { canary } from '../support/canaries.ts';
import { eventually } from '../support/eventually.ts';
import { manualClock, settle } from '../support/manual-clock.ts';
import type { ManualClock } from '../support/manual-clock.ts';
import { startScriptedApiServer } from '../support/scripted-api-server.ts';
import type { ScriptedApiServer } from '../support/scripted-api-server.ts';

const TEXT = 'DCGM_FI_PROF_GR_ENGINE_ACTIVE{gpu="0",UUID="GPU-1"} 0.5\n';
const SECRET = canary('the token for metrics', 'hunter2-very-secret');

describe('readMetricsText', () => {
  let server: ScriptedApiServer;
  let clock: ManualClock;
  const raw: Server[] = [];

  beforeEach(async () => {
    server = await startScriptedApiServer((_request, response) => void response.end(TEXT));
    clock = manualClock();
  });
  afterEach(async () => {
    assert.equal(clock.pending(), 0, 'a timer was left behind');
    await eventually(() => server.openAnswers === 0);
    await server.close();
    raw.splice(0).forEach((each) => each.close());
  });

  /** Everything that could leak is in the URL and the headers. */
  function read(options: Partial<ReadMetricsOptions> = {}, base: URL = server.url): Promise<string> {
    const url = new URL(`/metrics/${SECRET}?token=${SECRET}`, base);
    url.username = 'prometheus';
    url.password = SECRET;
    return readMetricsText(url, { clock, headers: { 'X-Token': SECRET }, ...options });
  }

  async function failure(reading: Promise<string>): Promise<ReadMetricsError> {
    const error: unknown = await reading.then(
      () => assert.fail('it was read'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof ReadMetricsError, String(error));
    assert.doesNotMatch(error.stack ?? '', new RegExp(SECRET));
    assert.match(error.message, /127\.0\.0\.1:\d+/);
    return error;
  }

  /** A server that writes these bytes to whoever connects, and then cuts the connection. */
  async function rawServer(bytes: string): Promise<URL> {
    const listening = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.write(bytes, () => socket.resetAndDestroy()));
    });
    raw.push(listening);
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    return new URL(`http://127.0.0.1:${(listening.address() as AddressInfo).port}`);
  }

  it('reads the text, with the credentials of the URL and the headers, asking for no compression', async () => {
    assert.equal(await read(), TEXT);

    const [request] = server.requests;
    assert.equal(request?.method, 'GET');
    assert.equal(request.path, `/metrics/${SECRET}`);
    assert.equal(request.query.get('token'), SECRET);
    assert.equal(request.headers['x-token'], SECRET);
    assert.equal(
      request.headers.authorization,
      `Basic ${Buffer.from(`prometheus:${SECRET}`).toString('base64')}`,
    );
    assert.equal(request.headers['accept-encoding'], undefined);
    assert.equal(request.headers.connection, 'close');
  });

  it('reads a text that comes in pieces that are cut within a character', async () => {
    const bytes = Buffer.from('# HELP x °C\nx 1\n');
    server.answer(async (_request, response) => {
      for (const byte of bytes) {
        response.write(Buffer.from([byte]));
        await settle();
      }
      response.end();
    });
    assert.equal(await read(), bytes.toString());
  });

  it('reads from a server whose certificate the given authority signed, and from no other', async () => {
    const { key, certificate } = selfSignedCertificate({
      commonName: 'exporter',
      addresses: ['127.0.0.1'],
      usage: 'server',
      now: Date.now(),
    });
    const secure = await startScriptedApiServer((_request, response) => void response.end(TEXT), {
      key,
      cert: certificate,
    });
    try {
      assert.equal(await read({ ca: certificate }, secure.url), TEXT);
      const error = await failure(read({}, secure.url));
      assert.equal(error.kind, 'ConnectionFailed');
      assert.match(error.message, /\(DEPTH_ZERO_SELF_SIGNED_CERT\)$/);
    } finally {
      await secure.close();
    }
  });

  it('gives up on an exporter that says nothing', async () => {
    server.answer(() => undefined);
    const reading = failure(read({ timeoutMs: 5000 }));
    await eventually(() => server.requests.length === 1);
    await clock.advance(5000);

    const error = await reading;
    assert.equal(error.kind, 'Timeout');
    assert.match(error.message, /did not answer in full within 5 s$/);
  });

  it('gives up on an exporter that never comes to an end, however often it says something', async () => {
    server.answer((_request, response) => void response.write('# HELP x\n'));
    const reading = failure(read());
    await eventually(() => server.requests.length === 1);
    await clock.advance(10_000);

    assert.equal((await reading).kind, 'Timeout');
  });

  for (const status of [204, 301, 307, 401, 404, 500, 503]) {
    it(`reports status ${status}, and asks nobody else`, async () => {
      server.answer((_request, response) => {
        response.writeHead(status, { Location: `/elsewhere/${SECRET}` });
        response.end(status === 204 ? undefined : SECRET.repeat(10_000));
      });
      const error = await failure(read());

      assert.deepEqual([error.kind, error.status], ['Status', status]);
      assert.equal(server.requests.length, 1);
      assert.equal(error.message.endsWith('; redirects are not followed'), status === 301 || status === 307);
    });
  }

  it('reads as many bytes as it may, not one more', async () => {
    assert.equal(await read({ maxBytes: TEXT.length }), TEXT);
    const error = await failure(read({ maxBytes: TEXT.length - 1 }));
    assert.equal(error.kind, 'TooLarge');
    assert.match(error.message, /sends more than 55 bytes$/);
  });

  it('hangs up on a body without end', async () => {
    server.answer((_request, response) => {
      const pour = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536))) {
          // Until the socket is full; `drain` goes on.
        }
      };
      response.on('drain', pour);
      pour();
    });
    assert.equal((await failure(read({ maxBytes: 1024 * 1024 }))).kind, 'TooLarge');
  });

  it('refuses a compressed text: it might unfold without bound', async () => {
    server.answer((_request, response) => {
      response.setHeader('Content-Encoding', 'gzip');
      response.end('bomb');
    });
    const error = await failure(read());
    assert.equal(error.kind, 'ConnectionFailed');
    assert.match(error.message, /compressed/);
  });

  const broken: [what: string, bytes: string, message: RegExp][] = [
    ['cuts the connection', '', /the connection failed \(ECONNRESET\)$/],
    ['cuts the connection within the head', 'HTTP/1.1 200 OK\r\nContent-', /\(ECONNRESET\)$/],
    [
      'cuts the connection within the body',
      'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx',
      /\(ECONNRESET\)$/,
    ],
    ['speaks no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n\r\n', /its answer is not HTTP \(HPE_INVALID_CONSTANT\)$/],
    [
      'has a head without end',
      `HTTP/1.1 200 OK\r\n${`X-Filler: ${SECRET.repeat(20)}\r\n`.repeat(200)}`,
      /its answer is not HTTP \(HPE_HEADER_OVERFLOW\)$/,
    ],
  ];
  for (const [what, bytes, message] of broken) {
    it(`reports a server that ${what}`, async () => {
      const error = await failure(read({}, await rawServer(bytes)));
      assert.equal(error.kind, 'ConnectionFailed');
      assert.match(error.message, message);
    });
  }

  it('reports that nothing listens', async () => {
    const gone = await rawServer('');
    await new Promise((resolve) => raw.pop()?.close(resolve));
    const error = await failure(read({}, gone));
    assert.deepEqual([error.kind, error.status], ['ConnectionFailed', 0]);
    assert.match(error.message, /\(ECONNREFUSED\)$/);
  });

  it('reports headers that cannot be, and protocols that are not HTTP', async () => {
    for (const reading of [
      read({ headers: { 'X-Token': `${SECRET}\n` } }),
      readMetricsText(new URL(`ftp://127.0.0.1:2121/${SECRET}`), { clock }),
    ]) {
      assert.equal((await failure(reading)).kind, 'ConnectionFailed');
    }
  });

  it('stops at once when the caller gives up', async () => {
    const caller = new AbortController();
    server.answer((_request, response) => void response.write('x'));
    const reading = failure(read({ signal: caller.signal }));
    await eventually(() => server.requests.length === 1);
    caller.abort();
    assert.equal((await reading).kind, 'Aborted');

    assert.equal((await failure(read({ signal: caller.signal }))).kind, 'Aborted');
    assert.equal(server.requests.length, 1);
  });

  it('leaves the reading of garbage to the reader', async () => {
    const garbage = Buffer.from([0xff, 0x00, 0xfe, 0x0a]);
    server.answer((_request, response) => void response.end(garbage));
    const text = await readMetricsText(server.url, { clock: systemClock });
    assert.throws(() => samplesOfText(text), { name: 'ReadingError', kind: 'Malformed' });
  });
});
