import { type Pod, Pods } from '../../api/builtin.ts';
import { annotations } from '../../api/group.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isConflict, isNotFound } from '../../kube/errors.ts';
import { type Host, poolUidOf } from './own-guests.ts';

/**
 * All that Headframe writes on the pods of a cluster to have guests leave. Each pod is looked at once more before it is touched: one
 * that is not this Headframe's, or that Akash claims, is refused with an Error, whoever asks. A pod that is gone, or another by now
 * than the cache shows, is left alone: what it is then wakes the controller again.
 */
export interface GuestWriter {
  /** @param leaveAt RFC 3339 */
  giveNotice(pod: Immutable<Pod>, leaveAt: string): Promise<void>;
  withdrawNotice(pod: Immutable<Pod>): Promise<void>;
  /** SIGTERM, and after the pod's own grace, or `graceSeconds` if that is less, SIGKILL. */
  remove(pod: Immutable<Pod>, graceSeconds: number | undefined): Promise<void>;
}

/** Kubernetes' default of terminationGracePeriodSeconds. */
const DEFAULT_GRACE_SECONDS = 30;

/** @param client of the cluster in which the pods are; its writes are fenced by leadership */
export function guestWriter(client: KubeClient, host: Host): GuestWriter {
  function annotate({ metadata }: Immutable<Pod>, leaveAt: string | null): Promise<unknown> {
    const { namespace, name, resourceVersion } = metadata;
    // Names of replicas are used again: the version is what keeps the notice from the next pod of the name.
    const patch = { metadata: { resourceVersion, annotations: { [annotations.leaveAt]: leaveAt } } };
    return client.mergePatch(Pods, { namespace, name }, patch);
  }

  async function onlyOurs(pod: Immutable<Pod>, write: () => Promise<unknown>): Promise<void> {
    if (poolUidOf(pod, host) === undefined) {
      const { namespace, name } = pod.metadata;
      throw new Error(`pod ${namespace}/${name} is none of this Headframe's guests and may not be written`);
    }
    try {
      await write();
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) {
        throw error;
      }
    }
  }

  return {
    giveNotice: (pod, leaveAt) => onlyOurs(pod, () => annotate(pod, leaveAt)),
    withdrawNotice: (pod) => onlyOurs(pod, () => annotate(pod, null)),
    remove(pod, graceSeconds) {
      const { namespace, name, uid } = pod.metadata;
      const own = pod.spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS;
      const isCapped = graceSeconds !== undefined && graceSeconds < own;
      const options = { uid, ...(isCapped ? { gracePeriodSeconds: graceSeconds } : {}) };
      return onlyOurs(pod, () => client.delete(Pods, { namespace, name }, options));
    },
  };
}
