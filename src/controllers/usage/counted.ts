import { type ComputeCluster, LOCAL_CLUSTER } from '../../api/compute-cluster.ts';
import { findCondition } from '../../api/conditions.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { Caches } from '../caches.ts';
import type { Reachable } from '../fleet/cluster-view.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { countedBy } from '../fleet/twins.ts';

/** What tells whether a cluster is counted. */
export interface CountedParts {
  readonly caches: Pick<Caches, 'nodes' | 'pods' | 'clusters'>;
  readonly fleet: Pick<Fleet, 'view'>;
}

/**
 * The cluster, if it can be looked at now, if it is this object that counts it, and if what is known of it is up to date: of a change of
 * kubeconfig the status says which cluster it is now.
 */
export function countedView(cluster: Immutable<ComputeCluster>, parts: CountedParts): Reachable | undefined {
  const { metadata, status } = cluster;
  const { caches, fleet } = parts;
  const { nodes, pods } = caches;
  const view = fleet.view(metadata.name);
  const isUpToDate =
    metadata.name !== LOCAL_CLUSTER || (nodes.lastError === undefined && pods.lastError === undefined);
  const isKnown = findCondition(status?.conditions, 'Ready') !== undefined && !isTwin(cluster, parts);
  return view.kind === 'reachable' &&
    isUpToDate &&
    isKnown &&
    (view.uid === undefined || status?.clusterUID === view.uid)
    ? view
    : undefined;
}

/** Whether another ComputeCluster counts the same cluster: by what is known now, or as long as the status says so. */
export function isTwin(
  { metadata, status }: Immutable<ComputeCluster>,
  { caches, fleet }: CountedParts,
): boolean {
  const isDuplicate = findCondition(status?.conditions, 'Ready')?.reason === 'DuplicateCluster';
  return isDuplicate || countedBy(caches.clusters.store.list(), fleet.view).has(metadata.name);
}

/** Whether this ComputeCluster counts the cluster of another one, too. */
export function hasTwin({ metadata }: Immutable<ComputeCluster>, { caches, fleet }: CountedParts): boolean {
  return [...countedBy(caches.clusters.store.list(), fleet.view).values()].includes(metadata.name);
}
