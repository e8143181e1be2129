import type { Node, Pod } from '../../../api/builtin.ts';
import type { Immutable } from '../../../api/kube-object.ts';
import { schedulingSpec } from './scheduling-spec.ts';

/** The scheduler whose pods these are. */
const SCHEDULER = 'default-scheduler';

/** The pod waits for this scheduler to find it a node. */
export function wantsNode(pod: Immutable<Pod>): boolean {
  const { nodeName = '', schedulerName = SCHEDULER, schedulingGates = [] } = schedulingSpec(pod);
  return (
    nodeName === '' &&
    schedulerName === SCHEDULER &&
    schedulingGates.length === 0 &&
    pod.metadata.deletionTimestamp === undefined &&
    !hasEnded(pod)
  );
}

/** The pod's containers have all ended: it holds nothing. */
export function hasEnded({ status }: Immutable<Pod>): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

/** Whether two versions of a node mean the same to a scheduler: heartbeats and conditions do not matter. */
export function isSameToScheduler(a: Immutable<Node>, b: Immutable<Node>): boolean {
  return schedulingText(a) === schedulingText(b);
}

function schedulingText({ metadata, spec, status }: Immutable<Node>): string {
  return JSON.stringify([metadata.labels, spec?.taints, spec?.unschedulable, status?.allocatable]);
}

/** Whether two versions of a bound pod count the same. */
export function countsTheSame(a: Immutable<Pod>, b: Immutable<Pod>): boolean {
  return (
    a.spec.nodeName === b.spec.nodeName &&
    a.metadata.generation === b.metadata.generation &&
    a.metadata.deletionTimestamp === b.metadata.deletionTimestamp &&
    JSON.stringify(a.metadata.labels) === JSON.stringify(b.metadata.labels)
  );
}

/** Whether the company of other pods may decide over this one. */
export function minds({ affinity, topologySpreadConstraints }: Immutable<Pod['spec']> & SpreadSpec): boolean {
  return affinity?.['podAffinity'] !== undefined || (topologySpreadConstraints?.length ?? 0) > 0;
}

interface SpreadSpec {
  readonly topologySpreadConstraints?: readonly unknown[];
}
