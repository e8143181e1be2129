import type { ComputeCluster } from '../../api/compute-cluster.ts';
import type { ComputeClusterStatus } from '../../api/compute-cluster-status.ts';
import { findCondition, isTrue } from '../../api/conditions.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { Reason } from '../../api/reasons.ts';
import type { EventDetails, EventRecorder } from '../../kube/event-recorder.ts';

/** Tells of what became another with a status that has been written. */
export function recordChanges(
  events: EventRecorder,
  cluster: Immutable<ComputeCluster>,
  status: ComputeClusterStatus,
): void {
  for (const details of changes(cluster.status, status)) {
    events.record(cluster, details);
  }
}

type Status = Immutable<ComputeClusterStatus>;

function changes(before: Status | undefined, now: Status): EventDetails[] {
  return [newModels, answersAgain, anotherCluster, newTrouble].flatMap((look) => look(before, now) ?? []);
}

function newModels(before: Status | undefined, { conditions }: Status): EventDetails | undefined {
  const models = findCondition(conditions, 'GPUModelsKnown');
  const former = findCondition(before?.conditions, 'GPUModelsKnown');
  return models?.status === 'False' && models.message !== former?.message
    ? { type: 'Warning', reason: 'UnknownGPUModels', action: 'ReadInventory', note: models.message }
    : undefined;
}

function answersAgain(before: Status | undefined, { conditions }: Status): EventDetails | undefined {
  const wasAway = findCondition(before?.conditions, 'Reachable')?.status === 'False';
  return wasAway && isTrue(conditions, 'Reachable')
    ? { type: 'Normal', reason: 'Reachable', action: 'Connect', note: 'the cluster answers again' }
    : undefined;
}

function anotherCluster(before: Status | undefined, { clusterUID }: Status): EventDetails | undefined {
  const former = before?.clusterUID;
  return former === undefined || clusterUID === undefined || former === clusterUID
    ? undefined
    : {
        type: 'Warning',
        reason: 'ClusterReplaced',
        action: 'Connect',
        note: `it is another cluster from now on: the namespace kube-system has UID ${clusterUID} instead of ${former}; pods of Headframe that are left in the former one are nobody’s`,
      };
}

function newTrouble(before: Status | undefined, { conditions }: Status): EventDetails | undefined {
  const ready = findCondition(conditions, 'Ready');
  const former = findCondition(before?.conditions, 'Ready');
  return ready?.status === 'False' && isReported(ready.reason) && ready.reason !== former?.reason
    ? { type: 'Warning', reason: ready.reason, action: 'Connect', note: ready.message }
    : undefined;
}

/** Of the reasons for not being ready, those of the way to the cluster. */
function isReported(reason: string): reason is Reason {
  return (reported as readonly string[]).includes(reason);
}

const reported: readonly Reason[] = [
  'Unreachable',
  'SecretNotFound',
  'SecretUnreadable',
  'KubeconfigInvalid',
  'ClusterChanged',
  'DuplicateCluster',
];
