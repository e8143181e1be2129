import type { Pod } from '../../api/builtin.ts';
import { annotations } from '../../api/group.ts';
import type { Immutable } from '../../api/kube-object.ts';

/** A pod that this Headframe made, and that is not being deleted. */
export interface Guest {
  readonly pod: Immutable<Pod>;
  /** `spec.priority` of its MinerPool. */
  readonly priority: number;
  /** What one of its GPUs is worth in V100s; 0 when that is not known, or when it has no node yet. */
  readonly v100EquivalentsPerGpu: number;
  /** Extended resource, such as `nvidia.com/gpu`. */
  readonly resource: string;
  readonly gpus: number;
}

/** Which of two guests leaves first: that of the lower priority, then that on the lesser model, then the younger one. */
export function byValue(a: Guest, b: Guest): number {
  return (
    a.priority - b.priority ||
    a.v100EquivalentsPerGpu - b.v100EquivalentsPerGpu ||
    bornAt(b) - bornAt(a) ||
    (nameOf(a) < nameOf(b) ? -1 : 1)
  );
}

/** When the guest was made, in milliseconds since 1970. */
export function bornAt({ pod }: Guest): number {
  return Date.parse(pod.metadata.creationTimestamp);
}

/**
 * When a guest that has notice is to leave, in milliseconds since 1970; undefined when it has none. A pool's template can bring the
 * annotation along: what lies further ahead than any notice is none.
 * @param latest the last moment that a notice may name
 */
export function noticeOf({ pod }: Guest, latest: number): number | undefined {
  const text = pod.metadata.annotations?.[annotations.leaveAt];
  const time = text === undefined ? NaN : Date.parse(text);
  return time <= latest ? time : undefined;
}

/** Whether the pod carries a notice, whatever it says. */
export function hasNotice({ pod }: Guest): boolean {
  return pod.metadata.annotations?.[annotations.leaveAt] !== undefined;
}

function nameOf({ pod: { metadata } }: Guest): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
