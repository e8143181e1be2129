import type { Pod } from '../../api/builtin.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { isDisrupted } from '../../compute/pod-disruption.ts';

/** Whether the pod has failed by itself: nobody was ending it. The kubelet calls failed, too, what it was told to stop. */
export function hasFailedByItself(pod: Immutable<Pod>): boolean {
  return pod.status?.phase === 'Failed' && pod.metadata.deletionTimestamp === undefined && !isDisrupted(pod);
}
