import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { anvilBinary } from '../../../src/devcluster/local-chain/anvil-binary.ts';

/** A chain of this test's own. Blocks come when they are asked for. */
export interface Anvil {
  readonly url: string;
  /** @throws Error with what the node answered instead of a result */
  rpc(method: string, ...params: unknown[]): Promise<unknown>;
  /** What the node answers, an error as well. */
  ask(method: string, ...params: unknown[]): Promise<NodeAnswer>;
  /** Sends a body of JSON-RPC, a batch as well, and gives the answer as it came. */
  post(body: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

export interface NodeAnswer {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

export const CHAIN_ID = 31_337;

const MNEMONIC = 'test test test test test test test test test test test junk';

/** So many blocks' states are kept in memory, and none on disk: more than any run has. */
const STATES = 1_000_000;

/** Starts anvil, with so many funded accounts. Resolves when it answers. */
export async function startAnvil(accounts: number): Promise<Anvil> {
  const { env, platform, arch: architecture } = process;
  const child = spawn(
    anvilBinary({ env, platform, architecture }),
    [
      '--port',
      '0',
      '--no-mining',
      // anvil 1.7.1 keeps older states on disk, and after some 1100 blocks a reorganisation takes final blocks' state away with it.
      '--prune-history',
      String(STATES),
      '--accounts',
      String(accounts),
      '--mnemonic',
      MNEMONIC,
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const port = /Listening on 127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (port !== undefined) {
        resolve(`http://127.0.0.1:${port}`);
      }
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error('anvil ended before it listened')));
  });
  async function post(body: unknown): Promise<unknown> {
    const headers = { 'Content-Type': 'application/json' };
    return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).json();
  }
  async function ask(method: string, ...params: unknown[]): Promise<NodeAnswer> {
    return (await post({ jsonrpc: '2.0', id: 1, method, params })) as NodeAnswer;
  }
  return {
    url,
    post,
    ask,
    async rpc(method, ...params) {
      const { result, error } = await ask(method, ...params);
      if (error !== undefined) {
        throw new Error(`${method}: ${error.message}`);
      }
      return result;
    },
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
