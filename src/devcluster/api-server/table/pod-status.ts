import { isObject } from '../schema/json.ts';
import type { JsonObject } from '../schema/schema.ts';
import { ageOf } from './age.ts';
import { at, numberAt, objectsAt, textAt } from './reading.ts';

/** What `kubectl get pods` says of a pod in one line. */
export interface PodSummary {
  /** `1/2` */
  readonly ready: string;
  /** `Running`, `Init:0/1`, `CrashLoopBackOff`, ... */
  readonly status: string;
  /** `3 (2m ago)` */
  readonly restarts: string;
}

/** Sums up the states of a pod's containers (kubernetes pkg/printers/internalversion printPod). */
export function podSummary(pod: JsonObject, now: number): PodSummary {
  const inits = initProgress(pod);
  const mains = mainProgress(pod);
  const counts = inits.stuck === undefined || isInitialized(pod);
  const ready = inits.ready + (counts ? mains.ready : 0);
  const restarts = counts ? mains.restarts + inits.sidecarRestarts : inits.restarts;
  const last = counts ? latest(mains.last, inits.sidecarLast) : inits.last;
  const reason = (counts ? mains.reason : undefined) ?? inits.stuck ?? phaseReason(pod);
  return {
    ready: `${ready}/${objectsAt(pod, 'spec', 'containers').length + sidecars(pod).size}`,
    status: deletionStatus(pod) ?? (counts ? finalReason(pod, reason, mains) : reason),
    restarts: restarts === 0 || last === undefined ? `${restarts}` : `${restarts} (${ageOf(last, now)} ago)`,
  };
}

function phaseReason(pod: JsonObject): string {
  const gated = objectsAt(pod, 'status', 'conditions').some(
    (condition) =>
      textAt(condition, 'type') === 'PodScheduled' && textAt(condition, 'reason') === 'SchedulingGated',
  );
  const reason = textAt(pod, 'status', 'reason');
  return gated ? 'SchedulingGated' : reason === '' ? textAt(pod, 'status', 'phase') : reason;
}

/** Init containers that go on running beside the others. */
function sidecars(pod: JsonObject): Set<string> {
  return new Set(
    objectsAt(pod, 'spec', 'initContainers')
      .filter((container) => textAt(container, 'restartPolicy') === 'Always')
      .map((container) => textAt(container, 'name')),
  );
}

interface InitProgress {
  /** Why initialisation has not ended. */
  readonly stuck?: string | undefined;
  readonly ready: number;
  readonly restarts: number;
  readonly last?: string | undefined;
  readonly sidecarRestarts: number;
  readonly sidecarLast?: string | undefined;
}

function initProgress(pod: JsonObject): InitProgress {
  const alongside = sidecars(pod);
  const total = objectsAt(pod, 'spec', 'initContainers').length;
  let progress: InitProgress = { ready: 0, restarts: 0, sidecarRestarts: 0 };
  for (const [index, status] of objectsAt(pod, 'status', 'initContainerStatuses').entries()) {
    const isSidecar = alongside.has(textAt(status, 'name'));
    progress = counted(progress, status, isSidecar);
    if (isSidecar && at(status, 'started') === true && !succeeded(status)) {
      progress = { ...progress, ready: progress.ready + (at(status, 'ready') === true ? 1 : 0) };
    } else if (!succeeded(status)) {
      return { ...progress, stuck: initReason(status, `${index}/${total}`) };
    }
  }
  return progress;
}

function counted(progress: InitProgress, status: JsonObject, isSidecar: boolean): InitProgress {
  const restarts = numberAt(status, 'restartCount');
  const ended = lastEnd(status);
  return {
    ...progress,
    restarts: progress.restarts + restarts,
    last: latest(progress.last, ended),
    sidecarRestarts: progress.sidecarRestarts + (isSidecar ? restarts : 0),
    sidecarLast: isSidecar ? latest(progress.sidecarLast, ended) : progress.sidecarLast,
  };
}

function succeeded(status: JsonObject): boolean {
  const terminated = at(status, 'state', 'terminated');
  return isObject(terminated) && numberAt(terminated, 'exitCode') === 0;
}

function initReason(status: JsonObject, position: string): string {
  const terminated = at(status, 'state', 'terminated');
  if (isObject(terminated)) {
    return `Init:${terminationReason(terminated)}`;
  }
  const waiting = textAt(status, 'state', 'waiting', 'reason');
  return waiting !== '' && waiting !== 'PodInitializing' ? `Init:${waiting}` : `Init:${position}`;
}

function terminationReason(terminated: JsonObject): string {
  const reason = textAt(terminated, 'reason');
  const signal = numberAt(terminated, 'signal');
  if (reason !== '') {
    return reason;
  }
  return signal === 0 ? `ExitCode:${numberAt(terminated, 'exitCode')}` : `Signal:${signal}`;
}

interface MainProgress {
  readonly ready: number;
  readonly restarts: number;
  readonly last: string | undefined;
  /** Of the first container that has one. */
  readonly reason: string | undefined;
  /** Of the first container that failed. */
  readonly failure: string | undefined;
}

function mainProgress(pod: JsonObject): MainProgress {
  let progress: MainProgress = {
    ready: 0,
    restarts: 0,
    last: undefined,
    reason: undefined,
    failure: undefined,
  };
  for (const status of objectsAt(pod, 'status', 'containerStatuses').reverse()) {
    const isReady = reasonOf(status) === undefined && isRunningReady(status);
    const failed = numberAt(status, 'state', 'terminated', 'exitCode') !== 0;
    progress = {
      ready: progress.ready + (isReady ? 1 : 0),
      restarts: progress.restarts + numberAt(status, 'restartCount'),
      last: latest(progress.last, lastEnd(status)),
      reason: reasonOf(status) ?? progress.reason,
      failure: failed ? reasonOf(status) : progress.failure,
    };
  }
  return progress;
}

function isRunningReady(status: JsonObject): boolean {
  return at(status, 'ready') === true && isObject(at(status, 'state', 'running'));
}

function reasonOf(status: JsonObject): string | undefined {
  const waiting = textAt(status, 'state', 'waiting', 'reason');
  const terminated = at(status, 'state', 'terminated');
  if (waiting !== '') {
    return waiting;
  }
  return isObject(terminated) ? terminationReason(terminated) : undefined;
}

/** A pod one of whose containers completed is what the others are. */
function finalReason(pod: JsonObject, reason: string, { ready, failure }: MainProgress): string {
  if (reason !== 'Completed') {
    return reason;
  }
  if (ready > 0 && isConditionTrue(pod, 'Ready')) {
    return 'Running';
  }
  return failure ?? (ready > 0 ? 'NotReady' : reason);
}

function deletionStatus(pod: JsonObject): string | undefined {
  if (at(pod, 'metadata', 'deletionTimestamp') === undefined) {
    return undefined;
  }
  if (textAt(pod, 'status', 'reason') === 'NodeLost') {
    return 'Unknown';
  }
  return ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase')) ? undefined : 'Terminating';
}

function isInitialized(pod: JsonObject): boolean {
  return isConditionTrue(pod, 'Initialized');
}

function isConditionTrue(pod: JsonObject, type: string): boolean {
  return objectsAt(pod, 'status', 'conditions').some(
    (condition) => textAt(condition, 'type') === type && textAt(condition, 'status') === 'True',
  );
}

function lastEnd(status: JsonObject): string | undefined {
  const ended = textAt(status, 'lastState', 'terminated', 'finishedAt');
  return ended === '' ? undefined : ended;
}

function latest(left: string | undefined, right: string | undefined): string | undefined {
  if (left === undefined || right === undefined) {
    return left ?? right;
  }
  return Date.parse(left) < Date.parse(right) ? right : left;
}
