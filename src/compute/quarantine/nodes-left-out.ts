import type { ComputeCluster } from '../../api/compute-cluster.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { QuarantinedNode } from '../../api/quarantine.ts';

/**
 * The nodes that no guest may go to now: those that the owner leaves out, and those that are in quarantine. Sorted, each once. Pure.
 * @param now milliseconds since 1970
 */
export function nodesLeftOut(
  { spec, status }: Pick<Immutable<ComputeCluster>, 'spec' | 'status'>,
  now: number,
): readonly string[] {
  const inQuarantine = nodesInQuarantine(status?.quarantine ?? [], now);
  return [...new Set([...spec.excludedNodes, ...inQuarantine])].sort();
}

/** Those of the entries whose time is not over. */
export function nodesInQuarantine(
  entries: readonly Immutable<QuarantinedNode>[],
  now: number,
): readonly string[] {
  return entries.filter(({ until }) => now < Date.parse(until)).map(({ node }) => node);
}
