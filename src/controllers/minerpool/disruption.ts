import type { Pod } from '../../api/builtin.ts';
import type { Immutable } from '../../api/kube-object.ts';

/** Whether the cluster ended the pod, or is about to: preemption, eviction, drain. That is no failure of the pod. */
export function isDisrupted({ status }: Immutable<Pod>): boolean {
  return (
    status?.conditions?.some(
      (condition) => condition.type === 'DisruptionTarget' && condition.status === 'True',
    ) === true
  );
}

/** Whether the pod has failed by itself: nobody was ending it. The kubelet calls failed, too, what it was told to stop. */
export function hasFailedByItself(pod: Immutable<Pod>): boolean {
  return pod.status?.phase === 'Failed' && pod.metadata.deletionTimestamp === undefined && !isDisrupted(pod);
}
