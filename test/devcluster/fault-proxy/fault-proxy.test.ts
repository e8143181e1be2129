import assert from 'node:assert/strict';
import { request as httpsRequest } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigMaps } from '../../../src/api/builtin.ts';
import {
  conflict,
  gone,
  internalError,
  tooManyRequests,
  unavailable,
  type Fault,
} from '../../../src/devcluster/fault-proxy/fault.ts';
import { startFaultProxy, type FaultProxy } from '../../../src/devcluster/fault-proxy/fault-proxy.ts';
import { selfSignedCertificate } from '../../../src/devcluster/tls/self-signed-certificate.ts';
import { kubeClient } from '../../../src/kube/client.ts';
import { fixedConnection } from '../../../src/kube/connection.ts';
import { loadConnection } from '../../../src/kube/kubeconfig.ts';
import { createTransport } from '../../../src/kube/transport.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { eventually } from '../../support/eventually.ts';
import {
  answerJson,
  openWatch,
  startScriptedApiServer,
  type ScriptedApiServer,
  type ScriptedWatch,
} from '../../support/scripted-api-server.ts';

const WATCH = '/api/v1/configmaps?watch=true&resourceVersion=1';
const ONE = '/api/v1/namespaces/lab/configmaps/a';

describe('the fault proxy', () => {
  let server: ScriptedApiServer;
  let proxy: FaultProxy;
  /** Watches that the server has opened. */
  let watches: ScriptedWatch[];

  beforeEach(async () => {
    watches = [];
    const pair = selfSignedCertificate({
      commonName: 'behind',
      addresses: ['127.0.0.1'],
      usage: 'server',
      now: Date.now(),
    });
    server = await startScriptedApiServer(
      (request, response) => {
        if (request.query.get('watch') === 'true') {
          watches.push(openWatch(response));
        } else {
          answerJson(response, { kind: 'ConfigMap', metadata: { name: 'a' }, method: request.method });
        }
      },
      { key: pair.key, cert: pair.certificate },
    );
    const target = fixedConnection(server.url, {
      tls: { ca: pair.certificate },
      headers: { Authorization: 'Bearer secret' },
    });
    proxy = await startFaultProxy({ target });
  });
  afterEach(async () => {
    await proxy.stop();
    await server.close();
  });

  interface Outcome {
    readonly status: number;
    readonly headers: IncomingMessage['headers'];
    readonly body: string;
    /** How the body broke off. */
    readonly error?: string;
  }

  function open(method: string, path: string, body?: string): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const request = httpsRequest(proxy.url + path, {
        method,
        ca: proxy.certificate,
        agent: false,
        headers: { authorization: 'Bearer mine', 'user-agent': 'test' },
      });
      request.on('response', resolve);
      request.on('error', reject);
      request.end(body);
    });
  }

  async function read(message: IncomingMessage): Promise<Outcome> {
    let body = '';
    let error: string | undefined;
    try {
      for await (const chunk of message) {
        body += String(chunk);
      }
    } catch (thrown) {
      error = (thrown as NodeJS.ErrnoException).code ?? String(thrown);
    }
    const { statusCode: status = 0, headers } = message;
    return { status, headers, body, ...(error === undefined ? {} : { error }) };
  }

  async function ask(method: string, path: string, body?: string): Promise<Outcome> {
    return read(await open(method, path, body));
  }

  function inject(fault: Fault): void {
    proxy.inject([{ name: 'the fault', fault }]);
  }

  const event = (name: string): string => JSON.stringify({ type: 'ADDED', object: { metadata: { name } } });

  it('passes requests on with credentials and body, answers with status and headers, and records them', async () => {
    server.answer((request, response) => {
      answerJson(response, { got: request.body }, { status: 201, headers: { 'Audit-Id': 'x' } });
    });
    const { status, headers, body } = await ask(
      'POST',
      '/api/v1/namespaces/lab/configmaps?dryRun=All',
      '{"a":1}',
    );

    assert.deepEqual([status, headers['audit-id'], body], [201, 'x', '{"got":"{\\"a\\":1}"}']);
    assert.equal(server.requests[0]?.headers.authorization, 'Bearer mine');
    assert.equal(server.requests[0].query.get('dryRun'), 'All');
    await eventually(() => proxy.record[0]?.endedAt !== undefined);
    const { at, answeredAt = 0, endedAt = 0, ...entry } = proxy.record[0]!;
    assert.ok(at <= answeredAt && answeredAt <= endedAt);
    assert.deepEqual(entry, {
      method: 'POST',
      path: '/api/v1/namespaces/lab/configmaps?dryRun=All',
      verb: 'create',
      resource: 'configmaps',
      subresource: undefined,
      namespace: 'lab',
      name: undefined,
      resumes: false,
      userAgent: 'test',
      rule: undefined,
      status: 201,
      reached: true,
    });
  });

  it('writes a kubeconfig that leads through it with the identity of its target', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'headframe-test-'));
    const file = join(folder, 'kubeconfig');
    await writeFile(file, proxy.kubeconfig);
    const transport = createTransport(await loadConnection({ kubeconfig: file }), { clock: systemClock });
    try {
      const object = await kubeClient(transport).get(ConfigMaps, { namespace: 'lab', name: 'a' });
      assert.equal(object.metadata.name, 'a');
      assert.equal(server.requests[0]?.headers.authorization, 'Bearer secret');
    } finally {
      transport.close();
      await rm(folder, { recursive: true });
    }
  });

  it('streams the events of a watch as they come, and hangs up on the server when the client does', async () => {
    const message = await open('GET', WATCH);
    await eventually(() => watches.length === 1);
    watches[0]!.raw(`${event('a')}\n`);
    const [chunk] = (await new Promise<Buffer[]>((resolve) => {
      message.once('data', (data: Buffer) => resolve([data]));
    })) as [Buffer];
    assert.equal(chunk.toString(), `${event('a')}\n`);
    assert.equal(proxy.record[0]?.endedAt, undefined);
    message.destroy();
    await eventually(() => server.openAnswers === 0);
    await eventually(() => proxy.record[0]?.endedAt !== undefined);
  });

  const answers: { name: string; fault: Fault; status: number; reason: string; reaches: boolean }[] = [
    { name: '410', fault: gone, status: 410, reason: 'Expired', reaches: false },
    { name: '409', fault: conflict, status: 409, reason: 'Conflict', reaches: false },
    { name: '429', fault: tooManyRequests(2), status: 429, reason: 'TooManyRequests', reaches: false },
    {
      name: '500 before',
      fault: internalError('before'),
      status: 500,
      reason: 'InternalError',
      reaches: false,
    },
    { name: '500 after', fault: internalError('after'), status: 500, reason: 'InternalError', reaches: true },
    {
      name: '503 after',
      fault: unavailable('after'),
      status: 503,
      reason: 'ServiceUnavailable',
      reaches: true,
    },
  ];
  for (const { name, fault, status, reason, reaches } of answers) {
    it(`${name} is answered as an API server words it; the request ${reaches ? 'has taken effect' : 'never arrives'}`, async () => {
      inject(fault);
      const outcome = await ask('DELETE', ONE);

      assert.equal(outcome.status, status);
      const body = JSON.parse(outcome.body) as Record<string, unknown>;
      assert.deepEqual([body['kind'], body['code'], body['reason']], ['Status', status, reason]);
      assert.equal(server.requests.length, reaches ? 1 : 0);
      assert.equal(proxy.record[0]?.rule, 'the fault');
      assert.equal(proxy.record[0].status, status);
      assert.equal(proxy.record[0].reached, reaches);
    });
  }

  it('429 says when to come again, in the header and in the details', async () => {
    inject(tooManyRequests(2));
    const { headers, body } = await ask('GET', ONE);
    assert.equal(headers['retry-after'], '2');
    assert.deepEqual((JSON.parse(body) as { details: unknown }).details, { retryAfterSeconds: 2 });
  });

  for (const when of ['before', 'after'] as const) {
    it(`a reset ${when} the server has acted`, async () => {
      inject({ kind: 'reset', when });
      await assert.rejects(ask('DELETE', ONE), { code: 'ECONNRESET' });
      assert.equal(server.requests.length, when === 'after' ? 1 : 0);
      assert.equal(proxy.record[0]?.status, 0);
    });
  }

  it('latency holds a request back', async () => {
    inject({ kind: 'latency', ms: 80, jitterMs: 20 });
    const start = performance.now();
    assert.equal((await ask('GET', ONE)).status, 200);
    assert.ok(performance.now() - start >= 79);
  });

  it('a trickle brings the whole answer, slowly', async () => {
    inject({ kind: 'trickle', bytesPerSecond: 400 });
    const start = performance.now();
    const { body } = await ask('GET', ONE);
    assert.equal((JSON.parse(body) as { method: string }).method, 'GET');
    assert.ok(performance.now() - start >= 50, 'some 60 bytes at 20 a drop');
  });

  it('a watch is dropped with a clean end', async () => {
    inject({ kind: 'drop', afterMs: 20, how: 'end' });
    const outcome = await ask('GET', WATCH);
    assert.deepEqual([outcome.status, outcome.body, outcome.error], [200, '', undefined]);
    await eventually(() => server.openAnswers === 0);
  });

  it('a watch is dropped with a reset', async () => {
    inject({ kind: 'drop', afterMs: 20, how: 'reset' });
    assert.equal((await ask('GET', WATCH)).error, 'ECONNRESET');
  });

  it('a half-open watch stays open and silent until the faults end', async () => {
    inject({ kind: 'stall', afterMs: 0 });
    const message = await open('GET', WATCH);
    const outcome = read(message);
    let ended = false;
    void outcome.then(() => (ended = true));
    await eventually(() => watches.length === 1 && server.openAnswers === 0);
    watches[0]!.raw(`${event('a')}\n`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(ended, false);
    await proxy.heal();
    assert.deepEqual([(await outcome).body, (await outcome).error], ['', 'ECONNRESET']);
  });

  it('a line of a watch is cut in its middle', async () => {
    inject({ kind: 'truncate', afterLines: 1 });
    const outcome = open('GET', WATCH).then(read);
    await eventually(() => watches.length === 1);
    watches[0]!.raw(`${event('a')}\n${event('b')}\n${event('c')}\n`);
    const { body, error } = await outcome;
    assert.equal(error, undefined);
    const [first, second, ...more] = body.split('\n');
    assert.equal(first, event('a'));
    assert.ok(second!.length > 0 && second!.length < event('b').length && event('b').startsWith(second!));
    assert.deepEqual(more, []);
  });

  it('an ERROR event ends a watch, between two lines', async () => {
    inject({ kind: 'expire', afterMs: 60 });
    const outcome = open('GET', WATCH).then(read);
    await eventually(() => watches.length === 1);
    watches[0]!.raw(`${event('a')}\n${event('b').slice(0, 9)}`);
    await new Promise((resolve) => setTimeout(resolve, 120));
    watches[0]!.raw(`${event('b').slice(9)}\n`);
    const lines = (await outcome).body.trimEnd().split('\n');
    assert.deepEqual(lines.slice(0, 2), [event('a'), event('b')]);
    const last = JSON.parse(lines[2]!) as { type: string; object: { code: number; reason: string } };
    assert.deepEqual([last.type, last.object.code, last.object.reason], ['ERROR', 410, 'Expired']);
  });

  it('refuses connections, and takes them again on the same port', async () => {
    const watch = read(await open('GET', WATCH));
    await proxy.refuse();
    assert.equal((await watch).error, 'ECONNRESET');
    await assert.rejects(ask('GET', ONE), { code: 'ECONNREFUSED' });
    await proxy.heal();
    assert.equal((await ask('GET', ONE)).status, 200);
  });

  it('an API server that is away looks like a reset connection', async () => {
    await server.close();
    await assert.rejects(ask('GET', ONE), { code: 'ECONNRESET' });
    assert.deepEqual([proxy.record[0]?.status, proxy.record[0]?.reached], [0, false]);
    server = await startScriptedApiServer(() => undefined);
  });

  it('heals', async () => {
    inject(internalError('before'));
    assert.equal((await ask('GET', ONE)).status, 500);
    await proxy.heal();
    assert.equal((await ask('GET', ONE)).status, 200);
    assert.equal(proxy.record[1]?.rule, undefined);
  });
});
