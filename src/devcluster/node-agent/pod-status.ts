import type { ContainerStatus, Pod, PodCondition, PodStatus } from '../../api/builtin.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { rfc3339 } from '../../time/clock.ts';
import type { ContainerRecord } from './container-record.ts';

/** Everything a pod's status is made of. */
export interface PodStatusInput {
  readonly pod: Immutable<Pod>;
  /** Init containers and sidecars first, in the order of the spec. */
  readonly records: readonly ContainerRecord[];
  /** The pod is being ended: what has ended is not started again. */
  readonly ending: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly podIP: string;
}

type Phase = NonNullable<PodStatus['phase']>;

/** The status that kubelet would write. Conditions that others have set are kept; times move only with what they time. */
export function podStatus(input: PodStatusInput): PodStatus {
  const { pod, records, podIP, now } = input;
  const init = records.filter(({ kind }) => kind !== 'main').map(containerStatus);
  return {
    phase: phaseOf(input),
    conditions: conditionsOf(input),
    hostIP: '127.0.0.1',
    podIP,
    podIPs: [{ ip: podIP }],
    startTime: pod.status?.startTime ?? rfc3339(now),
    ...(init.length === 0 ? {} : { initContainerStatuses: init }),
    containerStatuses: records.filter(({ kind }) => kind === 'main').map(containerStatus),
  };
}

function containerStatus(record: ContainerRecord): ContainerStatus {
  const { name, image, state, lastState, restartCount, containerID } = record;
  return {
    name,
    image,
    imageID: `headframe://${image}`,
    // kubelet: an init container that has succeeded counts as ready.
    ready: record.ready || (record.kind === 'init' && state.terminated?.exitCode === 0),
    started: record.started,
    restartCount,
    state,
    lastState: lastState ?? {},
    ...(containerID === undefined ? {} : { containerID }),
  };
}

/** Whether everything that comes before the main containers is done. */
function initialised(records: readonly ContainerRecord[]): boolean {
  return records.every(
    ({ kind, state, started }) =>
      kind === 'main' || (kind === 'init' ? state.terminated?.exitCode === 0 : started),
  );
}

/** kubelet's getPhase; a phase that is an end stays. */
function phaseOf({ pod, records, ending }: PodStatusInput): Phase {
  const before = pod.status?.phase;
  if (before === 'Succeeded' || before === 'Failed') {
    return before;
  }
  const policy = pod.spec.restartPolicy ?? 'Always';
  const failed = records.filter((record) => record.kind !== 'sidecar' && hasFailed(record));
  if ((ending || policy === 'Never') && failed.some(({ kind }) => kind === 'init')) {
    return 'Failed';
  }
  const main = records.filter(({ kind }) => kind === 'main');
  if (main.every(({ state }) => state.terminated !== undefined)) {
    return endPhase(policy, { ending, failed: failed.length > 0 });
  }
  // Once begun, a pod does not go back to Pending while a sidecar starts again.
  const begun = before === 'Running' || initialised(records);
  return begun && !main.some(isUntouched) ? 'Running' : 'Pending';
}

function hasFailed({ state }: ContainerRecord): boolean {
  return state.terminated !== undefined && state.terminated.exitCode !== 0;
}

/** Waits for its very first start. */
function isUntouched({ state, lastState }: ContainerRecord): boolean {
  return state.waiting !== undefined && lastState?.terminated === undefined;
}

function endPhase(
  policy: NonNullable<Pod['spec']['restartPolicy']>,
  { ending, failed }: { ending: boolean; failed: boolean },
): Phase {
  const repeats = policy === 'Always' || (policy === 'OnFailure' && failed);
  if (repeats && !ending) {
    return 'Running';
  }
  return failed ? 'Failed' : 'Succeeded';
}

interface Verdict {
  readonly type: string;
  readonly problem?: { readonly reason: string; readonly message?: string } | undefined;
}

function conditionsOf(input: PodStatusInput): PodCondition[] {
  const { pod, records, now } = input;
  const previous = pod.status?.conditions ?? [];
  const readiness = readinessProblem(input);
  const initProblem = initialised(records) ? undefined : notInitialised(records);
  const verdicts: Verdict[] = [
    { type: 'PodReadyToStartContainers' },
    { type: 'Initialized', problem: initProblem },
    { type: 'Ready', problem: readiness },
    { type: 'ContainersReady', problem: readiness },
    { type: 'PodScheduled' },
  ];
  const own = verdicts.map(({ type, problem }): PodCondition => {
    const status = problem === undefined ? 'True' : 'False';
    const before = previous.find((condition) => condition.type === type);
    const unchanged = before?.status === status ? before.lastTransitionTime : undefined;
    return { type, status, ...problem, lastTransitionTime: unchanged ?? rfc3339(now) };
  });
  const foreign = previous.filter((condition) => !own.some(({ type }) => type === condition.type));
  return [...own, ...foreign];
}

function readinessProblem(input: PodStatusInput): Verdict['problem'] {
  if (phaseOf(input) === 'Succeeded') {
    return { reason: 'PodCompleted' };
  }
  const unready = input.records
    .filter(({ kind, ready }) => kind !== 'init' && !ready)
    .map(({ name }) => name);
  return unready.length === 0
    ? undefined
    : { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` };
}

function notInitialised(records: readonly ContainerRecord[]): Verdict['problem'] {
  const names = records
    .filter(({ kind, state, started }) =>
      kind === 'init' ? state.terminated?.exitCode !== 0 : kind === 'sidecar' && !started,
    )
    .map(({ name }) => name);
  return {
    reason: 'ContainersNotInitialized',
    message: `containers with incomplete status: [${names.join(' ')}]`,
  };
}

/**
 * Whether the server's value says all that ours says. What the server has besides (defaults, fields of others) does not
 * count; null and absent are the same.
 */
export function covers(server: unknown, ours: unknown): boolean {
  if (Array.isArray(ours)) {
    return (
      Array.isArray(server) &&
      server.length === ours.length &&
      ours.every((item, index) => covers(server[index] as unknown, item))
    );
  }
  if (typeof ours === 'object' && ours !== null) {
    if (typeof server !== 'object' || server === null) {
      return false;
    }
    const theirs = server as Record<string, unknown>;
    return Object.entries(ours).every(([key, value]) => covers(theirs[key], value));
  }
  return (server ?? undefined) === (ours ?? undefined);
}
