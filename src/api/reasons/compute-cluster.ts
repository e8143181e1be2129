import type { ReasonText } from './reason-text.ts';

/** Reasons of ComputeClusters. */
export const computeClusterReasons = {
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
  GuestsLeaving: {
    kinds: ['ComputeCluster'],
    where: ['event'],
    meaning:
      'Guests have been told to leave: pods that are not Headframe’s wait for their GPUs, or the cluster has closed to guests. They are deleted when their notice is over.',
    remedy: '',
  },
  GuestsStaying: {
    kinds: ['ComputeCluster'],
    where: ['event'],
    meaning: 'Guests that had been told to leave may stay: their GPUs are not needed any more.',
    remedy: '',
  },
  NodeQuarantined: {
    kinds: ['ComputeCluster'],
    where: ['event'],
    meaning:
      'GPU pods failed on the node, or it is being reported as broken: for a time none of its GPUs are free for guests. The time doubles if it happens again.',
    remedy:
      'Look at the node: kubectl describe node, the log of its device plugin, dmesg for lines with NVRM: Xid. kubectl get computecluster -o yaml says until when under status.quarantine.',
  },
  NodeReleased: {
    kinds: ['ComputeCluster'],
    where: ['event'],
    meaning: 'The quarantine of the node is over: guests may use it again.',
    remedy: '',
  },
  ClusterChanged: {
    kinds: ['ComputeCluster'],
    where: ['condition', 'event'],
    meaning:
      'spec.connection, or the kubeconfig in its Secret, leads to another cluster than before, and replicas of pools are in the former one. Nothing is made or deleted in either; to the pools the former one is unreachable.',
    remedy:
      'Let it lead to the former cluster again; or go on with the new one, and leave there what still runs in the former: kubectl annotate computecluster NAME headframe.dev/release=true. Better give the new cluster a ComputeCluster of its own.',
  },
  ClusterReplaced: {
    kinds: ['ComputeCluster'],
    where: ['event'],
    meaning:
      'The ComputeCluster is another cluster from now on: no pool had replicas in the former one, or it was released. Pods of Headframe that are left there go on running, and nobody counts them.',
    remedy:
      'If pods may be left: make a ComputeCluster with a kubeconfig of the former cluster, or delete those with the label headframe.dev/home there.',
  },
  DuplicateCluster: {
    kinds: ['ComputeCluster'],
    where: ['condition', 'event'],
    meaning:
      'Another, older ComputeCluster is the same cluster: both have the same namespace kube-system. Only the older one counts.',
    remedy: 'Delete one of the two: no pod ends by that, and the other one counts.',
  },
} as const satisfies Record<string, ReasonText>;
