import assert from 'node:assert/strict';
import { Wallet } from 'ethers';
import { Registry } from 'prom-client';
import { verdictOf } from '../../../src/chain/rpc/broadcast.ts';
import type { BroadcastVerdict } from '../../../src/chain/rpc/broadcast.ts';
import { chooseEndpoint, laggards } from '../../../src/chain/rpc/choose-endpoint.ts';
import { rpcMetrics } from '../../../src/chain/rpc/metrics.ts';
import { RpcError } from '../../../src/chain/rpc/rpc-error.ts';
import { rpcPool } from '../../../src/chain/rpc/rpc-pool.ts';
import type { RpcPool, RpcPoolOptions } from '../../../src/chain/rpc/rpc-pool.ts';
import { systemClock } from '../../../src/time/clock.ts';
import type { Clock } from '../../../src/time/clock.ts';
import { eventually } from '../../support/eventually.ts';
import { manualClock } from '../../support/manual-clock.ts';
import type { ManualClock } from '../../support/manual-clock.ts';
import { CANARY, blockJson, chainOf, startRpcServer } from '../support/rpc-server.ts';
import type { RpcServer } from '../support/rpc-server.ts';

const wallet = new Wallet(`0x${'11'.repeat(32)}`);
const raw = await wallet.signTransaction({
  chainId: 31337,
  nonce: 0,
  gasLimit: 21_000,
  to: wallet.address,
  type: 2,
  maxFeePerGas: 1,
  maxPriorityFeePerGas: 1,
});
const { hash } = (await import('ethers')).Transaction.from(raw);

describe('RPC pool', () => {
  const servers: RpcServer[] = [];
  const pools: RpcPool[] = [];
  let clock: ManualClock;
  let registry: Registry;
  const heights = [100, 100, 100];

  beforeEach(() => {
    heights.fill(100);
    clock = manualClock();
    registry = new Registry();
  });
  afterEach(async () => {
    pools.splice(0).forEach((each) => each.close());
    await Promise.all(servers.splice(0).map((each) => each.close()));
  });

  /** A pool over so many healthy servers, called a, b and c. */
  async function poolOf(count: number, options: Partial<RpcPoolOptions> = {}): Promise<RpcPool> {
    for (let index = 0; index < count; index++) {
      servers.push(
        await startRpcServer(
          'abc'[index]!,
          chainOf(() => heights[index]!),
        ),
      );
    }
    const endpoints = servers.map(({ endpoint }) => endpoint);
    const pool = rpcPool({
      network: 'local',
      chainId: 31337n,
      endpoints,
      clock,
      metrics: rpcMetrics(registry),
      ...options,
    });
    pools.push(pool);
    return pool;
  }

  const hang = (): Promise<void> => new Promise(() => undefined);

  async function refusal(asking: Promise<unknown>): Promise<RpcError> {
    const error: unknown = await asking.then(
      () => assert.fail('it went well'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof RpcError, String(error));
    assert.doesNotMatch(`${error.message}${error.stack}`, new RegExp(CANARY));
    return error;
  }

  /** Lets requests on real sockets finish while a manual clock stands still. */
  async function states(pool: RpcPool): Promise<string> {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return pool
      .status()
      .map(({ state }) => state)
      .join(' ');
  }

  it('any number of calls may share a signal without a warning of a leak', async () => {
    const pool = await poolOf(1);
    const { signal } = new AbortController();
    const warnings: string[] = [];
    const listen = ({ name }: Error): void => void warnings.push(name);
    process.on('warning', listen);

    await Promise.all(Array.from({ length: 12 }, () => pool.broadcast(raw, { signal })));
    await new Promise((resolve) => setImmediate(resolve));

    process.off('warning', listen);
    assert.deepEqual(warnings, []);
  });

  it('reads from the first endpoint that is well, all of a reconcile from it', async () => {
    const pool = await poolOf(2);
    const reader = await pool.reader();
    assert.equal(reader.endpoint, 'a');
    assert.equal(reader.block.number, 100);
    assert.equal(await reader.balance(wallet.address), 5n);
    assert.equal((await reader.blockAt(7))?.number, 7);
    assert.deepEqual(servers[0]!.calls.at(-2)!.params, [
      wallet.address,
      { blockHash: reader.block.hash, requireCanonical: true },
    ]);
    assert.equal(
      servers[1]!.calls.some(({ method }) => method === 'eth_getBalance'),
      false,
    );
  });

  it('shares a head among reconciles for a second, and asks for the chain id once', async () => {
    const pool = await poolOf(1);
    await Promise.all([pool.reader(), pool.reader()]);
    await pool.reader();
    await clock.advance(1001);
    await pool.reader();
    assert.deepEqual(
      servers[0]!.calls.map(({ method }) => method),
      ['eth_chainId', 'eth_getBlockByNumber', 'eth_getBlockByNumber'],
    );
    await clock.advance(300_001);
    await pool.reader();
    assert.equal(servers[0]!.calls.filter(({ method }) => method === 'eth_chainId').length, 2);
  });

  it('leaves an endpoint that lags behind, and comes back to it', async () => {
    const pool = await poolOf(2);
    heights[1] = 104;
    const reader = await pool.reader();
    assert.equal(reader.endpoint, 'b');
    assert.deepEqual(
      pool.status().map(({ state, explanation }) => [state, explanation]),
      [
        ['lagging', 'more than 3 blocks behind another endpoint'],
        ['up', undefined],
      ],
    );
    heights[0] = 101;
    await clock.advance(1001);
    assert.equal((await pool.reader()).endpoint, 'a');
  });

  it('pauses after three failures, reads from the next, and tries again after the pause', async () => {
    const pool = await poolOf(2);
    servers[0]!.misbehave((_request, response) => void response.writeHead(502).end('<html>'));
    for (let round = 0; round < 3; round++) {
      assert.equal((await pool.reader()).endpoint, 'b');
      await clock.advance(1001);
    }
    assert.equal(await states(pool), 'paused up');
    const { requests } = servers[0]!;
    assert.equal((await pool.reader()).endpoint, 'b');
    assert.equal(servers[0]!.requests, requests);
    assert.match(await registry.metrics(), /headframe_rpc_endpoint_up\{network="local",endpoint="a"\} 0/);

    servers[0]!.answer(chainOf(() => 100));
    await clock.advance(60_000);
    assert.equal((await pool.reader()).endpoint, 'a');
    assert.equal(await states(pool), 'up up');
  });

  it('waits no longer than the grace for one that hangs', async () => {
    const pool = await poolOf(2);
    servers[0]!.misbehave(hang);
    const reading = pool.reader();
    await eventually(() => servers[1]!.calls.length === 2 && servers[0]!.openAnswers === 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await clock.advance(500);
    assert.equal((await reading).endpoint, 'b');
    // The next do not wait for it at all.
    await clock.advance(1001);
    assert.equal((await pool.reader()).endpoint, 'b');
  });

  it('does as it is told by Retry-After, at once', async () => {
    const pool = await poolOf(1);
    servers[0]!.misbehave((_request, response) => void response.writeHead(429, { 'Retry-After': '7' }).end());
    const error = await refusal(pool.reader());
    assert.equal(error.kind, 'NoEndpoint');
    assert.equal(error.retryAfterMs, 7000);
    assert.match(
      error.message,
      /^no endpoint of network 'local' can be used now \(a is paused: .*wait 7 s\)$/,
    );
    servers[0]!.answer(chainOf(() => 100));
    await refusal(pool.reader());
    await clock.advance(7000);
    await pool.reader();
  });

  it('never uses an endpoint of another chain, not even to send to', async () => {
    const pool = await poolOf(2);
    servers[0]!.answer(chainOf(() => 999, 1));
    assert.equal((await pool.reader()).endpoint, 'b');
    assert.deepEqual(
      pool.status().map(({ state, wrongChainId }) => [state, wrongChainId]),
      [
        ['wrongChain', 1n],
        ['up', undefined],
      ],
    );
    servers[1]!.misbehave((_request, response) => void response.destroy());
    await pool.broadcast(raw);
    assert.equal(
      servers[0]!.calls.some(({ method }) => method === 'eth_sendRawTransaction'),
      false,
    );
  });

  it('says so when all serve another chain, and sends nothing', async () => {
    const pool = await poolOf(1);
    servers[0]!.answer(chainOf(() => 999, 5));
    const error = await refusal(pool.reader());
    assert.equal(error.kind, 'WrongChain');
    assert.equal(error.message, "endpoint 'a' serves chain 5, and network 'local' is chain 31337");
    const { verdict, outcomes } = await pool.broadcast(raw);
    assert.equal(verdict, 'unreachable');
    assert.equal(outcomes[0]?.error?.kind, 'WrongChain');
    assert.equal(
      servers[0]!.calls.some(({ method }) => method === 'eth_sendRawTransaction'),
      false,
    );

    servers[0]!.answer(chainOf(() => 100));
    await clock.advance(60_001);
    await pool.reader();
  });

  it('notices when an address comes to lead to another chain', async () => {
    const pool = await poolOf(1);
    await pool.reader();
    servers[0]!.answer(chainOf(() => 100, 5));
    await clock.advance(300_001);
    assert.equal((await refusal(pool.reader())).kind, 'WrongChain');
  });

  it('reads by number where a node does not know blocks by hash, and remembers', async () => {
    const pool = await poolOf(1);
    servers[0]!.answer((call) =>
      call.method === 'eth_getBalance' && typeof call.params[1] === 'object'
        ? { error: { code: -32602, message: 'invalid argument 1: json: cannot unmarshal object' } }
        : chainOf(() => 100)(call),
    );
    const reader = await pool.reader();
    assert.equal(await reader.balance(wallet.address), 5n);
    assert.equal(await reader.balance(wallet.address), 5n);
    const asked = servers[0]!.calls
      .filter(({ method }) => method === 'eth_getBalance')
      .map(({ params }) => typeof params[1]);
    assert.deepEqual(asked, ['object', 'string', 'string']);
  });

  it('counts answers that cannot be against the endpoint', async () => {
    const pool = await poolOf(1);
    const garbage: unknown[] = [null, 5, '0x', '0xzz', {}, { number: '0x1' }, blockJson(2 ** 60), 'latest'];
    for (const result of garbage) {
      servers[0]!.answer((call) =>
        call.method === 'eth_getBlockByNumber' ? { result } : chainOf(() => 1)(call),
      );
      const error = await refusal(pool.reader());
      assert.equal(error.kind, 'NoEndpoint');
      await clock.advance(600_001);
    }
    servers[0]!.answer((call) =>
      call.method === 'eth_getBalance' ? { result: [] } : chainOf(() => 1)(call),
    );
    const reader = await pool.reader();
    assert.equal((await refusal(reader.balance(wallet.address))).kind, 'Malformed');
  });

  it('ends with its signal', async () => {
    const pool = await poolOf(1);
    const giving = new AbortController();
    const reader = await pool.reader({ signal: giving.signal });
    servers[0]!.misbehave(hang);
    await clock.advance(1001);
    const [reading, another] = [
      refusal(reader.balance(wallet.address)),
      refusal(pool.reader({ signal: giving.signal })),
    ];
    await eventually(() => servers[0]!.openAnswers === 2);
    giving.abort();
    assert.deepEqual(
      (await Promise.all([reading, another])).map(({ kind }) => kind),
      ['Aborted', 'Aborted'],
    );
  });

  it('knows nothing of a pool without endpoints', async () => {
    assert.equal((await refusal((await poolOf(0)).reader())).kind, 'NoEndpoint');
  });

  it('shows bounded series of names, and ends them when it is closed', async () => {
    const pool = await poolOf(2);
    const reader = await pool.reader();
    await reader.request('made_up', []).catch(() => undefined);
    await reader.requestAll([{ method: 'eth_call', params: [] }]);
    const text = await registry.metrics();
    assert.match(
      text,
      /headframe_rpc_requests_total\{network="local",endpoint="a",method="other",code="unsupported"\} 1/,
    );
    assert.match(
      text,
      /headframe_rpc_requests_total\{network="local",endpoint="a",method="eth_call",code="unsupported"\} 1/,
    );
    assert.match(text, /headframe_rpc_request_duration_seconds_count\{network="local",endpoint="b"\} 2/);
    assert.match(text, /headframe_rpc_endpoint_up\{network="local",endpoint="b"\} 1/);
    assert.match(text, /headframe_rpc_endpoint_head_block\{network="local",endpoint="b"\} 100/);
    assert.doesNotMatch(text, new RegExp(`${CANARY}|127\\.0\\.0\\.1`));
    pool.close();
    assert.doesNotMatch(await registry.metrics(), /endpoint="/);
  });

  describe('sending', () => {
    const accepting = (call: {
      method: string;
      params: unknown[];
    }): ReturnType<ReturnType<typeof chainOf>> =>
      call.method === 'eth_sendRawTransaction' ? { result: hash } : chainOf(() => 100)(call);
    const refusing =
      (code: number, message: string) =>
      (call: { method: string; params: unknown[] }): ReturnType<ReturnType<typeof chainOf>> =>
        call.method === 'eth_sendRawTransaction' ? { error: { code, message } } : chainOf(() => 100)(call);

    it('sends to all', async () => {
      const pool = await poolOf(3);
      servers.forEach((each) => each.answer(accepting));
      const { verdict, outcomes } = await pool.broadcast(raw);
      assert.equal(verdict, 'accepted');
      assert.deepEqual(
        outcomes.map(({ endpoint }) => endpoint),
        ['a', 'b', 'c'],
      );
      assert.deepEqual(
        servers.map(({ calls }) => calls.at(-1)),
        Array(3).fill({ method: 'eth_sendRawTransaction', params: [raw] }),
      );
    });

    it('is content with one, whatever the others say', async () => {
      const pool = await poolOf(3);
      servers[0]!.answer(refusing(-32000, 'nonce too low'));
      servers[1]!.misbehave((_request, response) => void response.writeHead(502).end());
      servers[2]!.answer(refusing(-32000, 'already known'));
      assert.equal((await pool.broadcast(raw)).verdict, 'accepted');
    });

    it('does not wait for one that hangs, once another has it', async () => {
      const pool = await poolOf(2, { clock: hastyClock() });
      servers[0]!.misbehave(hang);
      servers[1]!.answer(accepting);
      const { verdict, outcomes } = await pool.broadcast(raw);
      assert.equal(verdict, 'accepted');
      assert.deepEqual(
        outcomes.map(({ endpoint }) => endpoint),
        ['b'],
      );
    });

    it('does not believe one that names another transaction', async () => {
      const pool = await poolOf(1);
      servers[0]!.answer((call) =>
        call.method === 'eth_sendRawTransaction'
          ? { result: `0x${'12'.repeat(32)}` }
          : chainOf(() => 1)(call),
      );
      const { verdict, outcomes } = await pool.broadcast(raw);
      assert.equal(verdict, 'unreachable');
      assert.match(outcomes[0]?.error?.message ?? '', /accepted a transaction, and named another/);
    });

    it('tries those that are paused when there are no others: money comes first', async () => {
      const pool = await poolOf(1);
      servers[0]!.misbehave(
        (_request, response) => void response.writeHead(429, { 'Retry-After': '600' }).end(),
      );
      await refusal(pool.reader());
      assert.equal(await states(pool), 'paused');
      servers[0]!.answer(accepting);
      assert.equal((await pool.broadcast(raw)).verdict, 'accepted');
    });
  });
});

/** The machine's time, but a grace is over at once. */
function hastyClock(): Clock {
  return { ...systemClock, after: (ms, callback) => systemClock.after(ms === 500 ? 5 : ms, callback) };
}

describe('the verdict of many nodes', () => {
  const refused = (message: string): { endpoint: string; error: RpcError } => {
    const kind = message as 'nonceTooLow';
    const error = new RpcError('NodeError', 'x', message, {
      nodeError: { kind, code: 0, revertData: undefined },
    });
    return { endpoint: 'x', error };
  };
  const silent = { endpoint: 'x', error: new RpcError('Timeout', 'x', 'late') };
  const accepted = { endpoint: 'x', error: undefined };
  const table: [string, Parameters<typeof verdictOf>[0], BroadcastVerdict][] = [
    ['none', [], 'unreachable'],
    ['silence', [silent, silent], 'unreachable'],
    ['one has it', [silent, refused('nonceTooLow'), accepted], 'accepted'],
    ['one had it', [refused('alreadyKnown'), refused('nonceTooLow')], 'accepted'],
    [
      'what is certain comes first',
      [refused('transient'), refused('insufficientFunds'), refused('nonceTooHigh')],
      'insufficientFunds',
    ],
    ['a node in trouble', [silent, refused('transient')], 'transient'],
  ];
  for (const [title, outcomes, verdict] of table) {
    it(`${title}: ${verdict}`, () => assert.equal(verdictOf(outcomes), verdict));
  }
});

describe('choosing an endpoint', () => {
  const table: [string, (number | undefined)[], number | undefined, string][] = [
    ['the first of equals', [10, 10], 0, ''],
    ['the first that is near enough', [7, 10], 0, ''],
    ['not one too far behind', [6, 10], 1, '0'],
    ['not one that says nothing', [undefined, 10], 1, ''],
    ['none of the silent', [undefined, undefined], undefined, ''],
    ['none of none', [], undefined, ''],
  ];
  for (const [title, heads, chosen, behind] of table) {
    it(title, () => {
      const candidates = heads.map((head, index) => ({ name: String(index), head }));
      assert.equal(chooseEndpoint(candidates, 3), chosen);
      assert.equal(laggards(candidates, 3).join(), behind);
    });
  }
});
