import type { ComputeCluster } from '../../api/compute-cluster.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { Change } from '../../kube/informer.ts';

/**
 * The ComputeCluster that counts the cluster of that UID instead of this one: the oldest of the others, if it is older. Of two that
 * were made in the same second the first by name is the older one. Pure.
 */
export function olderTwin(
  cluster: Immutable<ComputeCluster>,
  uid: string | undefined,
  all: Iterable<Immutable<ComputeCluster>>,
): Immutable<ComputeCluster> | undefined {
  const twins = uid === undefined ? [] : [...all].filter(({ status }) => status?.clusterUID === uid);
  return twins.filter((other) => byAge(other, cluster) < 0).sort(byAge)[0];
}

/** The names of those for which a change may decide whether they count: all that are, or were, the same cluster. */
export function twinsOf(
  change: Change<ComputeCluster>,
  all: Iterable<Immutable<ComputeCluster>>,
): readonly string[] {
  const { object } = change;
  const before = change.type === 'updated' ? change.previous.status?.clusterUID : undefined;
  const now = object.status?.clusterUID;
  if (change.type === 'updated' && before === now) {
    return [];
  }
  const uids = new Set([before, now].filter((uid) => uid !== undefined));
  return [...all]
    .filter(
      ({ metadata, status }) => metadata.name !== object.metadata.name && uids.has(status?.clusterUID ?? ''),
    )
    .map(({ metadata }) => metadata.name);
}

function byAge(a: Immutable<ComputeCluster>, b: Immutable<ComputeCluster>): number {
  const [ofA, ofB] = [a, b].map(({ metadata }) => [metadata.creationTimestamp, metadata.name].join(' '));
  return (ofA ?? '') < (ofB ?? '') ? -1 : ofA === ofB ? 0 : 1;
}
