import type { ContainerStatus, Pod } from '../../api/builtin.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { isDisrupted } from '../pod-disruption.ts';
import { gpuResourceOf } from '../pod-gpus.ts';
import { heldFrom } from '../usage/holding.ts';

/** A GPU pod of which a container ended with an error: by that alone it may as well be the program's fault. */
export interface PodError {
  readonly node: string;
  readonly uid: string;
  /** Since when it holds its GPUs, in milliseconds since 1970. */
  readonly from: number;
  /** When a container ended so last. */
  readonly at: number;
}

/**
 * Undefined when no container has ended with an error, now or before it was started again. Neither counts what somebody ended (a pod that
 * is being deleted, evicted or preempted, or that the kubelet failed for a reason of its own), nor a want of memory.
 */
export function podErrorOf(pod: Immutable<Pod>): PodError | undefined {
  const { nodeName } = pod.spec;
  const { reason, containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  const at = latest([...containerStatuses, ...initContainerStatuses].flatMap(errorsOf));
  const from = heldFrom(pod);
  return nodeName === undefined ||
    from === undefined ||
    at === undefined ||
    reason !== undefined ||
    pod.metadata.deletionTimestamp !== undefined ||
    isDisrupted(pod) ||
    gpuResourceOf(pod) === undefined
    ? undefined
    : { node: nodeName, uid: pod.metadata.uid, from, at };
}

function errorsOf({ state, lastState }: Immutable<ContainerStatus>): readonly number[] {
  return [state?.terminated, lastState?.terminated].flatMap((end) =>
    end === undefined || end.exitCode === 0 || end.reason === 'OOMKilled' || end.finishedAt === undefined
      ? []
      : [Date.parse(end.finishedAt)],
  );
}

function latest(times: readonly number[]): number | undefined {
  const known = times.filter((time) => !Number.isNaN(time));
  return known.length === 0 ? undefined : Math.max(...known);
}
