import type { Pod } from '../api/builtin.ts';
import { annotations } from '../api/group.ts';
import type { Immutable } from '../api/kube-object.ts';
import { isGuest } from '../compute/node-usage.ts';
import { gpuResourceOf } from '../compute/pod-gpus.ts';
import { refusalOf } from '../compute/quarantine/failures.ts';
import { podErrorOf } from '../compute/quarantine/pod-errors.ts';
import type { Change } from '../kube/informer.ts';

/** Pods by what they are to the cluster: an index, so that the few that matter are found among ten thousand. */
export const BY_ROLE = 'role';

/**
 * `guest`: Headframe made it, this one or another. `told`: a guest that has notice. `unbound`: it is somebody else's, asks for GPUs and
 * has no node. `refused`: a GPU pod that its node did not admit. `erring`: a GPU pod of which a container ended with an error.
 */
export type PodRole = 'guest' | 'told' | 'unbound' | 'refused' | 'erring';

export function rolesOf(pod: Immutable<Pod>): readonly PodRole[] {
  const roles: PodRole[] = [];
  if (isGuest(pod)) {
    roles.push('guest');
    if (pod.metadata.annotations?.[annotations.leaveAt] !== undefined) {
      roles.push('told');
    }
  } else if (pod.spec.nodeName === undefined && gpuResourceOf(pod) !== undefined) {
    roles.push('unbound');
  }
  if (refusalOf(pod) !== undefined) {
    roles.push('refused');
  }
  if (podErrorOf(pod) !== undefined) {
    roles.push('erring');
  }
  return roles;
}

/**
 * Whether the change may concern the inventory of a cluster, or whom its guests have to make room for. A guest that is not bound to a
 * node holds nothing and displaces nobody.
 */
export function concernsCluster({ object }: Change<Pod>): boolean {
  return object.spec.nodeName !== undefined || rolesOf(object).length > (isGuest(object) ? 1 : 0);
}
