import { usageReasons } from './usage-reasons.ts';

/** One entry of the catalogue: the meaning and the remedy go into docs/reference/reasons.md. */
export interface ReasonText {
  /** Which kinds say it. */
  readonly kinds: readonly string[];
  /** Whether conditions, events or both carry it. */
  readonly where: readonly ('condition' | 'event')[];
  readonly meaning: string;
  /** What the user can do; empty when nothing needs doing. */
  readonly remedy: string;
}

/**
 * Every condition reason and event reason that Headframe writes. A reason is part of the API: it keeps its meaning, and
 * nothing else may be written (the type {@link Reason} sees to it).
 */
export const reasons = {
  AllReplicasReady: {
    kinds: ['MinerPool'],
    where: ['condition'],
    meaning:
      'As many replicas as wanted are available, each made from the template that the update strategy wants for it.',
    remedy: '',
  },
  PodsStarting: {
    kinds: ['MinerPool'],
    where: ['condition'],
    meaning: 'All pods exist; some are not available yet.',
    remedy: 'Wait; if it lasts, look at the pods with kubectl describe pod.',
  },
  CreatingPods: {
    kinds: ['MinerPool'],
    where: ['condition'],
    meaning: 'Pods are still being created.',
    remedy: '',
  },
  ScalingDown: {
    kinds: ['MinerPool'],
    where: ['condition'],
    meaning: 'Pods above the wanted number are being deleted.',
    remedy: '',
  },
  RollingUpdate: {
    kinds: ['MinerPool'],
    where: ['condition'],
    meaning: 'Pods are being replaced by pods of the new template, within maxUnavailable and maxSurge.',
    remedy: '',
  },
  PodsOutdated: {
    kinds: ['MinerPool'],
    where: ['condition'],
    meaning: 'Some pods run an older template, and the update strategy (OnDelete) leaves them.',
    remedy: 'Delete the outdated pods one by one, or set updateStrategy.type to RollingUpdate.',
  },
  Suspended: {
    kinds: ['MinerPool'],
    where: ['condition', 'event'],
    meaning: 'spec.suspend is true: the pool has no pods.',
    remedy: 'Set spec.suspend to false.',
  },
  Resumed: {
    kinds: ['MinerPool'],
    where: ['event'],
    meaning: 'spec.suspend is false again.',
    remedy: '',
  },
  InsufficientGPUs: {
    kinds: ['MinerPool'],
    where: ['condition', 'event'],
    meaning:
      'Fewer free GPUs of the wanted kind than the waiting pods need. The pods stay Pending and start as GPUs become free.',
    remedy: 'Scale down, free or add GPUs, or allow more models in spec.gpus.models.',
  },
  NoPlace: {
    kinds: ['MinerPool'],
    where: ['condition', 'event'],
    meaning:
      'No ComputeCluster that the pool may use has room, at a price it allows, for some of its replicas. They are made as soon as one has. The message counts what is wrong with the clusters.',
    remedy:
      'Compare status.placement.refusals with spec.placement and spec.gpus: allow more clusters or models, a higher price, or free GPUs.',
  },
  ClusterUnreachable: {
    kinds: ['MinerPool'],
    where: ['condition', 'event'],
    meaning:
      'Replicas belong to, or were left behind in, a cluster that cannot be reached. After spec.placement.clusterLostGraceSeconds they are replaced elsewhere; what still runs there is removed when it returns.',
    remedy:
      'Look at the condition Reachable of the ComputeCluster. If it is gone for good, annotate it with headframe.dev/release=true and delete it.',
  },
  NoMatchingGPUs: {
    kinds: ['MinerPool'],
    where: ['condition', 'event'],
    meaning: 'No node has a GPU of the wanted vendor, model and memory, free or not.',
    remedy: 'Compare spec.gpus with the inventory: kubectl get computecluster local -o yaml.',
  },
  GPUsAvailable: {
    kinds: ['MinerPool'],
    where: ['condition'],
    meaning: 'There are GPUs for every replica.',
    remedy: '',
  },
  PodNameConflict: {
    kinds: ['MinerPool'],
    where: ['condition', 'event'],
    meaning:
      'A pod that does not belong to the pool has the name that one of its replicas needs. It is left alone.',
    remedy: 'Delete or rename the pod, or rename the pool.',
  },
  PodsFailing: {
    kinds: ['MinerPool'],
    where: ['condition'],
    meaning: 'Pods fail or their containers crash again and again; they are restarted with growing pauses.',
    remedy: 'Read the logs of the pods: kubectl logs <pod> --previous.',
  },
  PodCreationFailed: {
    kinds: ['MinerPool'],
    where: ['condition', 'event'],
    meaning: 'The API server refused a pod: a quota, an admission rule or an invalid template.',
    remedy: 'Read the message; change the template or the quota.',
  },
  NodeLost: {
    kinds: ['MinerPool'],
    where: ['event'],
    meaning: 'The node of a pod was not ready for longer than nodeLostGraceSeconds; the pod is replaced.',
    remedy: 'Look at the node: kubectl describe node.',
  },
  PodsCreated: {
    kinds: ['MinerPool'],
    where: ['event'],
    meaning: 'Pods were created.',
    remedy: '',
  },
  PodsDeleted: {
    kinds: ['MinerPool'],
    where: ['event'],
    meaning: 'Pods were deleted.',
    remedy: '',
  },
  PodReplaced: {
    kinds: ['MinerPool'],
    where: ['event'],
    meaning: 'A pod that had failed was replaced.',
    remedy: 'If it happens often, read the logs of the pods.',
  },
  Deleting: {
    kinds: ['MinerPool', 'ComputeCluster'],
    where: ['condition'],
    meaning:
      'The object is being deleted, and pods of Headframe that belong to it go first, in whichever cluster they are.',
    remedy:
      'Nothing, as long as the clusters can be reached. To leave pods in one that cannot: annotate its ComputeCluster with headframe.dev/release=true.',
  },
  InventoryKnown: {
    kinds: ['ComputeCluster'],
    where: ['condition'],
    meaning: 'The inventory is read.',
    remedy: '',
  },
  NoGPUs: {
    kinds: ['ComputeCluster'],
    where: ['condition'],
    meaning: 'No node of the cluster offers a GPU.',
    remedy: 'Install the GPU vendor’s device plugin and feature discovery.',
  },
  UnknownGPUModels: {
    kinds: ['ComputeCluster'],
    where: ['condition', 'event'],
    meaning: 'Nodes carry GPUs that the catalogue does not know; they are counted, with no PFLOPS.',
    remedy: 'Check the product label of the nodes; ask for the model to be added to the catalogue.',
  },
  AllGPUModelsKnown: {
    kinds: ['ComputeCluster'],
    where: ['condition'],
    meaning: 'Every GPU of the cluster is in the catalogue.',
    remedy: '',
  },
  NoMatchingNodes: {
    kinds: ['ComputeCluster'],
    where: ['condition'],
    meaning: 'spec.nodeSelector, spec.excludedNodes and spec.profile together leave no node of the cluster.',
    remedy:
      'Compare spec.nodeSelector with the labels of the nodes: kubectl get nodes --show-labels. With profile Akash, see whether the inventory operator runs.',
  },
  ScheduleInvalid: {
    kinds: ['ComputeCluster'],
    where: ['condition'],
    meaning:
      'spec.schedule cannot be followed: its time zone is not known, or windows overlap. No GPU is free for guests until it is mended.',
    remedy: 'Change the field that the message names.',
  },
  PricingInvalid: {
    kinds: ['ComputeCluster'],
    where: ['condition'],
    meaning: 'spec.pricing contradicts itself. No GPU has a price until it is mended.',
    remedy: 'Change the field that the message names.',
  },
  AllPricesKnown: {
    kinds: ['ComputeCluster'],
    where: ['condition'],
    meaning: 'Every GPU of the cluster has a price.',
    remedy: '',
  },
  PricesMissing: {
    kinds: ['ComputeCluster'],
    where: ['condition'],
    meaning: 'spec.pricing gives some GPUs of the cluster no price.',
    remedy: 'Add the models that the message names to spec.pricing.models.',
  },
  UnknownPricedModels: {
    kinds: ['ComputeCluster'],
    where: ['condition'],
    meaning: 'spec.pricing.models names models that neither the GPU catalogue knows nor a node has.',
    remedy: 'Correct the names; kubectl get computecluster -o yaml lists the models under status.gpus.',
  },
  AlwaysOpen: {
    kinds: ['ComputeCluster'],
    where: ['condition'],
    meaning: 'Guests may use the cluster at any time: it has no spec.schedule.',
    remedy: '',
  },
  InsideSchedule: {
    kinds: ['ComputeCluster'],
    where: ['condition'],
    meaning: 'Guests may use the cluster now, by spec.schedule.',
    remedy: '',
  },
  OutsideSchedule: {
    kinds: ['ComputeCluster'],
    where: ['condition'],
    meaning: 'Guests may not use the cluster now, by spec.schedule.',
    remedy: 'Wait until the time that the message names, or change spec.schedule.',
  },
  OwnerBusy: {
    kinds: ['ComputeCluster'],
    where: ['condition'],
    meaning: 'spec.onlyWhenIdle is true, and pods that are not Headframe’s hold GPUs.',
    remedy: 'Wait until they have ended, or set spec.onlyWhenIdle to false.',
  },
  Reachable: {
    kinds: ['ComputeCluster'],
    where: ['condition', 'event'],
    meaning: 'The cluster answers, and its nodes and pods are being watched.',
    remedy: '',
  },
  Connecting: {
    kinds: ['ComputeCluster'],
    where: ['condition'],
    meaning: 'The cluster is being asked for its nodes and pods for the first time.',
    remedy: '',
  },
  Unreachable: {
    kinds: ['ComputeCluster'],
    where: ['condition', 'event'],
    meaning:
      'The cluster does not answer, or refuses what is asked of it. Nothing of it is free; the rest of the inventory is the last that is known.',
    remedy:
      'Read the message. 401: renew the kubeconfig in the Secret. 403: allow its user to list and watch nodes and pods, and to get the namespace kube-system. Else see whether the API server runs and can be reached from here.',
  },
  SecretNotFound: {
    kinds: ['ComputeCluster'],
    where: ['condition', 'event'],
    meaning: 'The Secret of spec.connection.kubeconfig.secretRef is not there, or lacks the key.',
    remedy:
      'Create the Secret in the namespace in which Headframe runs, with the key that the message names.',
  },
  SecretUnreadable: {
    kinds: ['ComputeCluster'],
    where: ['condition', 'event'],
    meaning: 'Headframe could not read the Secret of spec.connection.kubeconfig.secretRef.',
    remedy:
      'Read the message. 403: allow the operator to get the Secret; with the chart, rbac.kubeconfigSecrets must name it or be empty.',
  },
  KubeconfigInvalid: {
    kinds: ['ComputeCluster'],
    where: ['condition', 'event'],
    meaning:
      'The kubeconfig in the Secret cannot be used: it is broken, or it asks for files, programs or an unverified server, which a Secret may not.',
    remedy: 'Change the field that the message names, in the kubeconfig of the Secret.',
  },
  DuplicateCluster: {
    kinds: ['ComputeCluster'],
    where: ['condition', 'event'],
    meaning:
      'Another, older ComputeCluster is the same cluster: both have the same namespace kube-system. Only the older one counts.',
    remedy: 'Delete one of the two.',
  },
  ...usageReasons,
} as const satisfies Record<string, ReasonText>;

/** A reason that Headframe may write. */
export type Reason = keyof typeof reasons;
