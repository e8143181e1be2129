import { untoleratedTaint } from '../../../compute/taints.ts';
import type { ClusterState, NodeUsage, PodDemand } from './cluster-state.ts';
import { conflicts } from './host-ports.ts';
import { matchesNodeAffinity } from '../../../compute/node-affinity.ts';
import {
  isRepelled,
  meetsExcluded,
  meetsRequired,
  podAffinityView,
  type NamespaceLabels,
  type PodAffinityView,
} from './pod-affinity.ts';
import { spreadCounts, spreadProblem, type SpreadCount } from './topology-spread.ts';

/** Why a node cannot take a pod, in the words of kube-scheduler 1.37. */
export interface Rejection {
  readonly reasons: readonly string[];
  /** Whether the node could take the pod if others left it. */
  readonly resolvable: boolean;
}

/** One pod to place and what the rest of the cluster means for it; made once, asked for each node. */
export interface Placement {
  readonly pod: PodDemand;
  readonly company: PodAffinityView;
  readonly spread: readonly SpreadCount[];
}

/** Answers one question about a pod and a node; undefined lets the pod in. */
type Filter = (placement: Placement, usage: NodeUsage) => Rejection | undefined;

export function placementOf(
  pod: PodDemand,
  state: ClusterState,
  namespaceLabels: NamespaceLabels,
): Placement {
  return {
    pod,
    company: podAffinityView(pod, state, namespaceLabels),
    spread: spreadCounts(pod, state),
  };
}

const UNSCHEDULABLE_TAINT = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' } as const;

/** The node is not cordoned. */
export function nodeUnschedulable({ pod }: Placement, { node }: NodeUsage): Rejection | undefined {
  const accepted =
    node.spec?.unschedulable !== true ||
    untoleratedTaint([UNSCHEDULABLE_TAINT], pod.spec.tolerations ?? [], ['NoSchedule']) === undefined;
  return accepted ? undefined : final('node(s) were unschedulable');
}

/** The pod tolerates the node's taints. */
export function taintToleration({ pod }: Placement, { node }: NodeUsage): Rejection | undefined {
  const taints = node.spec?.taints ?? [];
  const taint = untoleratedTaint(taints, pod.spec.tolerations ?? [], ['NoSchedule', 'NoExecute']);
  return taint === undefined ? undefined : final('node(s) had untolerated taint(s)');
}

/** The node has the labels that the pod wants. */
export function nodeAffinity({ pod }: Placement, usage: NodeUsage): Rejection | undefined {
  return matchesNodeAffinity(pod.spec, usage)
    ? undefined
    : final("node(s) didn't match Pod's node affinity/selector");
}

/** The ports of the node that the pod wants are free. */
export function nodePorts({ pod }: Placement, { pods }: NodeUsage): Rejection | undefined {
  if (pod.ports.length === 0) {
    return undefined;
  }
  for (const { ports } of pods.values()) {
    if (ports.some((taken) => pod.ports.some((wanted) => conflicts(taken, wanted)))) {
      return passing("node(s) didn't have free ports for the requested pod ports");
    }
  }
  return undefined;
}

/** What the pod requests is free on the node. */
export function nodeResourcesFit({ pod }: Placement, usage: NodeUsage): Rejection | undefined {
  const { allocatable, requested, pods } = usage;
  const reasons: string[] = [];
  let resolvable = true;
  if (pods.size + 1 > (allocatable.get('pods') ?? 0)) {
    reasons.push('Too many pods');
  }
  for (const [name, amount] of pod.requests) {
    const capacity = allocatable.get(name) ?? 0;
    if (amount > 0 && amount > capacity - (requested.get(name) ?? 0)) {
      reasons.push(`Insufficient ${name}`);
      resolvable &&= amount <= capacity;
    }
  }
  return reasons.length === 0 ? undefined : { reasons, resolvable };
}

/** The pod keeps to its hard topology spread constraints there. */
export function podTopologySpread({ spread }: Placement, usage: NodeUsage): Rejection | undefined {
  switch (spreadProblem(spread, usage)) {
    case 'missing label':
      return final("node(s) didn't match pod topology spread constraints (missing required label)");
    case 'skew':
      return passing("node(s) didn't match pod topology spread constraints");
    case undefined:
      return undefined;
  }
}

/** The pod finds the company there that it requires, and none that it or others exclude. */
export function interPodAffinity({ company }: Placement, usage: NodeUsage): Rejection | undefined {
  if (!meetsRequired(company, usage)) {
    return final("node(s) didn't match pod affinity rules");
  }
  if (meetsExcluded(company, usage)) {
    return passing("node(s) didn't match pod anti-affinity rules");
  }
  return isRepelled(company, usage)
    ? passing("node(s) didn't satisfy existing pods anti-affinity rules")
    : undefined;
}

/** In kube-scheduler's order: the first that objects gives a node's reasons. */
export const filters: readonly Filter[] = [
  nodeUnschedulable,
  taintToleration,
  nodeAffinity,
  nodePorts,
  nodeResourcesFit,
  podTopologySpread,
  interPodAffinity,
];

/** Why the node cannot take the pod; undefined when it can. */
export function rejectionOf(placement: Placement, usage: NodeUsage): Rejection | undefined {
  for (const filter of filters) {
    const rejection = filter(placement, usage);
    if (rejection !== undefined) {
      return rejection;
    }
  }
  return undefined;
}

/** Nobody's leaving would help. */
function final(reason: string): Rejection {
  return { reasons: [reason], resolvable: false };
}

/** Others may leave. */
function passing(reason: string): Rejection {
  return { reasons: [reason], resolvable: true };
}
