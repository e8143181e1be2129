import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Pods, type Container, type Pod } from '../../api/builtin.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { isConflict, isNotFound } from '../../kube/errors.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { rfc3339, sleep } from '../../time/clock.ts';
import { volumeSource } from './config-source.ts';
import { findContainerLog, type ContainerLog } from './container-log.ts';
import { resumeRecord, restartPolicyOf, type ContainerKind } from './container-record.ts';
import { createContainerRunner, type ContainerRunner, type Launched } from './container-runner.ts';
import type { GpuAllocator, GpuDevice } from './gpu-devices.ts';
import type { LogFile } from './log-file.ts';
import { launchContainer, logPath, POD_IP, type LaunchServices } from './pod-runtime.ts';
import { podStatus } from './pod-status.ts';
import { allocatePorts, PORTS_ANNOTATION, type PortMap } from './ports.ts';
import { createStatusWriter, type StatusWriter } from './status-writer.ts';
import { makeVolumes } from './volumes.ts';

export interface PodWorkerOptions extends LaunchServices {
  readonly gpus: GpuAllocator;
  readonly log: Logger;
  /** The agent's folder; each pod has one of its own in it, named by its UID. */
  readonly folder: string;
  readonly backoffScale: number;
  /** False while the pod's node is cut off. */
  readonly isReachable: () => boolean;
}

/** A container that runs now. */
export interface RunningContainer {
  readonly container: string;
  /** Of its processes; undefined when it only sleeps. */
  readonly group: number | undefined;
  readonly gpus: readonly GpuDevice[];
}

/** Runs one pod from its binding to its end. */
export interface PodWorker {
  readonly pod: Immutable<Pod>;
  /** The server's newest word on the pod: begins the graceful end when it is being deleted. */
  update(pod: Immutable<Pod>): void;
  /** The pod is no longer there, or the agent stops: ends everything within `graceMs`, writes nothing. Resolves when all has ended. */
  abandon(graceMs: number): Promise<void>;
  /** The status may have to be written again: the node can be reached again. */
  refresh(): void;
  running(): readonly RunningContainer[];
  /** Undefined for an unknown container; a string says why there is no log. */
  containerLog(container: string, previous: boolean): ContainerLog | string | undefined;
}

const DEFAULT_GRACE_SECONDS = 30;
const SETUP_RETRY_MS = 2_000;
const DELETE_RETRY_MS = 1_000;

interface Member {
  readonly container: Immutable<Container>;
  readonly kind: ContainerKind;
  readonly runner: ContainerRunner;
}

export function startPodWorker(first: Immutable<Pod>, options: PodWorkerOptions): PodWorker {
  const { client, clock, log } = options;
  const { metadata, spec } = first;
  const folder = join(options.folder, metadata.uid);
  const stopping = new AbortController();
  const logs = new Map<string, LogFile>();
  const sidecars: Promise<unknown>[] = [];
  const gpus = options.gpus.allocate(metadata.uid, spec);
  let pod = first;
  let ports: PortMap = new Map();
  let abandoned = false;
  let ending: Promise<void> | undefined;

  const writer: StatusWriter = createStatusWriter(first, {
    client,
    clock,
    log,
    isReachable: () => options.isReachable() && !abandoned,
    compute: (newest) =>
      podStatus({
        pod: newest,
        records: members.map(({ runner }) => runner.record),
        ending: ending !== undefined,
        now: clock.now(),
        podIP: POD_IP,
      }),
  });
  const members = [
    ...(spec.initContainers ?? []).map((container) =>
      member(container, container.restartPolicy === 'Always' ? 'sidecar' : 'init'),
    ),
    ...spec.containers.map((container) => member(container, 'main')),
  ];
  const isStopping = (): boolean => stopping.signal.aborted;
  const living = run().catch((error: unknown) => log.error('the pod worker failed', { error }));

  function member(container: Immutable<Container>, kind: ContainerKind): Member {
    const policy = restartPolicyOf(kind, spec.restartPolicy);
    const statuses = [
      ...(first.status?.initContainerStatuses ?? []),
      ...(first.status?.containerStatuses ?? []),
    ];
    const previous = statuses.find(({ name }) => name === container.name);
    const runner = createContainerRunner({
      container,
      resumed: resumeRecord(container, kind, { previous, policy, now: rfc3339(clock.now()) }),
      policy,
      clock,
      backoffScale: options.backoffScale,
      podLabel: `${metadata.name}_${metadata.namespace ?? ''}(${metadata.uid})`,
      graceMs: graceMsOf(first),
      launch: (restartCount) => launch(container, restartCount),
      onChange: () => writer.changed(),
    });
    return { container, kind, runner };
  }

  async function launch(container: Immutable<Container>, restartCount: number): Promise<Launched> {
    const assigned = gpus.get(container.name) ?? [];
    const launched = await launchContainer(
      { pod, container, restartCount, ports, gpus: assigned, folder },
      options,
    );
    logs.set(container.name, launched.log);
    // kubectl logs --previous reaches one run back; older ones go.
    await rm(logPath(folder, container.name, restartCount - 2), { force: true });
    return launched;
  }

  /** Folders, volumes and ports, tried again until they are there. */
  async function prepare(): Promise<void> {
    while (!isStopping()) {
      try {
        await mkdir(folder, { recursive: true });
        await makeVolumes({ pod, source: await volumeSource(client, pod), folder, podIP: POD_IP });
        ports = await allocatePorts(spec);
        await announcePorts();
        return;
      } catch (error) {
        log.warn('the pod cannot be set up yet', { error });
        await sleep(clock, SETUP_RETRY_MS, stopping.signal);
      }
    }
  }

  async function announcePorts(): Promise<void> {
    if (ports.size > 0) {
      const text = JSON.stringify(Object.fromEntries(ports));
      await client.mergePatch(Pods, metadata, {
        metadata: { uid: metadata.uid, annotations: { [PORTS_ANNOTATION]: text } },
      });
    }
  }

  /** Init containers one after another, sidecars beside them. False when one has failed for good. */
  async function runInit(): Promise<boolean> {
    for (const { kind, runner } of members) {
      if (kind === 'sidecar') {
        sidecars.push(runner.run());
        await runner.whenStarted();
      } else if (kind === 'init' && (await runner.run()) !== 0) {
        return false;
      }
      if (isStopping()) {
        return false;
      }
    }
    return true;
  }

  async function run(): Promise<void> {
    if (isTerminal(first)) {
      options.gpus.release(metadata.uid);
      return;
    }
    writer.changed();
    await prepare();
    if (!isStopping() && (await runInit())) {
      await Promise.all(members.filter(({ kind }) => kind === 'main').map(({ runner }) => runner.run()));
    }
    // Sidecars outlive the others, and only those.
    members.forEach(({ runner }) => runner.stop(graceMsOf(pod)));
    options.gpus.release(metadata.uid);
  }

  function stopContainers(graceMs: number): void {
    stopping.abort();
    members.filter(({ kind }) => kind !== 'sidecar').forEach(({ runner }) => runner.stop(graceMs));
    if (graceMs === 0) {
      members.forEach(({ runner }) => runner.stop(0));
    }
  }

  /** What kubelet does: end the containers, say how they ended, then let go of the object. */
  async function endGracefully(): Promise<void> {
    stopContainers(graceMsOf(pod));
    await living;
    await Promise.all(sidecars);
    await writer.flush();
    await removeObject();
  }

  async function removeObject(): Promise<void> {
    while (!abandoned) {
      try {
        if (options.isReachable()) {
          await client.delete(Pods, metadata, { uid: metadata.uid, gracePeriodSeconds: 0 });
          return;
        }
      } catch (error) {
        if (isNotFound(error) || isConflict(error)) {
          return;
        }
        log.warn('the ended pod could not be deleted', { error });
      }
      await sleep(clock, DELETE_RETRY_MS);
    }
  }

  return {
    get pod() {
      return pod;
    },
    update(newer) {
      const shorter = graceMsOf(newer) < graceMsOf(pod);
      pod = newer;
      writer.observed(newer);
      if (newer.metadata.deletionTimestamp === undefined) {
        return;
      }
      if (ending === undefined) {
        // Assigned before it begins, for the status says that it is ending.
        ending = Promise.resolve().then(endGracefully);
      } else if (shorter) {
        stopContainers(graceMsOf(newer));
      }
    },
    async abandon(graceMs) {
      abandoned = true;
      writer.stop();
      stopContainers(graceMs);
      members.forEach(({ runner }) => runner.stop(graceMs));
      await living;
      await Promise.all(sidecars);
      options.gpus.release(metadata.uid);
      await rm(folder, { recursive: true, force: true });
    },
    refresh: () => writer.changed(),
    running: () =>
      members.flatMap(({ container, runner }) =>
        runner.process === undefined
          ? []
          : [
              {
                container: container.name,
                group: runner.process.group,
                gpus: gpus.get(container.name) ?? [],
              },
            ],
      ),
    containerLog(name, previous) {
      const record = members.find(({ container }) => container.name === name)?.runner.record;
      const current = logs.get(name);
      return record && findContainerLog({ record, podName: metadata.name, folder, current, previous });
    },
  };
}

function isTerminal({ status }: Immutable<Pod>): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

/** How long the pod's containers have to end, in milliseconds. */
function graceMsOf({ metadata, spec }: Immutable<Pod>): number {
  const seconds =
    metadata.deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS;
  return seconds * 1000;
}
