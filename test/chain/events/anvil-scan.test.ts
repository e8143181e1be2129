import assert from 'node:assert/strict';
import { Wallet } from 'ethers';
import { eventKey } from '../../../src/chain/events/chain-event.ts';
import type { ChainEvent } from '../../../src/chain/events/chain-event.ts';
import { scanFrom, tip } from '../../../src/chain/events/checkpoint.ts';
import type { ScanState } from '../../../src/chain/events/checkpoint.ts';
import { eventSource } from '../../../src/chain/events/event-source.ts';
import { scanStep } from '../../../src/chain/events/scan.ts';
import { rpcPool } from '../../../src/chain/rpc/rpc-pool.ts';
import type { RpcPool } from '../../../src/chain/rpc/rpc-pool.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { RICH_KEY, startAnvil } from '../support/anvil.ts';
import type { Anvil } from '../support/anvil.ts';
import { testContracts } from '../support/contracts.ts';
import type { TestContract } from '../support/contracts.ts';

const PROBE = '0x00000000000000000000000000000000000bee71';
const wallet = new Wallet(RICH_KEY);

/** The same scan on a real chain that is really undone. */
describe('event scan on a real chain', function () {
  this.timeout(30_000);
  let anvil: Anvil;
  let pool: RpcPool;
  let probe: TestContract;
  let state: ScanState;
  let accounted: ChainEvent[];
  let undone: number;

  before(async () => {
    ({ probe } = testContracts());
    anvil = await startAnvil();
    await anvil.rpc('anvil_setCode', PROBE, probe.code);
    const endpoints = [{ name: 'anvil', url: anvil.url }];
    pool = rpcPool({ network: 'local', chainId: 31337n, endpoints, clock: systemClock, headTtlMs: -1 });
  });
  after(async () => {
    pool.close();
    await anvil.stop();
  });

  beforeEach(async () => {
    accounted = [];
    undone = 0;
    await anvil.rpc('anvil_mine', '0x5');
    const final = await (await pool.reader()).blockAt('latest');
    await anvil.rpc('anvil_mine', '0x3');
    state = scanFrom(final!);
  });

  /** Mines a block in which the contract says these numbers. */
  async function say(...numbers: number[]): Promise<void> {
    await anvil.rpc('evm_setAutomine', false);
    const reader = await pool.reader();
    const nonce = await reader.nonce(wallet.address);
    for (const [index, number] of numbers.entries()) {
      const data = probe.abi.encodeFunctionData('say', [number]);
      const fees = { maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: 0 };
      const raw = await wallet.signTransaction({
        type: 2,
        chainId: 31337,
        nonce: nonce + index,
        to: PROBE,
        data,
        gasLimit: 100_000,
        ...fees,
      });
      assert.equal((await pool.broadcast(raw)).verdict, 'accepted');
    }
    await anvil.rpc('evm_mine');
    await anvil.rpc('evm_setAutomine', true);
  }

  async function scan(): Promise<void> {
    for (;;) {
      const source = eventSource(await pool.reader(), { addresses: [PROBE] }, { kind: 'tag' });
      const step = await scanStep(source, state);
      state = JSON.parse(JSON.stringify(step.state)) as ScanState;
      accounted.push(...step.events);
      undone += step.undone;
      if (!step.more) {
        return;
      }
    }
  }

  const said = (): number[] => accounted.map(({ topics }) => Number(topics[1]));

  it('accounts what was said when it is final, and not before', async () => {
    await say(1, 2);
    await scan();
    assert.deepEqual(said(), []);
    assert.equal(state.pending.length, 2);
    await anvil.rpc('anvil_mine', '0x2');
    await scan();
    assert.deepEqual(said(), [1, 2]);
    await scan();
    assert.deepEqual(said(), [1, 2]);
    assert.equal(new Set(accounted.map(eventKey)).size, 2);
  });

  it('forgets what a reorg dropped, and counts what came instead once', async () => {
    await say(1);
    await scan();
    await say(2);
    await say(3);
    await scan();
    assert.deepEqual(said(), [1]);
    assert.equal(state.pending.length, 2);
    await anvil.rpc('anvil_reorg', 2, []);
    await scan();
    assert.equal(undone, 2);
    assert.equal(state.pending.length, 0);
    await say(4);
    await anvil.rpc('anvil_mine', '0x3');
    await scan();
    assert.deepEqual(said(), [1, 4]);
  });

  it('follows a chain that was set back', async () => {
    await say(1);
    await say(2);
    await scan();
    await anvil.rpc('anvil_rollback', 1);
    await scan();
    await say(3);
    await anvil.rpc('anvil_mine', '0x4');
    await scan();
    assert.deepEqual(said(), [1, 3]);
    const reader = await pool.reader();
    assert.equal(tip(state)?.hash, reader.block.hash);
  });

  it('asks only for the topics that it is told to', async () => {
    await say(9);
    const reader = await pool.reader();
    const topic = probe.abi.getEvent('Said')!.topicHash;
    const find = (topics: string[]): Promise<ChainEvent[]> =>
      eventSource(reader, { addresses: [PROBE], topics }, { kind: 'depth', confirmations: 1 }).events(
        reader.block.number,
        reader.block.number,
      );
    assert.equal((await find([topic])).length, 1);
    assert.equal((await find([`0x${'12'.repeat(32)}`])).length, 0);
  });
});
