import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Scrape, parseMetrics } from '../../world/metrics.ts';

/** What the operator of the bench is told, in the environment variable BENCH_CONFIG. */
export interface OperatorConfig {
  readonly kubeconfig: string;
  /** See `withPayments`. */
  readonly payments: number;
  readonly since: number;
}

/** What it answers. */
export interface OperatorReading {
  /** Writes to the API server since it began, by `verb resource`. */
  readonly writes: Readonly<Record<string, number>>;
  /** CPU time since it began. */
  readonly cpuMs: number;
  /** What /metrics would say. */
  readonly metrics: string;
}

/** A reading with its metrics read. */
export interface Reading extends Omit<OperatorReading, 'metrics'> {
  readonly metrics: Scrape;
}

export interface BenchOperator {
  read(): Promise<Reading>;
  stop(): Promise<void>;
}

/** Bundled as the program is, so that what is measured runs as it does. @returns the file */
export async function bundleOperator(folder: string): Promise<string> {
  const outfile = join(folder, 'operator.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('operator-main.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
    minifyWhitespace: true,
    minifySyntax: true,
    external: ['esbuild'],
    banner: {
      js: "import { createRequire as createBundleRequire } from 'node:module'; const require = createBundleRequire(import.meta.url);",
    },
  });
  return outfile;
}

/**
 * Starts it. `HEADFRAME_BENCH_NODE_FLAGS` goes to its Node: `--cpu-prof --cpu-prof-dir=/tmp/profiles` shows where its time goes.
 * @throws Error from {@link BenchOperator.read} when it has ended
 */
export function startBenchOperator(program: string, config: OperatorConfig): BenchOperator {
  const flags = (process.env['HEADFRAME_BENCH_NODE_FLAGS'] ?? '').split(' ').filter((flag) => flag !== '');
  const child = spawn(process.execPath, [...flags, program], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, BENCH_CONFIG: JSON.stringify(config) },
  });
  const ended = once(child, 'exit');
  return {
    async read() {
      const answer = once(child, 'message') as Promise<[OperatorReading]>;
      child.send('read');
      const first = await Promise.race([answer, ended.then(() => undefined)]);
      if (first === undefined) {
        throw new Error('the operator has ended: standard error says why');
      }
      const [{ metrics, ...reading }] = first;
      return { ...reading, metrics: parseMetrics(metrics) };
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await ended;
      }
    },
  };
}
