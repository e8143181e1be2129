import { Pods, type Pod, type PodCondition } from '../../../api/builtin.ts';
import type { Immutable } from '../../../api/kube-object.ts';
import type { KubeClient } from '../../../kube/client.ts';
import { isConflict, isNotFound } from '../../../kube/errors.ts';
import { rfc3339, type Clock } from '../../../time/clock.ts';
import type { EventWriter } from '../event-writer.ts';

/** Tells the user why a pod has no node: in its conditions, and once per reason in an event. */
export interface FailureReport {
  /** Never throws. */
  report(pod: Immutable<Pod>, message: string): Promise<void>;
  forget(uid: string): void;
}

const CONFLICT_RETRIES = 3;

export function failureReport(options: {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly events: EventWriter;
  readonly onError: (error: unknown) => void;
}): FailureReport {
  const { client, clock, events, onError } = options;
  const said = new Map<string, string>();

  async function writeCondition(pod: Immutable<Pod>, message: string): Promise<void> {
    let latest = pod;
    for (let tries = 0; ; tries++) {
      const conditions = withUnschedulable(latest.status?.conditions ?? [], message, clock.now());
      try {
        if (conditions !== undefined) {
          await client.patchStatus(Pods, latest, { conditions });
        }
        return;
      } catch (error) {
        if (!isConflict(error) || tries === CONFLICT_RETRIES) {
          throw error;
        }
      }
      latest = await client.get(Pods, pod.metadata);
      if (latest.metadata.uid !== pod.metadata.uid || latest.spec.nodeName !== undefined) {
        return;
      }
    }
  }

  return {
    async report(pod, message) {
      if (said.get(pod.metadata.uid) === message) {
        return;
      }
      said.set(pod.metadata.uid, message);
      const note = {
        type: 'Warning',
        reason: 'FailedScheduling',
        action: 'Scheduling',
        note: message,
      } as const;
      events.write(pod, note);
      try {
        await writeCondition(pod, message);
      } catch (error) {
        // Said again with the next attempt.
        said.delete(pod.metadata.uid);
        if (!isNotFound(error)) {
          onError(error);
        }
      }
    },
    forget: (uid) => void said.delete(uid),
  };
}

/** The conditions with `PodScheduled` False; undefined when that stands there already. */
export function withUnschedulable(
  conditions: readonly Immutable<PodCondition>[],
  message: string,
  now: number,
): Immutable<PodCondition>[] | undefined {
  const before = conditions.find(({ type }) => type === 'PodScheduled');
  if (before?.status === 'False' && before.reason === 'Unschedulable' && before.message === message) {
    return undefined;
  }
  const time = before?.status === 'False' ? before.lastTransitionTime : undefined;
  const condition: PodCondition = {
    type: 'PodScheduled',
    status: 'False',
    reason: 'Unschedulable',
    message,
    lastTransitionTime: time ?? rfc3339(now),
  };
  return [...conditions.filter(({ type }) => type !== 'PodScheduled'), condition];
}
