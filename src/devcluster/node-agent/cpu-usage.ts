import { readdir, readFile } from 'node:fs/promises';

/** USER_HZ: Linux counts processor time in hundredths of a second on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

/**
 * Processor seconds, user and system, that the living processes of each process group have used so far. Reads `/proc`, so it
 * is empty where there is none.
 */
export async function cpuSecondsByGroup(): Promise<Map<number, number>> {
  const totals = new Map<number, number>();
  const entries = await readdir('/proc').catch(() => []);
  const pids = entries.filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  for (const text of stats) {
    const stat = parseStat(text);
    if (stat !== undefined) {
      totals.set(stat.group, (totals.get(stat.group) ?? 0) + stat.cpuSeconds);
    }
  }
  return totals;
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
