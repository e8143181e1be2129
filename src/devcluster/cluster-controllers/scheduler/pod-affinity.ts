import type { Immutable } from '../../../api/kube-object.ts';
import type { ClusterState, NodeUsage, PodDemand } from './cluster-state.ts';
import { selects } from './label-selector.ts';
import type { PodAffinityTerm } from './scheduling-spec.ts';

/** The labels of a namespace; none when it is unknown. */
export type NamespaceLabels = (namespace: string) => Readonly<Record<string, string>>;

/** How many pods that a term speaks of are in each domain of its topology. */
interface CountedTerm {
  readonly term: Immutable<PodAffinityTerm>;
  readonly byDomain: ReadonlyMap<string, number>;
  /** Whether the pod to place is itself one of those that the term speaks of. */
  readonly selectsItself: boolean;
}

/** What the pods that are there mean for one pod to be placed; made once a pod, asked for each node. */
export interface PodAffinityView {
  readonly required: readonly CountedTerm[];
  readonly excluded: readonly CountedTerm[];
  readonly preferred: readonly { readonly weight: number; readonly counted: CountedTerm }[];
  /** Domains (`key`, `value`) from which pods that are there keep the new one away. */
  readonly repelled: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Whether `pod`, seen by the term of `owner`, is meant. */
function means(
  term: Immutable<PodAffinityTerm>,
  owner: PodDemand,
  pod: PodDemand,
  namespaceLabels: NamespaceLabels,
): boolean {
  return inNamespaces(term, owner, pod, namespaceLabels) && selects(term.labelSelector, pod.labels);
}

function inNamespaces(
  { namespaces = [], namespaceSelector }: Immutable<PodAffinityTerm>,
  owner: PodDemand,
  pod: PodDemand,
  namespaceLabels: NamespaceLabels,
): boolean {
  if (namespaces.length === 0 && namespaceSelector === undefined) {
    return pod.namespace === owner.namespace;
  }
  return namespaces.includes(pod.namespace) || selects(namespaceSelector, namespaceLabels(pod.namespace));
}

export function podAffinityView(
  pod: PodDemand,
  state: ClusterState,
  namespaceLabels: NamespaceLabels,
): PodAffinityView {
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
  const isMeant = (term: Immutable<PodAffinityTerm>, other: PodDemand): boolean =>
    means(term, pod, other, namespaceLabels);
  const count = (
    term: Immutable<PodAffinityTerm>,
    selected = (other: PodDemand): boolean => isMeant(term, other),
  ): CountedTerm => ({
    term,
    byDomain: countByDomain(state, term.topologyKey, selected),
    selectsItself: selected(pod),
  });
  const required = podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  // Company counts only when it is meant by all the terms. (kube-scheduler: podMatchesAllAffinityTerms)
  const isCompany = (other: PodDemand): boolean => required.every((term) => isMeant(term, other));
  const weighted = (sign: 1 | -1, terms: typeof podAffinity): PodAffinityView['preferred'] =>
    (terms?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ weight, podAffinityTerm }) => ({
      weight: sign * weight,
      counted: count(podAffinityTerm),
    }));
  return {
    required: required.map((term) => count(term, isCompany)),
    excluded: (podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((term) =>
      count(term),
    ),
    preferred: [...weighted(1, podAffinity), ...weighted(-1, podAntiAffinity)],
    repelled: repelledDomains(pod, state, namespaceLabels),
  };
}

/** How many of the pods that `selected` accepts are in each domain of a topology. */
function countByDomain(
  state: ClusterState,
  topologyKey: string,
  selected: (pod: PodDemand) => boolean,
): Map<string, number> {
  const byDomain = new Map<string, number>();
  for (const { labels, pods } of state.nodes) {
    const domain = labels[topologyKey];
    if (domain === undefined) {
      continue;
    }
    for (const other of pods.values()) {
      if (selected(other)) {
        byDomain.set(domain, (byDomain.get(domain) ?? 0) + 1);
      }
    }
  }
  return byDomain;
}

function repelledDomains(
  pod: PodDemand,
  state: ClusterState,
  namespaceLabels: NamespaceLabels,
): PodAffinityView['repelled'] {
  const repelled = new Map<string, Set<string>>();
  if (state.repelling.size === 0) {
    return repelled;
  }
  const labelsOf = new Map(state.nodes.map(({ name, labels }) => [name, labels]));
  for (const { pod: other, node } of state.repelling.values()) {
    const terms = other.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    for (const term of terms) {
      const domain = labelsOf.get(node)?.[term.topologyKey];
      if (domain !== undefined && means(term, other, pod, namespaceLabels)) {
        const domains = repelled.get(term.topologyKey) ?? new Set();
        repelled.set(term.topologyKey, domains.add(domain));
      }
    }
  }
  return repelled;
}

/** Pods that are there keep the new one away from this node. */
export function isRepelled({ repelled }: PodAffinityView, { labels }: NodeUsage): boolean {
  for (const [key, domains] of repelled) {
    const domain = labels[key];
    if (domain !== undefined && domains.has(domain)) {
      return true;
    }
  }
  return false;
}

/** The node's domains hold a pod that the new one must not meet. */
export function meetsExcluded({ excluded }: PodAffinityView, { labels }: NodeUsage): boolean {
  return excluded.some(({ term, byDomain }) => (byDomain.get(labels[term.topologyKey] ?? '') ?? 0) > 0);
}

/**
 * The node's domains hold every pod that the new one must be near. The first of a group that asks for its own company is let
 * in anywhere.
 */
export function meetsRequired({ required }: PodAffinityView, { labels }: NodeUsage): boolean {
  if (required.some(({ term }) => labels[term.topologyKey] === undefined)) {
    return false;
  }
  const met = required.every(({ term, byDomain }) => (byDomain.get(labels[term.topologyKey] ?? '') ?? 0) > 0);
  return met || required.every(({ byDomain, selectsItself }) => byDomain.size === 0 && selectsItself);
}

/** The weight of the company on this node: preferred pods count for it, unwanted ones against it. */
export function companyScore({ preferred }: PodAffinityView, { labels }: NodeUsage): number {
  return preferred.reduce((sum, { weight, counted }) => {
    const domain = labels[counted.term.topologyKey];
    return domain === undefined ? sum : sum + weight * (counted.byDomain.get(domain) ?? 0);
  }, 0);
}
