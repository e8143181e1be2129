/** The API group of everything Headframe defines. */
export const GROUP = 'headframe.dev';
/** The one version so far. */
export const VERSION = 'v1alpha1';
/** `apiVersion` of our objects. */
export const API_VERSION = `${GROUP}/${VERSION}`;
/** Field manager of our writes, and the name under which our events report. */
export const MANAGER = 'headframe';

/** Labels and annotations that Headframe writes on what it creates. Unprefixed keys belong to users. */
export const labels = {
  /** Name of the MinerPool a pod belongs to. */
  pool: `${GROUP}/pool`,
  /** Ordinal of the pod in its pool. */
  replicaIndex: `${GROUP}/replica-index`,
  /** Hash of the template that the pod was made from. */
  revision: `${GROUP}/revision`,
  /** UID of the MinerPool a pod belongs to, in a cluster in which there is no MinerPool that could own it. */
  poolUid: `${GROUP}/pool-uid`,
  /** UID of the namespace kube-system of the cluster whose Headframe made the pod, in another cluster. */
  home: `${GROUP}/home`,
  /** On a ChainTransaction: name of the StakeAccount; a long one is cut, and told from others by a hash. */
  stakeAccount: `${GROUP}/stake-account`,
  managedBy: 'app.kubernetes.io/managed-by',
  partOf: 'app.kubernetes.io/part-of',
} as const;

export const annotations = {
  /** How many times in a row the pod of this ordinal has failed: decides the pause before the next attempt. */
  restartAttempt: `${GROUP}/restart-attempt`,
  /** `true` on a pod that an update made above the wanted number: it goes only as the update's budget allows. */
  surge: `${GROUP}/surge`,
  /** `true` on a ComputeCluster: nobody waits for what Headframe made there, whoever deletes it or a pool. */
  release: `${GROUP}/release`,
  /** The GPU model that the pod was placed on, under which the inventory of its cluster lists it. */
  gpuModel: `${GROUP}/gpu-model`,
  /** RFC 3339: the pod has notice, and is deleted then or soon after. It is taken away when the pod may stay after all. */
  leaveAt: `${GROUP}/leave-at`,
  /** On a pod with a miner on chain: the miner’s id, 32 bytes in hexadecimal digits. */
  minerId: `${GROUP}/miner-id`,
  /** On a pod with a miner on chain: the address of the account that the miner belongs to. */
  minerAccount: `${GROUP}/miner-account`,
  /** On a pod with a miner on chain: name of the StakingNetwork. */
  minerNetwork: `${GROUP}/miner-network`,
  /** On a pod with a miner on chain: id of the network’s chain. */
  minerChainId: `${GROUP}/miner-chain-id`,
  /** `true` on a ChainTransaction: a transaction that does nothing is to use the nonce instead, if it can still. */
  cancel: `${GROUP}/cancel`,
  /** `true` on a ChainTransaction that has ended without its effect: the same effect may be tried again. */
  retry: `${GROUP}/retry`,
} as const;

/** Finalizers, by which deleting one of our objects waits for what Headframe has made for it elsewhere. */
export const finalizers = {
  /** On a MinerPool with pods in other clusters. */
  memberPods: `${GROUP}/member-pods`,
  /** On a ComputeCluster that is reached by a kubeconfig. */
  guests: `${GROUP}/guests`,
  /** On a StakeAccount whose stake is to be withdrawn when it is deleted. */
  stake: `${GROUP}/stake`,
} as const;
