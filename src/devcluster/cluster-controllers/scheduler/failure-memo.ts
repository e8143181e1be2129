import type { ClusterState, PodDemand } from './cluster-state.ts';
import type { Verdict } from './schedule.ts';

/**
 * Remembers, as long as the cluster does not change, which demands found no node: a thousand replicas that do not fit are
 * one computation.
 */
export interface FailureMemo {
  find(pod: PodDemand): Verdict | undefined;
  remember(pod: PodDemand, verdict: Verdict): void;
  /** Something has changed that the cluster's version does not show: a namespace's labels. */
  clear(): void;
}

export function failureMemo(state: ClusterState): FailureMemo {
  const verdicts = new Map<string, Verdict>();
  let version = -1;

  function current(): Map<string, Verdict> {
    if (version !== state.version) {
      verdicts.clear();
      version = state.version;
    }
    return verdicts;
  }

  return {
    find(pod) {
      const known = current();
      return known.size === 0 ? undefined : known.get(signature(pod));
    },
    remember: (pod, verdict) => void current().set(signature(pod), verdict),
    clear: () => verdicts.clear(),
  };
}

/** Everything of a pod that any filter, or the message of a failure, looks at. */
function signature({ namespace, labels, requests, ports, spec }: PodDemand): string {
  const { nodeSelector, affinity, tolerations, topologySpreadConstraints, priority, preemptionPolicy } = spec;
  return JSON.stringify([
    [namespace, labels, [...requests], ports],
    [nodeSelector, affinity, tolerations, topologySpreadConstraints, priority, preemptionPolicy],
  ]);
}
