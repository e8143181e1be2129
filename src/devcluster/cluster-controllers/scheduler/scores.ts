import { untoleratedTaint } from '../../../compute/taints.ts';
import type { NodeUsage } from './cluster-state.ts';
import type { Placement } from './filters.ts';
import { nodePreference } from './node-affinity.ts';
import { companyScore } from './pod-affinity.ts';

/** Says how well a node suits a pod, in units of its own. */
interface Score {
  readonly weight: number;
  readonly of: (placement: Placement, usage: NodeUsage) => number;
}

/** How much of cpu and memory would stay free, on average: 0 to 1. (kube-scheduler: LeastAllocated) */
export function leastAllocated({ pod }: Placement, { allocatable, scored }: NodeUsage): number {
  const free = [...pod.scored].map(([name, amount]) => {
    const capacity = allocatable.get(name) ?? 0;
    const left = capacity - (scored.get(name) ?? 0) - amount;
    return capacity === 0 || left < 0 ? 0 : left / capacity;
  });
  return free.reduce((sum, share) => sum + share, 0) / Math.max(1, free.length);
}

/** Minus the number of soft taints that the pod does not tolerate. */
export function softTaints({ pod }: Placement, { node }: NodeUsage): number {
  const taints = node.spec?.taints ?? [];
  const disliked = taints.filter(
    (taint) => untoleratedTaint([taint], pod.spec.tolerations ?? [], ['PreferNoSchedule']) !== undefined,
  );
  return -disliked.length;
}

/** Minus the number of pods there that have the same controller. */
export function siblings({ pod }: Placement, { pods }: NodeUsage): number {
  if (pod.controller === undefined) {
    return 0;
  }
  let count = 0;
  for (const other of pods.values()) {
    count += other.controller === pod.controller ? 1 : 0;
  }
  return -count;
}

/** With kube-scheduler's weights. */
const scores: readonly Score[] = [
  { weight: 1, of: leastAllocated },
  { weight: 3, of: softTaints },
  { weight: 2, of: ({ pod }, usage) => nodePreference(pod.spec, usage) },
  { weight: 2, of: ({ company }, usage) => companyScore(company, usage) },
  { weight: 2, of: siblings },
];

/**
 * The best of the nodes: each score is stretched to 0..1 over the candidates, as kube-scheduler normalises its own, and the
 * weighted sum decides. Of equals the first: the same cluster always gets the same answer.
 */
export function bestNode(placement: Placement, candidates: readonly NodeUsage[]): NodeUsage | undefined {
  const totals = candidates.map(() => 0);
  for (const { weight, of } of scores) {
    const values = candidates.map((usage) => of(placement, usage));
    const [least, most] = range(values);
    if (most > least) {
      values.forEach((value, index) => {
        totals[index] = (totals[index] ?? 0) + (weight * (value - least)) / (most - least);
      });
    }
  }
  let best = 0;
  totals.forEach((total, index) => {
    best = total > (totals[best] ?? 0) ? index : best;
  });
  return candidates[best];
}

function range(values: readonly number[]): [number, number] {
  let least = Infinity;
  let most = -Infinity;
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return [least, most];
}
