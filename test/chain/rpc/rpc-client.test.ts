import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { rpcClient } from '../../../src/chain/rpc/rpc-client.ts';
import type { CompletedRequest, RpcClient, RpcClientOptions } from '../../../src/chain/rpc/rpc-client.ts';
import { RpcError, isEndpointFault } from '../../../src/chain/rpc/rpc-error.ts';
import type { RpcErrorKind } from '../../../src/chain/rpc/rpc-error.ts';
import { serialise } from '../../../src/telemetry/serialise.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { eventually } from '../../support/eventually.ts';
import { manualClock, settle } from '../../support/manual-clock.ts';
import type { Script } from '../../support/scripted-api-server.ts';
import { CANARY, answerJson, startRpcServer } from '../support/rpc-server.ts';
import type { RpcServer } from '../support/rpc-server.ts';

describe('JSON-RPC client', () => {
  let server: RpcServer;
  let client: RpcClient;
  let done: CompletedRequest[];

  beforeEach(async () => {
    server = await startRpcServer('primary', ({ method, params }) => ({ result: [method, params] }));
    done = [];
    client = open();
  });
  afterEach(async () => {
    client.close();
    await server.close();
  });

  function open(options: Partial<RpcClientOptions> = {}): RpcClient {
    return rpcClient(server.endpoint, { clock: systemClock, onDone: (each) => done.push(each), ...options });
  }

  async function failure(asking: Promise<unknown>): Promise<RpcError> {
    const error: unknown = await asking.then(
      () => assert.fail('it was answered'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof RpcError, String(error));
    for (const shown of [
      error.stack,
      inspect(error, { depth: 9, showHidden: true }),
      JSON.stringify(serialise(error)),
    ]) {
      assert.doesNotMatch(shown ?? '', new RegExp(CANARY));
      assert.doesNotMatch(shown ?? '', /v3/);
    }
    assert.match(error.message, /'primary'/);
    return error;
  }

  it('asks and is answered, over one connection', async () => {
    assert.deepEqual(await client.call('eth_call', [1]), ['eth_call', [1]]);
    assert.deepEqual(await client.call('eth_foo', []), ['eth_foo', []]);
    assert.equal(done.length, 2);
    assert.ok(done.every(({ calls, seconds }) => calls[0]?.error === undefined && seconds >= 0));
  });

  it('keeps the connections of a burst for the next', async () => {
    const burst = (): Promise<unknown> =>
      Promise.all(Array.from({ length: 20 }, () => client.call('eth_call', [])));

    await burst();
    const opened = server.connections;
    await burst();

    assert.equal(server.connections, opened);
  });

  it('sends a batch as one request, and sorts the answers', async () => {
    server.misbehave((request, response) => {
      const calls = JSON.parse(request.body) as { id: number; method: string }[];
      answerJson(
        response,
        calls.map(({ id, method }) => ({ jsonrpc: '2.0', id: String(id), result: method })).reverse(),
      );
    });
    const methods = ['a', 'b', 'c'];
    assert.deepEqual(
      await client.batch(methods.map((method) => ({ method, params: [] }))),
      methods.map((result) => ({ result })),
    );
    assert.equal(server.requests, 1);
    assert.deepEqual(await client.batch([]), []);
  });

  it('takes what there is of a batch that is answered in part', async () => {
    server.misbehave((_request, response) =>
      answerJson(response, [
        { jsonrpc: '2.0', id: 2, result: 'b' },
        { jsonrpc: '2.0', id: 3, error: { code: 3, message: 'execution reverted', data: '0x12' } },
      ]),
    );
    const outcomes = await client.batch(['a', 'b', 'c'].map((method) => ({ method, params: [] })));
    const kinds = outcomes.map((each) => ('error' in each ? each.error.kind : each.result));
    assert.deepEqual(kinds, ['MissingAnswer', 'b', 'NodeError']);
    assert.equal('error' in outcomes[2]! && outcomes[2].error.nodeError?.revertData, '0x12');
  });

  it('gives all of a batch the error of a server that refuses batches', async () => {
    server.misbehave((_request, response) =>
      answerJson(response, { jsonrpc: '2.0', id: null, error: { code: -32600, message: 'batch too large' } }),
    );
    const outcomes = await client.batch([
      { method: 'a', params: [] },
      { method: 'b', params: [] },
    ]);
    assert.deepEqual(
      outcomes.map((each) => 'error' in each && each.error.nodeError?.kind),
      ['invalidRequest', 'invalidRequest'],
    );
  });

  const text =
    (status: number, body: string, headers: Record<string, string> = {}): Script =>
    (_request, response) =>
      void response.writeHead(status, headers).end(body);
  const json =
    (body: unknown, status = 200): Script =>
    (_request, response) =>
      answerJson(response, body, status);
  const nodeError = (message: string, code = -32000): object => ({
    jsonrpc: '2.0',
    id: 1,
    error: { code, message },
  });

  const table: { title: string; script: Script; kind: RpcErrorKind; message: RegExp; fault: boolean }[] = [
    {
      title: 'HTML',
      script: text(200, '<html><body>Login</body></html>'),
      kind: 'NotJson',
      message: /HTML that is no JSON: is its URL/,
      fault: true,
    },
    {
      title: 'nothing',
      script: text(200, ''),
      kind: 'NotJson',
      message: /something that is no JSON/,
      fault: true,
    },
    {
      title: 'half a JSON',
      script: text(200, '{"jsonrpc":"2.0","id":1,"res'),
      kind: 'NotJson',
      message: /no JSON/,
      fault: true,
    },
    {
      title: 'JSON that is no answer',
      script: json({ ok: true }),
      kind: 'Malformed',
      message: /no JSON-RPC/,
      fault: true,
    },
    {
      title: 'a list of nothing',
      script: json([]),
      kind: 'MissingAnswer',
      message: /unanswered/,
      fault: true,
    },
    {
      title: 'an answer to another call',
      script: json({ jsonrpc: '2.0', id: 7, result: 1 }),
      kind: 'MissingAnswer',
      message: /unanswered/,
      fault: true,
    },
    {
      title: '502 with HTML',
      script: text(502, '<html>Bad Gateway</html>'),
      kind: 'HttpStatus',
      message: /status 502$/,
      fault: true,
    },
    {
      title: '401',
      script: text(401, `bad key ${CANARY}`),
      kind: 'HttpStatus',
      message: /401: are its credentials right/,
      fault: true,
    },
    {
      title: 'a redirect',
      script: text(302, '', { Location: 'http://127.0.0.1:1/' }),
      kind: 'HttpStatus',
      message: /redirects are not followed/,
      fault: true,
    },
    {
      title: '429 without a word',
      script: text(429, ''),
      kind: 'RateLimited',
      message: /fewer requests \(429\)$/,
      fault: true,
    },
    {
      title: '429 with an answer',
      script: json(nodeError('slow down'), 429),
      kind: 'RateLimited',
      message: /429/,
      fault: true,
    },
    {
      title: '413 with an answer',
      script: json(nodeError('eth_getLogs is limited to a 10,000 range', -32614), 413),
      kind: 'NodeError',
      message: /-32614: eth_getLogs is limited/,
      fault: false,
    },
    {
      title: 'a revert',
      script: json(nodeError('execution reverted', 3)),
      kind: 'NodeError',
      message: /error 3: execution reverted/,
      fault: false,
    },
    {
      title: 'an error that quotes the key',
      script: json(
        nodeError(`project ${CANARY} at https://x.example/v3/${CANARY}?key=${CANARY} is over its rate limit`),
      ),
      kind: 'NodeError',
      message: /project \[redacted\] at .* is over its rate limit/,
      fault: true,
    },
    {
      title: 'an error that is a text',
      script: json({ jsonrpc: '2.0', id: 1, error: 'internal error' }),
      kind: 'NodeError',
      message: /error 0: internal error/,
      fault: true,
    },
    {
      title: 'a long error',
      script: json(nodeError(`x${'\n'.repeat(50)}y${'z'.repeat(2000)}`)),
      kind: 'NodeError',
      message: /^.{1,360}…$/,
      fault: false,
    },
    {
      title: 'a compressed body',
      script: text(200, '{}', { 'Content-Encoding': 'gzip' }),
      kind: 'ConnectionFailed',
      message: /compressed/,
      fault: true,
    },
    {
      title: 'a connection that is cut',
      script: (_request, response) => void response.destroy(),
      kind: 'ConnectionFailed',
      message: /the connection failed \(ECONNRESET\)/,
      fault: true,
    },
    {
      title: 'half an answer',
      script: (_request, response) => {
        response.writeHead(200, { 'Content-Length': '100' }).write('{"jsonrpc"');
        setImmediate(() => response.destroy());
      },
      kind: 'ConnectionFailed',
      message: /cut off|connection failed/,
      fault: true,
    },
  ];
  for (const { title, script, kind, message, fault } of table) {
    it(`${title} is ${kind}`, async () => {
      server.misbehave(script);
      const error = await failure(client.call('eth_chainId', []));
      assert.equal(error.kind, kind);
      assert.match(error.message, message);
      assert.equal(isEndpointFault(error), fault);
      assert.equal(done.at(-1)?.calls[0]?.error, error);
    });
  }

  it('says how long a server asks to wait', async () => {
    server.misbehave(text(429, '', { 'Retry-After': '7' }));
    const error = await failure(client.call('eth_chainId', []));
    assert.equal(error.retryAfterMs, 7000);
    assert.match(error.message, /asks to wait 7 s/);
  });

  it('reads no more than it may', async () => {
    client.close();
    client = open({ maxBytes: 1000 });
    server.misbehave((_request, response) => {
      response.writeHead(200);
      const flood = setInterval(() => response.write('x'.repeat(500)), 1);
      response.once('close', () => clearInterval(flood));
    });
    assert.equal((await failure(client.call('eth_getLogs', []))).kind, 'TooLarge');
    await eventually(() => server.openAnswers === 0);
  });

  it('gives up a server that hangs for 30 s after its own time', async () => {
    const clock = manualClock();
    client.close();
    client = open({ clock, timeoutMs: 10_000 });
    server.misbehave(() => new Promise(() => undefined));
    const asking = failure(client.call('eth_chainId', []));
    await eventually(() => server.openAnswers === 1);
    await clock.advance(9_999);
    assert.equal(server.openAnswers, 1);
    await clock.advance(1);
    const error = await asking;
    assert.equal(error.kind, 'Timeout');
    assert.match(error.message, /within 10 s/);
    await eventually(() => server.openAnswers === 0);
    assert.equal(clock.pending(), 0);
  });

  it('also one that begins to answer and never ends', async () => {
    const clock = manualClock();
    client.close();
    client = open({ clock });
    server.misbehave((_request, response) => void response.writeHead(200).write('{'));
    const asking = failure(client.call('eth_chainId', []));
    await eventually(() => server.openAnswers === 1);
    await settle();
    await clock.advance(10_000);
    assert.equal((await asking).kind, 'Timeout');
  });

  it('stops when it is told to', async () => {
    server.misbehave(() => new Promise(() => undefined));
    const giving = new AbortController();
    const asking = failure(client.call('eth_chainId', [], { signal: giving.signal }));
    await eventually(() => server.openAnswers === 1);
    giving.abort();
    const error = await asking;
    assert.equal(error.kind, 'Aborted');
    assert.equal(isEndpointFault(error), false);
    assert.equal((await failure(client.call('eth_chainId', [], { signal: giving.signal }))).kind, 'Aborted');
  });

  it('sends once more what a closed pooled connection lost', async () => {
    let cut = false;
    await client.call('eth_foo', []);
    server.misbehave((request, response) => {
      if (!cut) {
        cut = true;
        response.socket?.destroy();
        return;
      }
      const { id } = JSON.parse(request.body) as { id: number };
      answerJson(response, { jsonrpc: '2.0', id, result: 'again' });
    });
    assert.equal(await client.call('eth_foo', []), 'again');
  });

  it('says nothing of a host that is not there', async () => {
    client.close();
    const url = new URL(`https://${CANARY}.invalid/${CANARY}`);
    client = rpcClient({ ...server.endpoint, url }, { clock: systemClock });
    const error = await failure(client.call('eth_chainId', []));
    assert.equal(error.kind, 'ConnectionFailed');
    assert.doesNotMatch(error.message, new RegExp(CANARY, 'i'));
  });

  it('survives headers that cannot be', async () => {
    client.close();
    client = rpcClient({ ...server.endpoint, headers: { 'X-Key': `a\n${CANARY}` } }, { clock: systemClock });
    assert.equal((await failure(client.call('eth_chainId', []))).kind, 'ConnectionFailed');
  });
});
