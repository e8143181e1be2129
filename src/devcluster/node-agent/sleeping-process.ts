import type { LogFile } from './log-file.ts';
import { endStatus, type ContainerProcess, type ProcessEnd } from './process.ts';

/** What runs in a container that only sleeps: it ends as `sleep` does when it is stopped, and costs this machine no process. */
export function sleepingProcess(log: LogFile): ContainerProcess {
  let end: (how: ProcessEnd) => void = () => undefined;
  const ended = new Promise<ProcessEnd>((resolve) => (end = resolve));
  return {
    group: undefined,
    ended: ended.finally(() => log.close()),
    stop: (graceMs) => end(endStatus(null, graceMs <= 0 ? 'SIGKILL' : 'SIGTERM')),
  };
}
