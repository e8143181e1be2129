import type { NodeCondition, Taint } from '../../../api/builtin.ts';
import type { Immutable } from '../../../api/kube-object.ts';
import { rfc3339 } from '../../../time/clock.ts';

/** A taint as it stands in a Node, with when it came. */
export interface TimedTaint extends Taint {
  timeAdded?: string;
}

const NOT_READY = 'node.kubernetes.io/not-ready';
const UNREACHABLE = 'node.kubernetes.io/unreachable';
const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable';

/** Conditions that, when True, keep new pods away. */
const PRESSURES = new Map([
  ['MemoryPressure', 'node.kubernetes.io/memory-pressure'],
  ['DiskPressure', 'node.kubernetes.io/disk-pressure'],
  ['PIDPressure', 'node.kubernetes.io/pid-pressure'],
  ['NetworkUnavailable', 'node.kubernetes.io/network-unavailable'],
]);
const MANAGED = new Set([NOT_READY, UNREACHABLE, UNSCHEDULABLE, ...PRESSURES.values()]);

/** What nobody knows any more when a node is silent. The network's condition is not the kubelet's. */
const SILENT_CONDITIONS = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];

/** The conditions of a node that has not been heard of for too long; undefined when they stand there already. */
export function silentConditions(
  conditions: readonly Immutable<NodeCondition>[],
  { created, now }: { readonly created: string; readonly now: number },
): Immutable<NodeCondition>[] | undefined {
  const lastTransitionTime = rfc3339(now);
  const known = conditions.map((condition) =>
    SILENT_CONDITIONS.includes(condition.type) && condition.status !== 'Unknown'
      ? {
          ...condition,
          status: 'Unknown' as const,
          reason: 'NodeStatusUnknown',
          message: 'Kubelet stopped posting node status.',
          lastTransitionTime,
        }
      : condition,
  );
  const never = SILENT_CONDITIONS.filter((type) => !conditions.some((condition) => condition.type === type));
  const added = never.map((type) => ({
    type,
    status: 'Unknown' as const,
    reason: 'NodeStatusNeverUpdated',
    message: 'Kubelet never posted node status.',
    lastHeartbeatTime: created,
    lastTransitionTime,
  }));
  const changed = added.length > 0 || known.some((condition, index) => condition !== conditions[index]);
  return changed ? [...known, ...added] : undefined;
}

/**
 * The taints that a node should have: those of others as they are, ours by its conditions. Undefined when it has them
 * already. As long as a node has not reported whether it is ready, those that it was created with stay.
 */
export function nodeTaints(
  taints: readonly Immutable<TimedTaint>[],
  conditions: readonly Immutable<NodeCondition>[],
  { unschedulable, now }: { readonly unschedulable: boolean; readonly now: number },
): Immutable<TimedTaint>[] | undefined {
  const wanted = wantedTaints(taints, conditions, unschedulable);
  const kept = taints.filter((taint) => !isManaged(taint) || wanted.some((one) => isSame(one, taint)));
  const added = wanted
    .filter((one) => !taints.some((taint) => isSame(one, taint)))
    .map((one) => ({ ...one, timeAdded: rfc3339(now) }));
  return added.length === 0 && kept.length === taints.length ? undefined : [...kept, ...added];
}

function wantedTaints(
  taints: readonly Immutable<TimedTaint>[],
  conditions: readonly Immutable<NodeCondition>[],
  unschedulable: boolean,
): Immutable<TimedTaint>[] {
  const noSchedule = (key: string): TimedTaint => ({ key, effect: 'NoSchedule' });
  const pressures = conditions.flatMap(({ type, status }) => {
    const key = PRESSURES.get(type);
    return key !== undefined && status === 'True' ? [noSchedule(key)] : [];
  });
  return [
    ...readiness(taints, conditions),
    ...pressures,
    ...(unschedulable ? [noSchedule(UNSCHEDULABLE)] : []),
  ];
}

function readiness(
  taints: readonly Immutable<TimedTaint>[],
  conditions: readonly Immutable<NodeCondition>[],
): Immutable<TimedTaint>[] {
  const status = conditions.find(({ type }) => type === 'Ready')?.status;
  if (status === undefined) {
    return taints.filter(({ key }) => key === NOT_READY || key === UNREACHABLE);
  }
  const key = status === 'Unknown' ? UNREACHABLE : NOT_READY;
  return status === 'True'
    ? []
    : [
        { key, effect: 'NoSchedule' },
        { key, effect: 'NoExecute' },
      ];
}

function isManaged({ key, effect }: Immutable<TimedTaint>): boolean {
  return MANAGED.has(key) && effect !== 'PreferNoSchedule';
}

function isSame(a: Immutable<TimedTaint>, b: Immutable<TimedTaint>): boolean {
  return a.key === b.key && a.effect === b.effect;
}
