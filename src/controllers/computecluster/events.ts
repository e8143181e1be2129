import type { ComputeCluster } from '../../api/compute-cluster.ts';
import type { ComputeClusterStatus } from '../../api/compute-cluster-status.ts';
import { findCondition } from '../../api/conditions.ts';
import type { Condition, Immutable } from '../../api/kube-object.ts';
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

function changes(
  before: Immutable<ComputeClusterStatus> | undefined,
  { conditions }: ComputeClusterStatus,
): EventDetails[] {
  const found = (type: string): (Immutable<Condition> | undefined)[] => [findCondition(before?.conditions, type), findCondition(conditions, type)];
  const details: EventDetails[] = [];
  const [formerModels, models] = found('GPUModelsKnown');
  if (models?.status === 'False' && models.message !== formerModels?.message) {
    details.push({
      type: 'Warning',
      reason: 'UnknownGPUModels',
      action: 'ReadInventory',
      note: models.message,
    });
  }
  const [former, reachable] = found('Reachable');
  if (reachable?.status === 'True' && former?.status === 'False') {
    const note = 'the cluster answers again';
    details.push({ type: 'Normal', reason: 'Reachable', action: 'Connect', note });
  }
  const [formerReady, ready] = found('Ready');
  if (ready?.status === 'False' && isReported(ready.reason) && ready.reason !== formerReady?.reason) {
    details.push({ type: 'Warning', reason: ready.reason, action: 'Connect', note: ready.message });
  }
  return details;
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
  'DuplicateCluster',
];
