import type { Container, ContainerState, ContainerStatus } from '../../api/builtin.ts';
import type { Immutable } from '../../api/kube-object.ts';

/** `sidecar` is an init container with restartPolicy Always: started before the others, never waited for to end. */
export type ContainerKind = 'init' | 'sidecar' | 'main';

/** What the agent knows of one container: everything its status is made of. */
export interface ContainerRecord {
  readonly name: string;
  readonly image: string;
  readonly kind: ContainerKind;
  readonly state: ContainerState;
  readonly lastState?: ContainerState;
  readonly restartCount: number;
  /** Runs, and its startup probe has passed. */
  readonly started: boolean;
  /** Started, and its readiness probe passes. */
  readonly ready: boolean;
  readonly containerID?: string;
}

/** When a container is started again. */
export type RestartPolicy = 'Always' | 'OnFailure' | 'Never';

export function shouldRestart(policy: RestartPolicy, exitCode: number): boolean {
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
}

/** kubelet: under Always, an init container that fails is repeated, and one that succeeds is done. */
export function restartPolicyOf(kind: ContainerKind, podPolicy: RestartPolicy | undefined): RestartPolicy {
  const policy = podPolicy ?? 'Always';
  if (kind === 'sidecar') {
    return 'Always';
  }
  return kind === 'init' && policy === 'Always' ? 'OnFailure' : policy;
}

/** Where a container stands when its pod is taken up. */
export interface Resumed {
  readonly record: ContainerRecord;
  /** It has ended for good in an earlier life of the agent; its exit code. */
  readonly finished?: number;
}

/**
 * Goes on from the status that an earlier agent left. Processes never outlive their agent, so what ran then has ended now:
 * with 137, as if killed. A restart counts on.
 */
export function resumeRecord(
  container: Immutable<Container>,
  kind: ContainerKind,
  {
    previous,
    policy,
    now,
  }: { previous: Immutable<ContainerStatus> | undefined; policy: RestartPolicy; now: string },
): Resumed {
  const fresh: ContainerRecord = {
    name: container.name,
    image: container.image ?? '',
    kind,
    state: { waiting: { reason: kind === 'init' ? 'PodInitializing' : 'ContainerCreating' } },
    restartCount: 0,
    started: false,
    ready: false,
  };
  const last = lastTermination(previous, now);
  if (previous === undefined || last === undefined) {
    return { record: fresh };
  }
  // An init container runs again with every new life of its pod.
  if (kind !== 'init' && !shouldRestart(policy, last.exitCode)) {
    const record = { ...fresh, state: { terminated: last }, restartCount: previous.restartCount };
    return { record, finished: last.exitCode };
  }
  return { record: { ...fresh, lastState: { terminated: last }, restartCount: previous.restartCount + 1 } };
}

type Termination = NonNullable<ContainerState['terminated']>;

function lastTermination(
  previous: Immutable<ContainerStatus> | undefined,
  now: string,
): Termination | undefined {
  const { running, terminated } = previous?.state ?? {};
  if (running !== undefined) {
    return {
      exitCode: 137,
      signal: 9,
      reason: 'Error',
      message: 'the node agent was restarted, and its processes with it',
      startedAt: running.startedAt ?? now,
      finishedAt: now,
      ...(previous?.containerID === undefined ? {} : { containerID: previous.containerID }),
    };
  }
  return terminated ?? previous?.lastState?.terminated;
}
