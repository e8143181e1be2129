import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { searchForCanaries } from './canaries.ts';

/** The bundle that the image runs; the scripts of package.json that run tests have built it. */
export const BUNDLE = fileURLToPath(new URL('../../dist/headframe.mjs', import.meta.url));

/** A run of the program to its end. */
export interface Finished {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** The program as a process of its own. */
export interface RunningProgram {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Standard output so far. */
  stdout(): string;
  /** Standard error so far: of an operator, JSON lines. */
  stderr(): string;
  /** Ends it with the signal (default SIGKILL) and waits. */
  end(signal?: NodeJS.Signals): Promise<Finished>;
}

/**
 * Starts the bundle. What it has printed is searched for canaries when it has ended.
 * @param nodeFlags for Node itself
 */
export function runProgram(
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  nodeFlags: readonly string[] = [],
): RunningProgram {
  const child = spawn(process.execPath, [...nodeFlags, BUNDLE, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const finished = new Promise<Finished>((resolve) => {
    child.once('close', (code, signal) => {
      searchForCanaries(`standard output of headframe ${args[0]}`, stdout);
      searchForCanaries(`standard error of headframe ${args[0]}`, stderr);
      resolve({ code, signal, stdout, stderr });
    });
  });
  return {
    child,
    finished,
    stdout: () => stdout,
    stderr: () => stderr,
    end(signal = 'SIGKILL') {
      child.kill(signal);
      return finished;
    },
  };
}

/** Starts an operator on free ports. Without a lease: one that was killed would keep it for 15 s. */
export function startOperator(
  kubeconfig: string,
  flags: readonly string[] = [],
  nodeFlags: readonly string[] = [],
): RunningProgram {
  const args = [
    'operator',
    `--kubeconfig=${kubeconfig}`,
    '--metrics-bind-address=127.0.0.1:0',
    '--health-probe-bind-address=127.0.0.1:0',
    ...(flags.some((flag) => flag.startsWith('--leader-election')) ? [] : ['--no-leader-elect']),
    ...flags,
  ];
  return runProgram(args, process.env, nodeFlags);
}

/** The address that the operator logged for one of its servers, once it listens. */
export async function addressOf(operator: RunningProgram, flag: string): Promise<string> {
  for (let tries = 0; tries < 200; tries++) {
    for (const line of operator.stderr().split('\n')) {
      if (line.includes('"listening"') && line.includes(flag)) {
        return (JSON.parse(line) as { address: string }).address;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the operator does not listen: ${operator.stderr()}`);
}

/** What the operator shows at /metrics, searched for canaries. */
export async function metricsOf(operator: RunningProgram): Promise<string> {
  const address = await addressOf(operator, '--metrics-bind-address');
  return searchForCanaries('/metrics', await (await fetch(`http://${address}/metrics`)).text());
}
