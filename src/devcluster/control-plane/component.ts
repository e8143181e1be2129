import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { sleep, type Clock } from '../../time/clock.ts';
import { signalGroup, type ProcessGuard } from '../process/guard.ts';

/** One running program of the control plane. */
export interface Component {
  readonly name: string;
  readonly pid: number;
  /** How it ended, in words; undefined while it runs. */
  readonly ended: string | undefined;
  /** The end of its log, for error messages. */
  logTail(): Promise<string>;
  /** SIGTERM, then SIGKILL after `patienceMs`. Resolves when it has ended. */
  stop(patienceMs: number): Promise<void>;
  kill(): Promise<void>;
}

export interface ComponentOptions {
  readonly name: string;
  readonly path: string;
  readonly args: readonly string[];
  /** Its output goes to this file, appended. */
  readonly logFile: string;
  readonly guard: ProcessGuard;
  readonly clock: Clock;
  /** How far it gives way to the other programs of the machine, 0 to 19 as for nice(1). Default 0. */
  readonly niceness?: number | undefined;
  /** Called when it ends without having been asked to. */
  readonly onUnexpectedEnd: (component: Component) => void;
}

const TAIL_LINES = 15;

export function startComponent(options: ComponentOptions): Component {
  const { name, guard, clock, logFile } = options;
  const log = openSync(logFile, 'a');
  let child: ChildProcess;
  try {
    const [command, ...args] = atPriority(options.niceness ?? 0, [options.path, ...options.args]);
    child = guard.spawn(command, args, { stdio: ['ignore', log, log] });
  } finally {
    closeSync(log);
  }
  let ended: string | undefined;
  let stopping = false;
  const exit = new Promise<void>((resolve) => {
    const finish = (how: string): void => {
      ended ??= how;
      resolve();
      if (!stopping) {
        stopping = true;
        options.onUnexpectedEnd(component);
      }
    };
    child.once('error', (error) => finish(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) =>
      finish(signal === null ? `exit code ${code ?? '?'}` : `killed by ${signal}`),
    );
  });

  const component: Component = {
    name,
    pid: child.pid ?? 0,
    get ended() {
      return ended;
    },
    async logTail() {
      const text = await readFile(logFile, 'utf8').catch(() => '');
      return text.trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
    },
    async stop(patienceMs) {
      stopping = true;
      if (ended !== undefined || child.pid === undefined) {
        return;
      }
      signalGroup(child.pid, 'SIGTERM');
      const patience = new AbortController();
      const timeUp = sleep(clock, patienceMs, patience.signal);
      await Promise.race([exit, timeUp]);
      patience.abort();
      await component.kill();
    },
    async kill() {
      stopping = true;
      if (ended === undefined && child.pid !== undefined) {
        signalGroup(child.pid, 'SIGKILL');
        await exit;
      }
    },
  };
  return component;
}

/**
 * The command line that runs another one with less priority. Linux shares the processor among sessions first (autogroup), of which
 * each component is one, and only then among the programs of a session.
 */
function atPriority(niceness: number, command: readonly [string, ...string[]]): [string, ...string[]] {
  if (niceness === 0) {
    return [...command];
  }
  const script = `echo ${niceness} 2>/dev/null > /proc/self/autogroup; exec "$@"`;
  return ['nice', '-n', String(niceness), '/bin/sh', '-c', script, 'sh', ...command];
}
