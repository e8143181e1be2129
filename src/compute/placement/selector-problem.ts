import { isSelected } from './cluster-filters.ts';
import type { ClusterOffer } from './offer.ts';
import { compareText } from './order.ts';
import type { ClusterSelector } from './request.ts';

/** More are not listed. */
const MOST_LISTED = 5;
/** Longer names are cut: they are read, not copied. */
const LONGEST_NAME = 63;

/** What a selector asks for that there is not: the field, and what there is instead. Undefined when it selects what it names. */
export function selectorProblem(
  selector: ClusterSelector,
  offers: readonly ClusterOffer[],
): string | undefined {
  if (offers.length === 0) {
    return 'there is no ComputeCluster; make one: docs/guides/clusters.md';
  }
  const known = new Set(offers.map(({ name }) => name));
  const unknown = selector.names.filter((name) => !known.has(name));
  const field = 'spec.placement.clusterSelector';
  if (unknown.length > 0) {
    const quoted = unknown.map((name) => `'${cut(name)}'`);
    return `${field}.names: there is no ComputeCluster ${listed(quoted)}; ${thereIs([...known].map(cut))}`;
  }
  if (offers.some((offer) => isSelected(offer, selector))) {
    return undefined;
  }
  const isNamed = selector.names.length > 0;
  const named = offers.filter((offer) => isSelected(offer, { ...selector, matchLabels: {} }));
  const wanted = Object.entries(selector.matchLabels).map(labelText);
  const who = isNamed ? 'none of the ComputeClusters in names' : 'no ComputeCluster';
  const keys = new Set(Object.keys(selector.matchLabels));
  return `${field}.matchLabels: ${who} carries ${cut(wanted.join(','))}; ${thereIs(named.map((offer) => withLabels(offer, keys)))}`;
}

/** `campus (tier=silver)`: with the labels that were asked for. */
function withLabels({ name, labels }: ClusterOffer, keys: ReadonlySet<string>): string {
  const asked = Object.entries(labels).filter(([key]) => keys.has(key));
  return asked.length === 0 ? cut(name) : `${cut(name)} (${cut(asked.map(labelText).join(','))})`;
}

function labelText([key, value]: [string, string]): string {
  return `${key}=${value}`;
}

/** `there is campus`, `there are campus, rented`. */
function thereIs(names: readonly string[]): string {
  return `there ${names.length === 1 ? 'is' : 'are'} ${listed([...names].sort(compareText))}`;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_LISTED).join(', ');
  return names.length > MOST_LISTED ? `${shown} and ${names.length - MOST_LISTED} more` : shown;
}

function cut(text: string): string {
  return text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME - 1)}…` : text;
}
