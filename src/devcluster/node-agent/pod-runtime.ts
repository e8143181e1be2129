import { join } from 'node:path';
import type { Container, Pod } from '../../api/builtin.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../time/clock.ts';
import { signalGroup, type ProcessGuard } from '../process/guard.ts';
import { environmentSource } from './config-source.ts';
import type { Launched } from './container-runner.ts';
import { containerEnv, expandReferences } from './env.ts';
import type { GpuDevice } from './gpu-devices.ts';
import { commandLine, programOf, type ImageTable } from './images.ts';
import { openLogFile, type LogFile } from './log-file.ts';
import { mapMountPaths } from './mount-paths.ts';
import { portEnv, type PortMap } from './ports.ts';
import { startProcess } from './process.ts';
import { sleepingProcess } from './sleeping-process.ts';
import { makeMounts } from './volumes.ts';

/** All pods of the agent share the loopback address; their ports differ. */
export const POD_IP = '127.0.0.1';

export interface LaunchInput {
  readonly pod: Immutable<Pod>;
  readonly container: Immutable<Container>;
  readonly restartCount: number;
  readonly ports: PortMap;
  readonly gpus: readonly GpuDevice[];
  /** The pod's folder on this machine. */
  readonly folder: string;
}

export interface LaunchServices {
  readonly client: KubeClient;
  readonly guard: ProcessGuard;
  readonly clock: Clock;
  readonly images: ImageTable;
}

/** Path of a run's log under the pod's folder. */
export function logPath(folder: string, container: string, restartCount: number): string {
  return join(folder, 'containers', container, 'logs', `${restartCount}.log`);
}

/**
 * Starts one run of a container: a process of this machine, or one that only sleeps.
 * @throws ContainerConfigError, or ApiError when its configuration cannot be read
 */
export async function launchContainer(
  input: LaunchInput,
  services: LaunchServices,
): Promise<Launched & { log: LogFile }> {
  const { pod, container, folder, ports, restartCount } = input;
  const { guard, clock } = services;
  const source = await environmentSource(services.client, pod, container);
  const { root, mounts } = await makeMounts(container, folder);
  const cwdFallback = join(folder, 'containers', container.name);
  const given = {
    ...machineEnv(pod, cwdFallback),
    HEADFRAME_MOUNT_ROOT: root,
    ...gpuEnv(input.gpus),
    ...portEnv(container, ports),
  };
  const declared = containerEnv({ pod, container, source, given, podIP: POD_IP });
  const env = Object.fromEntries(
    // What the agent gives are real paths already.
    Object.entries(declared).map(([name, value]) => [
      name,
      Object.hasOwn(given, name) && value === given[name as keyof typeof given]
        ? value
        : mapMountPaths(value, mounts),
    ]),
  );
  const expand = (argument: string): string => mapMountPaths(expandReferences(argument, declared), mounts);
  const program = programOf(container.image ?? '', services.images);
  const workingDir = mapMountPaths(container.workingDir ?? '', mounts);
  // A folder of the image does not exist here; one of a volume does.
  const cwd = workingDir !== '' && workingDir !== container.workingDir ? workingDir : cwdFallback;
  const log = openLogFile({ path: logPath(folder, container.name, restartCount), now: () => clock.now() });
  const exec = (probe: readonly string[], timeoutMs: number): Promise<number | undefined> =>
    runToEnd(guard, { command: probe.map(expand), env, cwd, timeoutMs });
  const replaced = { command: container.command?.map(expand), args: container.args?.map(expand) };
  const process =
    program.kind === 'idle'
      ? sleepingProcess(log)
      : startProcess({ command: commandLine(program, replaced), env, cwd, log, guard, clock });
  return { process, log, idle: program.kind === 'idle', target: { container, ports, exec } };
}

/** What an image would have set. Nothing of the agent's own environment goes to the pods but the way to programs. */
function machineEnv(pod: Immutable<Pod>, home: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    HOME: home,
    HOSTNAME: pod.spec.hostname ?? pod.metadata.name,
  };
}

function gpuEnv(gpus: readonly GpuDevice[]): Record<string, string> {
  return gpus.length === 0 ? {} : { NVIDIA_VISIBLE_DEVICES: gpus.map(({ uuid }) => uuid).join(',') };
}

interface Command {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly timeoutMs: number;
}

function runToEnd(
  guard: ProcessGuard,
  { command, env, cwd, timeoutMs }: Command,
): Promise<number | undefined> {
  const [program = '', ...args] = command;
  const child = guard.spawn(program, args, { env, cwd, stdio: 'ignore' });
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve(undefined);
      if (child.pid !== undefined) {
        signalGroup(child.pid, 'SIGKILL');
      }
    }, timeoutMs);
    const finish = (code: number): void => {
      clearTimeout(timer);
      resolve(code);
    };
    child.once('error', () => finish(126));
    child.once('exit', (code) => finish(code ?? 128));
  });
}
