import type { ControllerRevision, Node, Pod } from '../api/builtin.ts';
import { labels } from '../api/group.ts';
import type { ComputeCluster } from '../api/compute-cluster.ts';
import { type Immutable, controllerOf } from '../api/kube-object.ts';
import type { MinerPool } from '../api/miner-pool.ts';
import { gpuResourceOf, holdsResources } from '../compute/pod-gpus.ts';
import type { Informer } from '../kube/informer.ts';
import type { IndexFunction } from '../kube/store.ts';
import { BY_ROLE, rolesOf } from './pod-roles.ts';

/** The informers that all controllers of one cluster share: one watch a kind, however many controllers read it. */
export interface Caches {
  readonly pools: Informer<MinerPool>;
  readonly clusters: Informer<ComputeCluster>;
  readonly pods: Informer<Pod>;
  readonly nodes: Informer<Node>;
  readonly revisions: Informer<ControllerRevision>;
}

/** Pods by the UID of the object that manages them. */
export const BY_OWNER = 'owner';
/** Pods that hold GPUs, by the node they are bound to. */
export const GPU_PODS_BY_NODE = 'gpuNode';

export const podIndexes: Record<string, IndexFunction<Pod>> = {
  [BY_OWNER]: ownerIndex,
  [GPU_PODS_BY_NODE]: (pod) =>
    pod.spec.nodeName !== undefined && holdsResources(pod) && gpuResourceOf(pod) !== undefined
      ? [pod.spec.nodeName]
      : [],
  [BY_ROLE]: rolesOf,
};

/** Of the pods of another cluster, in which no owner of theirs exists: ours are known by their labels. */
export const memberPodIndexes: Record<string, IndexFunction<Pod>> = {
  ...podIndexes,
  [BY_OWNER]: ({ metadata }) => [metadata.labels?.[labels.poolUid] ?? []].flat(),
};

/** For any kind of child. */
export function ownerIndex(object: Immutable<Pod | ControllerRevision>): readonly string[] {
  const owner = controllerOf(object);
  return owner === undefined ? [] : [owner.uid];
}
