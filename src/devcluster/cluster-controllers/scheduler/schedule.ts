import type { ClusterState, NodeUsage, PodDemand } from './cluster-state.ts';
import { placementOf, rejectionOf, type Rejection } from './filters.ts';
import type { NamespaceLabels } from './pod-affinity.ts';
import { bestNode } from './scores.ts';

/** Where a pod goes, or why it goes nowhere. */
export type Verdict = { readonly node: string } | { readonly failure: string };

/** Decides for one pod. Pure: the caller counts the pod on the node that was chosen. */
export function schedule(pod: PodDemand, state: ClusterState, namespaceLabels: NamespaceLabels): Verdict {
  if (state.nodes.length === 0) {
    return { failure: 'no nodes available to schedule pods' };
  }
  const placement = placementOf(pod, state, namespaceLabels);
  const candidates: NodeUsage[] = [];
  const rejected: { usage: NodeUsage; rejection: Rejection }[] = [];
  for (const usage of state.nodes) {
    const rejection = rejectionOf(placement, usage);
    if (rejection === undefined) {
      candidates.push(usage);
    } else {
      rejected.push({ usage, rejection });
    }
  }
  const best = bestNode(placement, candidates);
  return best === undefined ? { failure: failureMessage(pod, rejected) } : { node: best.name };
}

type Rejected = readonly { readonly usage: NodeUsage; readonly rejection: Rejection }[];

/** In kube-scheduler's form: reasons with the number of nodes, sorted as text, and what preemption would say. */
function failureMessage(pod: PodDemand, rejected: Rejected): string {
  const heading = `0/${rejected.length} nodes are available:`;
  const reasons = histogram(rejected.flatMap(({ rejection }) => rejection.reasons));
  return [`${heading} ${reasons}.`, ...preemptionMessage(pod, rejected, heading)].join(' ');
}

/**
 * This scheduler preempts nobody. Where kube-scheduler would find nobody to preempt either, it says so in the same words;
 * where it would find victims, nothing is said.
 */
function preemptionMessage(pod: PodDemand, rejected: Rejected, heading: string): string[] {
  if (pod.spec.preemptionPolicy === 'Never') {
    return ['preemption: not eligible due to preemptionPolicy=Never.'];
  }
  const priority = pod.spec.priority ?? 0;
  const helpful = rejected.filter(({ rejection }) => rejection.resolvable);
  if (helpful.some(({ usage }) => hasLowerPriority(usage, priority))) {
    return [];
  }
  const reasons = rejected.map(({ rejection }) =>
    rejection.resolvable
      ? 'No preemption victims found for incoming pod'
      : 'Preemption is not helpful for scheduling',
  );
  return [`preemption: ${heading} ${histogram(reasons)}.`];
}

function hasLowerPriority({ pods }: NodeUsage, priority: number): boolean {
  for (const { spec } of pods.values()) {
    if ((spec.priority ?? 0) < priority) {
      return true;
    }
  }
  return false;
}

/** `2 this, 3 that`. */
function histogram(reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) {
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(', ');
}
