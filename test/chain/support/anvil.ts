import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anvilBinary } from '../../../src/devcluster/local-chain/anvil-binary.ts';
import { freePorts } from '../../../src/devcluster/process/free-port.ts';
import { canary } from '../../support/canaries.ts';

/** The first account of anvil's well-known phrase: money on every local chain, and on no other. */
export const RICH_KEY = canary(
  "the key of anvil's account 0",
  '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
);

/** A real local chain of its own. */
export interface Anvil {
  readonly url: URL;
  /** Calls anvil itself, past everything that is tested. */
  rpc<T>(method: string, ...params: unknown[]): Promise<T>;
  stop(): Promise<void>;
}

/** Starts anvil on 127.0.0.1; blocks are mined on demand, and final two blocks later. */
export async function startAnvil(args: readonly string[] = []): Promise<Anvil> {
  const [port = 0] = await freePorts(1);
  const cache = await mkdtemp(join(tmpdir(), 'headframe-anvil-'));
  const fixed = [
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--silent',
    '--slots-in-an-epoch',
    '1',
    '--cache-path',
    cache,
  ];
  const { env, platform, arch: architecture } = process;
  const child = spawn(anvilBinary({ env, platform, architecture }), [...fixed, ...args], { stdio: 'ignore' });
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  // Whoever is killed in the middle of a test leaves no chain behind.
  const stopNow = (): void => void child.kill('SIGKILL');
  process.once('exit', stopNow);
  const url = new URL(`http://127.0.0.1:${port}`);
  let id = 0;

  async function rpc<T>(method: string, ...params: unknown[]): Promise<T> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: ++id, method, params });
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
    });
    const answer = (await response.json()) as { result?: T; error?: { message: string } };
    if (answer.error !== undefined) {
      throw new Error(`${method}: ${answer.error.message}`);
    }
    return answer.result as T;
  }

  async function stop(): Promise<void> {
    process.removeListener('exit', stopNow);
    stopNow();
    await exited;
    await rm(cache, { recursive: true, force: true });
  }

  const end = performance.now() + 20_000;
  for (;;) {
    try {
      await rpc('eth_chainId');
      return { url, rpc, stop };
    } catch (error) {
      if (performance.now() > end || child.exitCode !== null) {
        await stop();
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
