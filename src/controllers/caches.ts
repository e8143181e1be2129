import type { ControllerRevision, Node, Pod } from '../api/builtin.ts';
import type { ChainTransaction } from '../api/chain-transaction.ts';
import { annotations, labels } from '../api/group.ts';
import type { ComputeCluster } from '../api/compute-cluster.ts';
import { type Immutable, controllerOf, joinKey } from '../api/kube-object.ts';
import type { MinerPool } from '../api/miner-pool.ts';
import type { StakeAccount } from '../api/stake-account.ts';
import type { StakingNetwork } from '../api/staking-network.ts';
import { gpuResourceOf, holdsResources } from '../compute/pod-gpus.ts';
import type { Informer } from '../kube/informer.ts';
import type { IndexFunction } from '../kube/store.ts';
import { BY_ROLE, rolesOf } from './pod-roles.ts';

/** The informers that all controllers of one cluster share: one watch a kind, however many controllers read it. */
export interface Caches {
  readonly pools: Informer<MinerPool>;
  readonly clusters: Informer<ComputeCluster>;
  readonly networks: Informer<StakingNetwork>;
  readonly accounts: Informer<StakeAccount>;
  readonly pods: Informer<Pod>;
  readonly nodes: Informer<Node>;
  readonly revisions: Informer<ControllerRevision>;
}

/** The informers of what is on chains, with all others. */
export interface StakeCaches extends Caches {
  /** Of all accounts. */
  readonly transactions: Informer<ChainTransaction>;
}

/** ChainTransactions by `namespace/name` of their StakeAccount. */
export const BY_ACCOUNT = 'account';

/** Pods by the UID of the object that manages them. */
export const BY_OWNER = 'owner';
/** Pods that hold GPUs, by the node they are bound to. */
export const GPU_PODS_BY_NODE = 'gpuNode';

/** Pods that were placed on a GPU model and have no node yet: all of them, by {@link ANY}. */
export const PLACED_UNBOUND = 'placedUnbound';
/** Pods that Headframe made for a pool, by `namespace/pool`, whatever the UID of the pool. Only in members. */
export const BY_POOL = 'pool';

/** Pods that Headframe made, by the UID of the cluster in which it runs. Only in members. */
export const BY_HOME = 'home';

/** StakeAccounts by the name of their StakingNetwork. */
export const BY_NETWORK = 'network';

export const accountIndexes: Record<string, IndexFunction<StakeAccount>> = {
  [BY_NETWORK]: ({ spec }) => [spec.networkRef.name],
};

/** The one value of indexes that are sets. */
export const ANY = '';

export const podIndexes: Record<string, IndexFunction<Pod>> = {
  [BY_OWNER]: ownerIndex,
  [GPU_PODS_BY_NODE]: (pod) =>
    pod.spec.nodeName !== undefined && holdsResources(pod) && gpuResourceOf(pod) !== undefined
      ? [pod.spec.nodeName]
      : [],
  [BY_ROLE]: rolesOf,
  [PLACED_UNBOUND]: ({ metadata, spec, status }) =>
    spec.nodeName === undefined &&
    metadata.annotations?.[annotations.gpuModel] !== undefined &&
    status?.phase !== 'Failed'
      ? [ANY]
      : [],
};

/** Of the pods of another cluster, in which no owner of theirs exists: ours are known by their labels. */
export const memberPodIndexes: Record<string, IndexFunction<Pod>> = {
  ...podIndexes,
  [BY_OWNER]: (pod) => listOf(ownerUidInMember(pod)),
  [BY_POOL]: (pod) => listOf(poolKeyInMember(pod)),
  [BY_HOME]: ({ metadata }) => listOf(metadata.labels?.[labels.home]),
};

function listOf(value: string | undefined): readonly string[] {
  return value === undefined ? [] : [value];
}

/** UID of the pool, or other object, that a pod of the cluster in which Headframe runs belongs to. */
export function ownerUidHere(pod: Immutable<Pod>): string | undefined {
  return controllerOf(pod)?.uid;
}

/** UID of the pool that a pod of another cluster belongs to. */
export function ownerUidInMember({ metadata }: Immutable<Pod>): string | undefined {
  return metadata.labels?.[labels.poolUid];
}

/** `namespace/name` of the pool that a pod of another cluster was made for. */
export function poolKeyInMember({ metadata }: Immutable<Pod>): string | undefined {
  const name = metadata.labels?.[labels.poolUid] === undefined ? undefined : metadata.labels[labels.pool];
  return name && joinKey({ namespace: metadata.namespace, name });
}

/** For any kind of child. */
export function ownerIndex(object: Immutable<Pod | ControllerRevision>): readonly string[] {
  const owner = controllerOf(object);
  return owner === undefined ? [] : [owner.uid];
}

/** `namespace/name` of the StakeAccount of a ChainTransaction. */
export function accountKeyOf({ metadata, spec }: Immutable<ChainTransaction>): string {
  return joinKey({ namespace: metadata.namespace, name: spec.accountRef.name });
}
