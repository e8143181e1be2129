import type { Immutable } from '../../../api/kube-object.ts';
import { untoleratedTaint } from '../../../compute/taints.ts';
import type { ClusterState, NodeUsage, PodDemand } from './cluster-state.ts';
import { selects } from './label-selector.ts';
import { matchesNodeAffinity } from '../../../compute/node-affinity.ts';
import type { TopologySpreadConstraint } from './scheduling-spec.ts';

/** One hard constraint with the pods counted that it spreads; made once a pod, asked for each node. */
export interface SpreadCount {
  readonly constraint: Immutable<TopologySpreadConstraint>;
  /** Every eligible domain, also those without such pods. */
  readonly byDomain: ReadonlyMap<string, number>;
  readonly least: number;
  /** 1 when the pod to place is itself spread by the constraint. */
  readonly own: 0 | 1;
}

/** Counts for the pod's `DoNotSchedule` constraints. */
export function spreadCounts(pod: PodDemand, state: ClusterState): readonly SpreadCount[] {
  const hard = (pod.spec.topologySpreadConstraints ?? []).filter(
    ({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule',
  );
  return hard.map((constraint) => spreadCount(constraint, pod, { state, hard }));
}

function spreadCount(
  constraint: Immutable<TopologySpreadConstraint>,
  pod: PodDemand,
  { state, hard }: { state: ClusterState; hard: readonly Immutable<TopologySpreadConstraint>[] },
): SpreadCount {
  const byDomain = new Map<string, number>();
  for (const node of state.nodes) {
    const domain = node.labels[constraint.topologyKey];
    const hasAllKeys = hard.every(({ topologyKey }) => node.labels[topologyKey] !== undefined);
    if (domain === undefined || !hasAllKeys || !isEligible(constraint, pod, node)) {
      continue;
    }
    const here = [...node.pods.values()].filter(
      (other) =>
        other.namespace === pod.namespace &&
        !other.terminating &&
        selects(constraint.labelSelector, other.labels),
    );
    byDomain.set(domain, (byDomain.get(domain) ?? 0) + here.length);
  }
  const enoughDomains = byDomain.size >= (constraint.minDomains ?? 1);
  return {
    constraint,
    byDomain,
    least: enoughDomains && byDomain.size > 0 ? Math.min(...byDomain.values()) : 0,
    own: selects(constraint.labelSelector, pod.labels) ? 1 : 0,
  };
}

function isEligible(
  { nodeAffinityPolicy = 'Honor', nodeTaintsPolicy = 'Ignore' }: Immutable<TopologySpreadConstraint>,
  { spec }: PodDemand,
  usage: NodeUsage,
): boolean {
  const taints = usage.node.spec?.taints ?? [];
  return (
    (nodeAffinityPolicy === 'Ignore' || matchesNodeAffinity(spec, usage)) &&
    (nodeTaintsPolicy === 'Ignore' ||
      untoleratedTaint(taints, spec.tolerations ?? [], ['NoSchedule', 'NoExecute']) === undefined)
  );
}

/** How the node stands to the constraints: whether it lies outside their topologies, or would get too many. */
export function spreadProblem(
  counts: readonly SpreadCount[],
  { labels }: NodeUsage,
): 'missing label' | 'skew' | undefined {
  for (const { constraint, byDomain, least, own } of counts) {
    const domain = labels[constraint.topologyKey];
    if (domain === undefined) {
      return 'missing label';
    }
    if ((byDomain.get(domain) ?? 0) + own - least > constraint.maxSkew) {
      return 'skew';
    }
  }
  return undefined;
}
