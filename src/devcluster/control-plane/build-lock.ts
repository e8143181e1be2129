import { readFile, rm, writeFile } from 'node:fs/promises';
import { sleep, type Clock } from '../../time/clock.ts';

const POLL_MS = 1_000;

/** What {@link withBuildLock} needs besides the work. */
export interface BuildLockOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  /** Called once for every other process that is waited for. */
  readonly onWait: (holderPid: number) => void;
}

/**
 * Runs `work` while holding the lock file, so that two runs do not build the same thing twice. A lock whose holder has died
 * is taken over. The lock saves time, not correctness: should two processes take over the same stale lock in the same
 * instant, both build, each into files of its own, and the renames at the end are atomic.
 */
export async function withBuildLock<T>(options: BuildLockOptions, work: () => Promise<T>): Promise<T> {
  let waitedFor: number | undefined;
  while (!(await tryLock(options.path))) {
    options.signal?.throwIfAborted();
    const holder = await holderOf(options.path);
    if (holder === undefined || !isAlive(holder)) {
      await rm(options.path, { force: true });
      continue;
    }
    if (holder !== waitedFor) {
      waitedFor = holder;
      options.onWait(holder);
    }
    await sleep(options.clock, POLL_MS, options.signal);
  }
  try {
    return await work();
  } finally {
    await rm(options.path, { force: true });
  }
}

async function tryLock(path: string): Promise<boolean> {
  try {
    await writeFile(path, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      return false;
    }
    throw error;
  }
}

/** Undefined when the lock has just gone, or was left by a process that died before it wrote its number. */
async function holderOf(path: string): Promise<number | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
