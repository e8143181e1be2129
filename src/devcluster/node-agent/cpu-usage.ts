import { readdirSync, readFileSync } from 'node:fs';

/** USER_HZ: Linux counts processor time in hundredths of a second on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

/**
 * Processor seconds, user and system, that the living processes of each process group have used so far. Reads `/proc`, so it
 * is empty where there is none. Does not wait for the kernel, which has all this in memory: by way of Node's thread pool each of the
 * hundreds of small files costs ten times as much.
 */
export function cpuSecondsByGroup(): Map<number, number> {
  const totals = new Map<number, number>();
  for (const pid of readOr([], () => readdirSync('/proc')).filter((name) => /^\d+$/.test(name))) {
    const stat = parseStat(readOr('', () => readFileSync(`/proc/${pid}/stat`, 'utf8')));
    if (stat !== undefined) {
      totals.set(stat.group, (totals.get(stat.group) ?? 0) + stat.cpuSeconds);
    }
  }
  return totals;
}

/** A process may end while we look. */
function readOr<T>(otherwise: T, read: () => T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

/** The fields of `/proc/PID/stat` that matter here (proc_pid_stat(5)). The name, in parentheses, may hold anything. */
export function parseStat(text: string): { group: number; cpuSeconds: number } | undefined {
  const end = text.lastIndexOf(')');
  if (end < 0) {
    return undefined;
  }
  // After the name: state (3), ppid (4), pgrp (5), ..., utime (14), stime (15).
  const columns = text.slice(end + 2).split(' ');
  const ticks = Number(columns[11]) + Number(columns[12]);
  return { group: Number(columns[2]), cpuSeconds: ticks / TICKS_PER_SECOND };
}
