import type { ContainerStatus, Pod } from '../../api/builtin.ts';
import type { Immutable } from '../../api/kube-object.ts';

/** GPUs that a pod holds or held. */
export interface Holding {
  /** UID of the pod. */
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  /** Whose pod it is, such as `ml/miners`. */
  readonly pool: string;
  /** As the inventory lists the units: a catalogue id with the MIG profile or `-shared` of a part, or a product label. */
  readonly model: string;
  /** Units of the GPU resource: GPUs, MIG instances or time slices. */
  readonly units: number;
  /** Of one unit; 0 when the model is unknown. */
  readonly v100Equivalents: number;
  /** Since when, in milliseconds since 1970. */
  readonly from: number;
  /** Until when, in milliseconds since 1970; undefined while the pod holds them. */
  readonly until: number | undefined;
}

/** When the pod was bound to its node, in milliseconds since 1970; undefined while it is not. From then on nobody else can have its GPUs. */
export function heldFrom(pod: Immutable<Pod>): number | undefined {
  if (pod.spec.nodeName === undefined) {
    return undefined;
  }
  const bound = pod.status?.conditions?.find(
    ({ type, status }) => type === 'PodScheduled' && status === 'True',
  );
  // A pod that was made with a node already in it is bound from its beginning.
  return (
    parseTime(bound?.lastTransitionTime) ??
    parseTime(pod.status?.startTime) ??
    parseTime(pod.metadata.creationTimestamp)
  );
}

/**
 * The conditions that change when a pod ends, and those alone: what is kept of a pod has these, so that a pod comes to the same end
 * whether it is read whole or from a cache.
 */
export const ENDING_CONDITIONS: ReadonlySet<string> = new Set(['Ready', 'PodScheduled', 'DisruptionTarget']);

/**
 * When the last container of a Succeeded or Failed pod ended, in milliseconds since 1970; undefined while the pod may still run.
 * Of a pod whose containers did not all get to say when (its node was lost, or they never began), the last change of one of
 * {@link ENDING_CONDITIONS} counts; without one the pod counts as never having held anything.
 */
export function heldUntil(pod: Immutable<Pod>): number | undefined {
  const { phase, containerStatuses = [], initContainerStatuses = [], conditions = [] } = pod.status ?? {};
  if (phase !== 'Succeeded' && phase !== 'Failed') {
    return undefined;
  }
  const ends = [...containerStatuses, ...initContainerStatuses].map(endOf);
  const changes = conditions
    .filter(({ type }) => ENDING_CONDITIONS.has(type))
    .map(({ lastTransitionTime }) => parseTime(lastTransitionTime));
  return (ends.includes(undefined) ? undefined : latest(ends)) ?? latest(changes) ?? heldFrom(pod);
}

function endOf({ state }: Immutable<ContainerStatus>): number | undefined {
  return parseTime(state?.terminated?.finishedAt);
}

function latest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

function parseTime(text: string | undefined): number | undefined {
  const milliseconds = text === undefined ? NaN : Date.parse(text);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}
