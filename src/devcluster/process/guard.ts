import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { Socket } from 'node:net';

/** Every guarded process carries this variable with the guard's id; the guard finds strays by it. */
export const GUARD_VARIABLE = 'HEADFRAME_PROCESS_GUARD';

/*
 * Node has no PR_SET_PDEATHSIG. So one small shell per guard reads a pipe whose other end only this process holds: when this
 * process ends, for whatever reason, the pipe ends, and the shell kills what was started and removes what was written.
 * Two nets: the process groups that were reported, then (Linux) every process whose environment carries the guard's id, which
 * also catches one that was started in the instant before the report, and grandchildren that left their group.
 */
const WATCHDOG = `
trap '' INT TERM HUP
groups=' '
while read -r verb value; do
  case "$verb" in
    add) groups="$groups$value " ;;
    remove) case "$groups" in *" $value "*) groups="\${groups%% $value *} \${groups#* $value }" ;; esac ;;
    folder) folders="$folders
$value" ;;
  esac
done
for group in $groups; do kill -KILL -- "-$group" 2>/dev/null; done
strays() {
  for file in $(grep -lsF "$0=$1" /proc/[0-9]*/environ 2>/dev/null); do
    pid=\${file#/proc/}; pid=\${pid%/environ}
    [ "$pid" = "$$" ] || echo "$pid"
  done
}
for round in 1 2 3 4 5; do
  found=$(strays "$@")
  [ -n "$found" ] || break
  kill -KILL $found 2>/dev/null
done
printf '%s\\n' "$folders" | while read -r folder; do [ -n "$folder" ] && rm -rf -- "$folder"; done
`;

/** Starts processes that cannot outlive this one, not even when it is killed with SIGKILL. */
export interface ProcessGuard {
  /**
   * Like `child_process.spawn`, in a process group of its own (a Ctrl-C in the terminal does not reach it; stop it
   * with {@link signalGroup}). A program that cannot be started is reported by the child's `error` event.
   */
  spawn(command: string, args: readonly string[], options: SpawnOptions): ChildProcess;
  /** A folder to remove when this process is gone. Remove it yourself on an orderly end. */
  ownFolder(path: string): void;
  /** Ends the guard itself; kills what still runs and removes the folders it was told of. Resolves when that is done. */
  dispose(): Promise<void>;
}

/** Starts a guard. It does not keep this process alive. */
export function createProcessGuard(): ProcessGuard {
  const id = randomUUID();
  // The id is an argument, not in the shell's environment: the shell must not find itself.
  const watchdog = spawn('/bin/sh', ['-c', WATCHDOG, GUARD_VARIABLE, id], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
  });
  const pipe = watchdog.stdin;
  // A watchdog that somebody killed must not take this process with it (EPIPE); its service is lost, nothing else.
  pipe.on('error', () => undefined);
  watchdog.on('error', () => undefined);
  watchdog.unref();
  if (pipe instanceof Socket) {
    pipe.unref();
  }
  const exited = new Promise<void>((resolve) => {
    watchdog.once('exit', () => resolve());
    watchdog.once('error', () => resolve());
  });

  function tell(verb: 'add' | 'remove' | 'folder', value: string): void {
    if (pipe.writable) {
      pipe.write(`${verb} ${value}\n`);
    }
  }

  return {
    spawn(command, args, options) {
      const child = spawn(command, args, {
        ...options,
        detached: true,
        env: { ...(options.env ?? process.env), [GUARD_VARIABLE]: id },
      });
      const { pid } = child;
      if (pid !== undefined) {
        tell('add', String(pid));
        child.once('exit', () => tell('remove', String(pid)));
      }
      return child;
    },
    ownFolder: (path) => tell('folder', path),
    async dispose() {
      watchdog.ref();
      pipe.end();
      await exited;
    },
  };
}

/** Sends `signal` to the process group that a guarded child leads. False when nobody is left in it. */
export function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}
