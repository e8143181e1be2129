import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { OperatorMaker } from './operators-here.ts';

/** Each in a process of its own: killed with SIGKILL. */
export async function operatorProcesses(kubeconfig: string): Promise<OperatorMaker> {
  const folder = await mkdtemp(join(tmpdir(), 'headframe-chaos-'));
  const program = join(folder, 'operator.mjs');
  await build({
    entryPoints: [new URL('operator-main.ts', import.meta.url).pathname],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return {
    async start(config) {
      const child = spawn(process.execPath, [program], {
        stdio: ['ignore', 'ipc', 'inherit'],
        env: { ...process.env, CHAOS_CONFIG: JSON.stringify({ ...config, kubeconfig }) },
      });
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      await Promise.race([ready(child), ended]);
      return {
        async kill() {
          child.kill('SIGKILL');
          await ended;
        },
      };
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.once('message', () => resolve()));
}
