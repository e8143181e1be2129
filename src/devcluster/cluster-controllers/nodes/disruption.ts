import { Pods, type Pod, type PodCondition, type PodStatus } from '../../../api/builtin.ts';
import type { Immutable } from '../../../api/kube-object.ts';
import type { KubeClient } from '../../../kube/client.ts';
import { isNotFound } from '../../../kube/errors.ts';
import { rfc3339, type Clock } from '../../../time/clock.ts';

/** Why a controller ends a pod: what its condition `DisruptionTarget` says. */
export interface Disruption {
  readonly reason: string;
  readonly message: string;
  /** The pod's node is gone: nobody else will end the pod. */
  readonly force: boolean;
}

/** Writes the reason into the pod and deletes it. A pod that is gone, or another of its name, is left alone. */
export async function disrupt(
  pod: Immutable<Pod>,
  { reason, message, force }: Disruption,
  { client, clock }: { readonly client: KubeClient; readonly clock: Clock },
): Promise<void> {
  const condition = { type: 'DisruptionTarget', status: 'True', reason, message } as const;
  const conditions = withCondition(pod.status?.conditions ?? [], condition, clock.now());
  const ended = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
  const status: Immutable<PodStatus> = force && !ended ? { phase: 'Failed', conditions } : { conditions };
  const { uid } = pod.metadata;
  try {
    await client.patchStatus(Pods, pod, status);
    await client.delete(Pods, pod.metadata, force ? { uid, gracePeriodSeconds: 0 } : { uid });
  } catch (error) {
    if (!isNotFound(error)) {
      throw error;
    }
  }
}

/** The conditions with this one; its transition time moves only with its status. */
export function withCondition(
  conditions: readonly Immutable<PodCondition>[],
  condition: PodCondition,
  now: number,
): Immutable<PodCondition>[] {
  const before = conditions.find(({ type }) => type === condition.type);
  const lastTransitionTime = before?.status === condition.status ? before.lastTransitionTime : undefined;
  return [
    ...conditions.filter(({ type }) => type !== condition.type),
    { ...condition, lastTransitionTime: lastTransitionTime ?? rfc3339(now) },
  ];
}
