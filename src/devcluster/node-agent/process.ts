import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { sleep, type Clock } from '../../time/clock.ts';
import { signalGroup, type ProcessGuard } from '../process/guard.ts';
import type { LogFile } from './log-file.ts';

/** How a container's process ended, in the terms of a container status. */
export interface ProcessEnd {
  readonly exitCode: number;
  readonly signal?: number;
  readonly reason: 'Completed' | 'Error' | 'StartError';
  readonly message?: string;
}

/** What runs in a container: a process and all it has started, or nothing but sleep (sleeping-process.ts). */
export interface ContainerProcess {
  /** The process group; undefined when there is no process: the program could not be started, or sleeps. */
  readonly group: number | undefined;
  readonly ended: Promise<ProcessEnd>;
  /** SIGTERM to the group, SIGKILL after `graceMs` unless it has ended. Sleep ends at once. */
  stop(graceMs: number): void;
}

export interface ProcessOptions {
  readonly command: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly log: LogFile;
  readonly guard: ProcessGuard;
  readonly clock: Clock;
}

/** How long output may still come after the process has ended, while something that left its group holds the pipe. */
const DRAIN_MS = 500;

/** Starts a container's process; closes `log` when all is over. */
export function startProcess({ command, env, cwd, log, guard, clock }: ProcessOptions): ContainerProcess {
  const [program, ...args] = command;
  const child = guard.spawn(program, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout?.on('data', (chunk: Buffer) => log.write('stdout', chunk));
  child.stderr?.on('data', (chunk: Buffer) => log.write('stderr', chunk));
  const over = new AbortController();
  const group = child.pid;
  const ended = endOf(child).then(async (end) => {
    over.abort();
    if (group !== undefined) {
      // A container ends with its first process.
      signalGroup(group, 'SIGKILL');
      await drained(child, clock);
    }
    log.close();
    return end;
  });
  return {
    group,
    ended,
    stop(graceMs) {
      if (over.signal.aborted || group === undefined) {
        return;
      }
      if (graceMs <= 0) {
        signalGroup(group, 'SIGKILL');
        return;
      }
      signalGroup(group, 'SIGTERM');
      void sleep(clock, graceMs, over.signal).then(() => {
        if (!over.signal.aborted) {
          signalGroup(group, 'SIGKILL');
        }
      });
    },
  };
}

function endOf(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    // containerd: a program that cannot be started ends with 128.
    child.once('error', (error) => resolve({ exitCode: 128, reason: 'StartError', message: error.message }));
    child.once('exit', (code, signal) => resolve(endStatus(code, signal)));
  });
}

/** Shells and container runtimes: 128 plus the signal's number. */
export function endStatus(code: number | null, signal: NodeJS.Signals | null): ProcessEnd {
  if (signal !== null) {
    const number = constants.signals[signal];
    return { exitCode: 128 + number, signal: number, reason: 'Error' };
  }
  const exitCode = code ?? 255;
  return { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error' };
}

async function drained(child: ChildProcess, clock: Clock): Promise<void> {
  const done = new AbortController();
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
  const closed = Promise.all(
    streams.map(
      (stream) => new Promise<void>((resolve) => (stream.closed ? resolve() : stream.once('close', resolve))),
    ),
  );
  await Promise.race([closed, sleep(clock, DRAIN_MS, done.signal)]);
  done.abort();
  streams.forEach((stream) => stream.destroy());
}
