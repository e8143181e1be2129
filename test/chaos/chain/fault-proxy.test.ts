import assert from 'node:assert/strict';
import { Wallet } from 'ethers';
import { type RpcClient, rpcClient } from '../../../src/chain/rpc/rpc-client.ts';
import { RpcError } from '../../../src/chain/rpc/rpc-error.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { type Anvil, CHAIN_ID, startAnvil } from './anvil.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { type MempoolGate, mempoolGate } from './mempool-gate.ts';
import { randomOf } from './random.ts';
import type { RpcFault } from './rpc-fault.ts';
import { testKeys } from './counter.ts';

const GWEI = 10n ** 9n;

describe('a proxy with faults in front of anvil', function () {
  this.timeout(60_000);
  const [sender] = testKeys(1);
  let anvil: Anvil;
  let mempool: MempoolGate;
  const open: (() => void | Promise<void>)[] = [];

  before(async () => {
    anvil = await startAnvil(1);
    mempool = mempoolGate(anvil, { minTipWei: GWEI, bumpPercent: 10n });
    // One transaction of the account is included.
    await anvil.rpc('eth_sendTransaction', { from: sender!.address, to: sender!.address });
    await anvil.rpc('evm_mine');
  });
  afterEach(async () => {
    for (const close of open.splice(0)) {
      await close();
    }
  });
  after(() => anvil.stop());

  async function proxyWith(fault?: RpcFault): Promise<{ client: RpcClient; proxy: FaultProxy }> {
    const faults = fault === undefined ? [] : [fault];
    const options = { anvil, mempool, faults, percent: 100, hangMs: 30_000, random: randomOf(1) };
    const proxy = await startFaultProxy(options);
    const endpoint = { name: 'bad', url: new URL(proxy.url) };
    // Short, for those answers that never come; the others are waited for as long as they take.
    const timeoutMs = fault === 'hang' ? 300 : 30_000;
    const client = rpcClient(endpoint, { clock: systemClock, timeoutMs });
    open.push(
      () => client.close(),
      () => proxy.close(),
    );
    return { client, proxy };
  }

  async function kindOf(asking: Promise<unknown>): Promise<string> {
    return asking.then(
      () => 'answered',
      (error: unknown) => (error instanceof RpcError ? error.kind : String(error)),
    );
  }

  const refused: [RpcFault, string][] = [
    ['rateLimited', 'RateLimited'],
    ['badGateway', 'HttpStatus'],
    ['cutBefore', 'ConnectionFailed'],
    ['cutAfter', 'ConnectionFailed'],
    ['hang', 'Timeout'],
  ];
  for (const [fault, kind] of refused) {
    it(`${fault} fails as ${kind}, and is counted`, async () => {
      const { client, proxy } = await proxyWith(fault);
      assert.equal(await kindOf(client.call('eth_chainId', [])), kind);
      assert.equal(proxy.counts[fault] > 0, true, 'it is counted');
      assert.equal(proxy.patience(), 0);
    });
  }

  it('asks with Retry-After for a second', async () => {
    const { client } = await proxyWith('rateLimited');
    const failed = await client.call('eth_chainId', []).catch((error: unknown) => error);
    assert.equal(failed instanceof RpcError && failed.retryAfterMs, 1000);
  });

  const counting = { method: 'eth_getTransactionCount', params: [sender!.address, 'latest'] };
  const chainId = { method: 'eth_chainId', params: [] };

  it('answers a batch in another order', async () => {
    const { client, proxy } = await proxyWith('shuffledBatch');
    assert.deepEqual(await client.batch([chainId, counting]), [{ result: '0x7a69' }, { result: '0x1' }]);
    assert.equal(proxy.counts.shuffledBatch, 1);
  });

  it('leaves one call of a batch unanswered', async () => {
    const { client } = await proxyWith('partialBatch');
    const outcomes = await client.batch([chainId, counting]);
    assert.equal(
      outcomes.filter((outcome) => 'error' in outcome && outcome.error.kind === 'MissingAnswer').length,
      1,
    );
  });

  it('lies about what is latest and what is pending, in both directions', async () => {
    for (const tag of ['latest', 'pending']) {
      const { client: low } = await proxyWith('understatedNonce');
      assert.equal(await low.call('eth_getTransactionCount', [sender!.address, tag]), '0x0');
      const { client: high } = await proxyWith('overstatedNonce');
      assert.equal(Number(await high.call('eth_getTransactionCount', [sender!.address, tag])) > 1, true, tag);
    }
  });

  it('holds transactions against what anvil has: the same again, a replacement, a gap', async () => {
    const { client } = await proxyWith();
    const wallet = new Wallet(sender!.key);
    const send = async (nonce: number, tip: bigint, cap: bigint): Promise<string> => {
      const raw = await wallet.signTransaction({
        type: 2,
        chainId: CHAIN_ID,
        nonce,
        to: wallet.address,
        gasLimit: 21_000n,
        maxPriorityFeePerGas: tip,
        maxFeePerGas: cap,
      });
      return client.call('eth_sendRawTransaction', [raw]).then(
        () => 'taken',
        (error: unknown) => (error instanceof RpcError ? (error.nodeError?.kind ?? error.kind) : 'unknown'),
      );
    };
    assert.equal(await send(0, GWEI, 10n * GWEI), 'nonceTooLow');
    assert.equal(await send(2, GWEI, 10n * GWEI), 'nonceTooHigh');
    assert.equal(await send(1, GWEI - 1n, 10n * GWEI), 'feeTooLow');
    assert.equal(await send(1, GWEI, 10n * GWEI), 'taken');
    assert.equal(await send(1, GWEI, 10n * GWEI), 'alreadyKnown');
    // anvil would take 9 % more, and a higher cap alone.
    assert.equal(await send(1, (GWEI * 109n) / 100n, 11n * GWEI), 'replacementUnderpriced');
    assert.equal(await send(1, GWEI, 20n * GWEI), 'replacementUnderpriced');
    assert.equal(await send(1, (GWEI * 11n) / 10n, 11n * GWEI), 'taken');
    assert.equal(await send(2, GWEI, 10n * GWEI), 'taken');
    await anvil.rpc('anvil_dropAllTransactions');
    assert.equal(await send(2, GWEI, 10n * GWEI), 'nonceTooHigh', 'what was forgotten is a gap again');
  });
});
