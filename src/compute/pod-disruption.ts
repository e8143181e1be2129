import type { Pod } from '../api/builtin.ts';
import type { Immutable } from '../api/kube-object.ts';

/** Whether the cluster ended the pod, or is about to: preemption, eviction, drain. That is no failure of the pod. */
export function isDisrupted({ status }: Immutable<Pod>): boolean {
  return (
    status?.conditions?.some(
      (condition) => condition.type === 'DisruptionTarget' && condition.status === 'True',
    ) === true
  );
}
