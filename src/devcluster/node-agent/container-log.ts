import type { ContainerRecord } from './container-record.ts';
import type { LogFile } from './log-file.ts';
import { logPath } from './pod-runtime.ts';

/** The log of one run of one container. */
export interface ContainerLog {
  /** Absent for a run before the last one. */
  readonly file?: LogFile | undefined;
  readonly path: string;
}

export interface LogLookup {
  readonly record: ContainerRecord;
  readonly podName: string;
  /** The pod's folder. */
  readonly folder: string;
  /** The log of the last run that was begun. */
  readonly current: LogFile | undefined;
  readonly previous: boolean;
}

/** Finds the log that is asked for; a string says, in kubelet's words, why there is none. */
export function findContainerLog({
  record,
  podName,
  folder,
  current,
  previous,
}: LogLookup): ContainerLog | string {
  const { name, state, lastState, restartCount } = record;
  if (previous) {
    return lastState?.terminated === undefined
      ? `previous terminated container "${name}" in pod "${podName}" not found`
      : { path: logPath(folder, name, previousRun(record)) };
  }
  return current === undefined
    ? `container "${name}" in pod "${podName}" is waiting to start: ${state.waiting?.reason ?? 'ContainerCreating'}`
    : { file: current, path: logPath(folder, name, restartCount) };
}

/** While a container waits for its next start, its last run is still the one that the count names. */
function previousRun({ state, restartCount }: ContainerRecord): number {
  return state.waiting === undefined ? restartCount - 1 : restartCount;
}
