import type { ReasonText } from './reason-text.ts';

/** Reasons of MinerPools, and those that they share with other kinds. */
export const minerPoolReasons = {
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
  OrphansNotDeleted: {
    kinds: ['MinerPool'],
    where: ['event'],
    meaning:
      'Pods that a former pool of this name has left in another cluster could not be deleted there. The pool goes on without them; where they have the names of its replicas, those cannot be made in that cluster. It is tried again every 30 seconds.',
    remedy:
      'Let the user of the kubeconfig delete pods in that cluster (docs/guides/clusters.md), or delete the pods there yourself.',
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
} as const satisfies Record<string, ReasonText>;
