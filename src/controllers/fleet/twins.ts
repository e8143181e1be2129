import { type ComputeCluster, LOCAL_CLUSTER } from '../../api/compute-cluster.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { Change } from '../../kube/informer.ts';
import type { ClusterView } from './cluster-view.ts';
import { isReleased } from './identity.ts';

/** What is known of the cluster of a name now. */
export type ViewOf = (name: string) => ClusterView;

/**
 * Of several ComputeClusters that are the same cluster one counts it. By the name of each of the others: the name of that one. It is
 * the oldest that is not on its way out; of two that were made in the same second the first by name. One that cannot be asked counts
 * all the same: pods that run do not change hands because a Secret is gone for a while. Pure.
 */
export function countedBy(
  clusters: Iterable<Immutable<ComputeCluster>>,
  viewOf: ViewOf,
): ReadonlyMap<string, string> {
  const counted = new Map<string, string>();
  for (const twins of twinsByUid(clusters, viewOf)) {
    const staying = twins.filter((cluster) => !isLeaving(cluster, viewOf(cluster.metadata.name)));
    // Pods in the cluster in which Headframe runs are owned otherwise: none can be handed over to it, or by it.
    const canHandOver = twins.every(({ metadata }) => metadata.name !== LOCAL_CLUSTER);
    const first = oldest(canHandOver && staying.length > 0 ? staying : twins);
    for (const { metadata } of twins) {
      if (metadata.name !== first) {
        counted.set(metadata.name, first);
      }
    }
  }
  return counted;
}

/** Only those that have a twin: most have none. */
function twinsByUid(
  clusters: Iterable<Immutable<ComputeCluster>>,
  viewOf: ViewOf,
): readonly (readonly Immutable<ComputeCluster>[])[] {
  const byUid = new Map<string, Immutable<ComputeCluster>[]>();
  for (const cluster of clusters) {
    const uid = uidOf(cluster, viewOf(cluster.metadata.name));
    if (uid !== undefined) {
      byUid.set(uid, [...(byUid.get(uid) ?? []), cluster]);
    }
  }
  return [...byUid.values()].filter((twins) => twins.length > 1);
}

/** As it answers, else as it was known last. */
function uidOf({ status }: Immutable<ComputeCluster>, view: ClusterView): string | undefined {
  return (view.kind === 'away' ? undefined : view.uid) ?? status?.clusterUID;
}

/** It is being deleted, or has been released because it leads elsewhere. */
function isLeaving(cluster: Immutable<ComputeCluster>, view: ClusterView): boolean {
  const leadsElsewhere = view.kind === 'away' && view.reason === 'ClusterChanged';
  return cluster.metadata.deletionTimestamp !== undefined || (leadsElsewhere && isReleased(cluster));
}

function oldest(clusters: readonly Immutable<ComputeCluster>[]): string {
  return clusters.reduce((first, cluster) => (age(cluster) < age(first) ? cluster : first)).metadata.name;
}

/** In the order of this text. */
function age({ metadata }: Immutable<ComputeCluster>): string {
  return `${metadata.creationTimestamp} ${metadata.name}`;
}

/** The names of those for which a change may decide whether they count: all that are, or were, the same cluster. */
export function twinsOf(
  change: Change<ComputeCluster>,
  all: Iterable<Immutable<ComputeCluster>>,
): readonly string[] {
  const { object } = change;
  const previous = change.type === 'updated' ? change.previous : undefined;
  if (previous !== undefined && right(previous) === right(object)) {
    return [];
  }
  const uids = new Set([previous, object].flatMap((cluster) => cluster?.status?.clusterUID ?? []));
  return [...all]
    .filter(
      ({ metadata, status }) => metadata.name !== object.metadata.name && uids.has(status?.clusterUID ?? ''),
    )
    .map(({ metadata }) => metadata.name);
}

/** What decides whether it counts, as far as it stands in the object. */
function right(cluster: Immutable<ComputeCluster>): string {
  const { metadata, status } = cluster;
  return JSON.stringify([status?.clusterUID, metadata.deletionTimestamp, isReleased(cluster)]);
}
