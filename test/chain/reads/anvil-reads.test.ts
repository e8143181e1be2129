import assert from 'node:assert/strict';
import { Wallet } from 'ethers';
import { wei } from '../../../src/chain/amounts/amount.ts';
import { decodeRevert } from '../../../src/chain/node-answers/revert.ts';
import { finalBlock } from '../../../src/chain/reads/finality.ts';
import { readFeeMarket } from '../../../src/chain/reads/fee-market.ts';
import { MULTICALL3_ADDRESS, MulticallError, multicall } from '../../../src/chain/reads/multicall.ts';
import { readReceipt } from '../../../src/chain/reads/receipt.ts';
import type { ChainReader } from '../../../src/chain/rpc/chain-reader.ts';
import { RpcError } from '../../../src/chain/rpc/rpc-error.ts';
import { rpcPool } from '../../../src/chain/rpc/rpc-pool.ts';
import type { RpcPool } from '../../../src/chain/rpc/rpc-pool.ts';
import { receiptCost } from '../../../src/chain/spending/spend-ledger.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { RICH_KEY, startAnvil } from '../support/anvil.ts';
import type { Anvil } from '../support/anvil.ts';
import { testContracts } from '../support/contracts.ts';
import type { TestContract } from '../support/contracts.ts';

const PROBE = '0x00000000000000000000000000000000000bee71';
const wallet = new Wallet(RICH_KEY);

/** Reading and sending on a real chain. */
describe('a real chain', function () {
  this.timeout(30_000);
  let anvil: Anvil;
  let pool: RpcPool;
  let probe: TestContract;

  before(async () => {
    const contracts = testContracts();
    ({ probe } = contracts);
    anvil = await startAnvil();
    await anvil.rpc('anvil_setCode', PROBE, probe.code);
    await anvil.rpc('anvil_setCode', MULTICALL3_ADDRESS, contracts.multicall.code);
    // Heads are never shared: each test reads what it has just made.
    pool = rpcPool({
      network: 'local',
      chainId: 31337n,
      endpoints: [{ name: 'anvil', url: anvil.url }],
      clock: systemClock,
      headTtlMs: -1,
    });
  });
  after(async () => {
    pool.close();
    await anvil.stop();
  });

  async function signed(nonce: number, fee = 10n ** 10n, data = '0x', to = wallet.address): Promise<string> {
    return wallet.signTransaction({
      type: 2,
      chainId: 31337,
      nonce,
      to,
      data,
      gasLimit: 100_000,
      maxFeePerGas: fee,
      maxPriorityFeePerGas: 10n ** 9n,
    });
  }

  async function nodeError(asking: Promise<unknown>): Promise<NonNullable<RpcError['nodeError']>> {
    const error: unknown = await asking.then(
      () => assert.fail('it was answered'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof RpcError && error.nodeError !== undefined, String(error));
    return error.nodeError;
  }

  const call = (name: string, ...args: unknown[]): { to: string; data: string } => ({
    to: PROBE,
    data: probe.abi.encodeFunctionData(name, args),
  });

  it('sends a transaction, is told that it is known, finds its receipt, and knows its cost', async () => {
    const reader = await pool.reader();
    const nonce = await reader.nonce(wallet.address);
    const raw = await signed(nonce);
    const before = await reader.balance(wallet.address);
    await anvil.rpc('evm_setAutomine', false);
    assert.equal((await pool.broadcast(raw)).verdict, 'accepted');
    const again = await pool.broadcast(raw);
    assert.equal(again.verdict, 'accepted');
    assert.equal(again.outcomes[0]?.error?.nodeError?.kind, 'alreadyKnown');
    // The reader's block is pinned: what is mined after it is not seen.
    await anvil.rpc('evm_mine');
    await anvil.rpc('evm_setAutomine', true);
    assert.equal(await reader.nonce(wallet.address), nonce);
    const later = await pool.reader();
    assert.equal(await later.nonce(wallet.address), nonce + 1);

    const receipt = await readReceipt(later, (await import('ethers')).keccak256(raw));
    assert.ok(receipt?.succeeded);
    assert.equal(receipt.blockNumber, later.block.number);
    assert.equal(receiptCost(receipt), before - (await later.balance(wallet.address)));
    assert.equal(await readReceipt(later, `0x${'12'.repeat(32)}`), undefined);
  });

  it('understands why anvil refuses', async () => {
    const reader = await pool.reader();
    const nonce = await reader.nonce(wallet.address);
    const stranger = Wallet.createRandom();
    const fields = {
      type: 2,
      chainId: 31337,
      to: stranger.address,
      gasLimit: 21_000,
      maxFeePerGas: 10n ** 10n,
      maxPriorityFeePerGas: 0,
    };
    const table: [string, string][] = [
      ['nonceTooLow', await signed(nonce - 1)],
      [
        'feeTooLow',
        await signed(nonce, 10n ** 9n, '0x').then(async () =>
          wallet.signTransaction({ ...fields, nonce, maxFeePerGas: 1 }),
        ),
      ],
      ['insufficientFunds', await stranger.signTransaction({ ...fields, nonce: 0 })],
      ['badGasLimit', await wallet.signTransaction({ ...fields, nonce, gasLimit: 20_000 })],
      ['badSignature', await wallet.signTransaction({ ...fields, nonce, chainId: 1 })],
    ];
    for (const [verdict, raw] of table) {
      assert.equal((await pool.broadcast(raw)).verdict, verdict);
    }
    await anvil.rpc('evm_setAutomine', false);
    await pool.broadcast(await signed(nonce, 2n * 10n ** 10n));
    const cheaper = await pool.broadcast(await signed(nonce, 2n * 10n ** 10n, '0x', stranger.address));
    assert.equal(cheaper.verdict, 'replacementUnderpriced');
    await anvil.rpc('anvil_dropAllTransactions');
    await anvil.rpc('evm_setAutomine', true);
  });

  it('decodes what a contract says when it refuses', async () => {
    const reader = await pool.reader();
    const custom = await nodeError(reader.call(call('refuse')));
    assert.equal(custom.kind, 'revert');
    assert.equal(decodeRevert(custom.revertData, [probe.abi]).text, 'TooLow(5, 10)');
    const words = await nodeError(reader.call(call('refuseInWords')));
    assert.equal(decodeRevert(words.revertData).text, 'not yet');
    const estimated = await nodeError(reader.request('eth_estimateGas', [call('refuse')]));
    assert.equal(decodeRevert(estimated.revertData, [probe.abi]).name, 'TooLow');
  });

  it('reads the market, code and final blocks', async () => {
    await anvil.rpc('anvil_mine', '0x5');
    const reader = await pool.reader();
    const market = await readFeeMarket(reader);
    assert.equal(market.baseFeePerGas, reader.block.baseFeePerGas);
    assert.ok(market.suggestedTip >= 0n);
    assert.equal(await reader.code(PROBE), probe.code);
    assert.equal(await reader.code(Wallet.createRandom().address), '0x');
    assert.equal((await finalBlock(reader, { kind: 'tag' }))?.number, reader.block.number - 2);
    assert.equal(
      (await finalBlock(reader, { kind: 'depth', confirmations: 3 }))?.number,
      reader.block.number - 2,
    );
    assert.equal(await finalBlock(reader, { kind: 'depth', confirmations: 10_000 }), undefined);
    assert.equal(await reader.blockAt(10_000_000), undefined);
    assert.equal(wei(0n), 0n);
  });

  it('notices that its block is undone', async () => {
    await anvil.rpc('anvil_mine', '0x2');
    const reader = await pool.reader();
    await anvil.rpc('anvil_reorg', 1, []);
    assert.equal((await nodeError(reader.balance(wallet.address))).kind, 'blockUnavailable');
    await (await pool.reader()).balance(wallet.address);
  });

  describe('many calls at once', () => {
    /** Counts the calls of contracts that a reader makes. */
    function counted(reader: ChainReader): { reader: ChainReader; count: () => number } {
      let count = 0;
      const counting = (each: Parameters<ChainReader['call']>[0]): Promise<string> => {
        count++;
        return reader.call(each);
      };
      return { reader: { ...reader, call: counting }, count: () => count };
    }

    it('reads 1200 values in three calls, at one block', async () => {
      const { reader, count } = counted(await pool.reader());
      const calls = Array.from({ length: 1200 }, (_, index) => call('square', index));
      await anvil.rpc('anvil_mine', '0x1');
      const { results, blockNumber } = await multicall(reader, calls);
      assert.equal(count(), 3);
      assert.equal(blockNumber, BigInt(reader.block.number));
      assert.deepEqual(
        results.map(({ data }) => BigInt(data)),
        calls.map((_, index) => BigInt(index) ** 2n),
      );
    });

    it('lets one fail alone, with its reason', async () => {
      const reader = await pool.reader();
      const nobody = { to: Wallet.createRandom().address, data: '0x12345678' };
      const { results } = await multicall(reader, [call('square', 3), call('refuse'), nobody]);
      assert.deepEqual(
        results.map(({ success }) => success),
        [true, false, true],
      );
      assert.equal(decodeRevert(results[1]?.data, [probe.abi]).text, 'TooLow(5, 10)');
      assert.equal(results[2]?.data, '0x');
    });

    it('says what to do where there is no Multicall3', async () => {
      const reader = await pool.reader();
      const elsewhere = Wallet.createRandom().address;
      await assert.rejects(
        multicall(reader, [], { multicall3: elsewhere }),
        (error) =>
          error instanceof MulticallError && error.message.includes('deploy it there, or name its address'),
      );
      await assert.rejects(multicall(reader, [], { multicall3: PROBE }), RpcError);
    });

    it('halves what is too much for the node, and refuses two blocks in one', async () => {
      const whole = await pool.reader();
      const calls = Array.from({ length: 10 }, (_, index) => call('square', index));
      const narrow: ChainReader = {
        ...whole,
        call: (each) =>
          each.data.length > 2500
            ? Promise.reject(
                new RpcError('NodeError', 'x', 'x', {
                  nodeError: { kind: 'badGasLimit', code: 0, revertData: undefined },
                }),
              )
            : whole.call(each),
      };
      const { results } = await multicall(narrow, calls);
      assert.deepEqual(
        results.map(({ data }) => BigInt(data)),
        calls.map((_, index) => BigInt(index) ** 2n),
      );
      await assert.rejects(
        multicall({ ...whole, block: { ...whole.block, number: 1 } }, calls),
        /where it was asked for 1$/,
      );
      const l1 = await multicall({ ...whole, block: { ...whole.block, number: 1 } }, calls, {
        blockNumberIsHeight: false,
      });
      assert.equal(l1.blockNumber, BigInt(whole.block.number));
    });
  });
});
