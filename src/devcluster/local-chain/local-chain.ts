import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getAddress } from 'ethers';
import { systemClock, sleep, type Clock } from '../../time/clock.ts';
import { startComponent, type Component } from '../control-plane/component.ts';
import { freePorts } from '../process/free-port.ts';
import { createProcessGuard, type ProcessGuard } from '../process/guard.ts';
import { anvilBinary } from './anvil-binary.ts';
import { jsonRpc, type JsonRpc } from './json-rpc.ts';
import { putMulticall3 } from './multicall3.ts';

export interface LocalChainOptions {
  /** Default 31337, anvil's own. */
  readonly chainId?: number;
  /** Seconds between blocks. Default: a block for each transaction, at once. */
  readonly blockTimeSeconds?: number;
  /** How many accounts have funds, and keys that the node signs with. Default 10. */
  readonly accounts?: number;
  readonly clock?: Clock;
  /** Told when anvil ends although nobody stopped it, with the end of its log. */
  readonly onFailure?: (logTail: string) => void;
}

/** A chain on this machine: one anvil. For demo and tests. */
export interface LocalChain {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly chainId: number;
  readonly pid: number;
  /** Addresses (EIP-55) of accounts that have funds; the node signs for them (`eth_sendTransaction`). */
  readonly accounts: readonly string[];
  readonly rpc: JsonRpc;
  /** Ends anvil and forgets the chain. May be called twice. */
  stop(): Promise<void>;
}

/** Measured 0.2 s on an idle machine; a loaded one gets time. */
const START_TIMEOUT_MS = 30_000;
const POLL_MS = 20;
/** The chain is thrown away, so nothing needs a long goodbye. */
const STOP_PATIENCE_MS = 1_000;

/**
 * Starts anvil on a free port of 127.0.0.1. Nothing of it outlives this process, however that ends. A block is final after two more
 * (one slot per epoch), so that what waits for finality need not wait for 64 blocks. Multicall3 is where it is on other chains.
 * @throws Error that says what to install, or with the end of anvil's log
 */
export async function startLocalChain(options: LocalChainOptions = {}): Promise<LocalChain> {
  const clock = options.clock ?? systemClock;
  const path = anvilBinary({ env: process.env, platform: process.platform, architecture: process.arch });
  const guard = createProcessGuard();
  const folder = await mkdtemp(join(tmpdir(), 'headframe-chain-'));
  guard.ownFolder(folder);
  const [port = 0] = await freePorts(1);
  const anvil = startAnvil({ path, port, folder, guard, clock, options });
  const url = `http://127.0.0.1:${port}`;
  const rpc = jsonRpc(url);
  const stop = once(async () => {
    rpc.close();
    await anvil.stop(STOP_PATIENCE_MS);
    await guard.dispose();
    await rm(folder, { recursive: true, force: true });
  });
  try {
    await untilAnswers(rpc, anvil, clock);
    await putMulticall3(rpc);
    const chainId = Number(await rpc.call<string>('eth_chainId'));
    const accounts = await rpc.call<string[]>('eth_accounts');
    return { url, chainId, pid: anvil.pid, accounts: accounts.map(getAddress), rpc, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface AnvilStart {
  readonly path: string;
  readonly port: number;
  readonly folder: string;
  readonly guard: ProcessGuard;
  readonly clock: Clock;
  readonly options: LocalChainOptions;
}

function startAnvil({ path, port, folder, guard, clock, options }: AnvilStart): Component {
  const flags = [
    ['--host', '127.0.0.1'],
    ['--port', String(port)],
    ['--chain-id', String(options.chainId ?? 31337)],
    ['--accounts', String(options.accounts ?? 10)],
    ['--slots-in-an-epoch', '1'],
    // By default old states lie in the user's home, and stay there when anvil is killed.
    ['--cache-path', join(folder, 'states')],
    options.blockTimeSeconds === undefined ? [] : ['--block-time', String(options.blockTimeSeconds)],
    ['--quiet'],
  ];
  return startComponent({
    name: 'anvil',
    path,
    args: flags.flat(),
    logFile: join(folder, 'anvil.log'),
    guard,
    clock,
    onUnexpectedEnd: (component) => {
      void component.logTail().then((tail) => options.onFailure?.(tail));
    },
  });
}

async function untilAnswers(rpc: JsonRpc, anvil: Component, clock: Clock): Promise<void> {
  const deadline = clock.monotonic() + START_TIMEOUT_MS;
  for (;;) {
    try {
      await rpc.call('eth_chainId');
      return;
    } catch (error) {
      if (anvil.ended !== undefined || clock.monotonic() > deadline) {
        const how = anvil.ended ?? `did not answer within ${START_TIMEOUT_MS / 1000} s`;
        const tail = await anvil.logTail();
        throw new Error(`anvil did not start (${how}). The end of its log:\n${tail}`, { cause: error });
      }
    }
    await sleep(clock, POLL_MS);
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}
