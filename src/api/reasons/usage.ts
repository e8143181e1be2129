import type { ReasonText } from './reason-text.ts';

/** The reasons that are about how busy GPUs are, and about the ledger of GPU time. */
export const usageReasons = {
  UsageMeasured: {
    kinds: ['ComputeCluster'],
    where: ['condition'],
    meaning: 'Every GPU that pods of pools have held for two minutes is measured.',
    remedy: '',
  },
  NoExporters: {
    kinds: ['ComputeCluster'],
    where: ['condition'],
    meaning: 'No running pod of the cluster is an exporter by spec.usage.exporters. Nothing is measured.',
    remedy:
      'Install the exporter of the GPU vendor, or compare spec.usage.exporters with its labels: kubectl get pods -A --show-labels.',
  },
  UsageSourceFailing: {
    kinds: ['ComputeCluster'],
    where: ['condition'],
    meaning:
      'Sources of spec.usage could not be read: they do not answer, answer too slowly or too much, or with something that is not in the format. The GPUs that they would have told of count as unmeasured, never as idle.',
    remedy:
      'Read the message. 403 of pods/proxy: allow it, or set spec.usage.exporters.access to Direct where pods can be reached.',
  },
  GPUsUnmeasured: {
    kinds: ['ComputeCluster'],
    where: ['condition'],
    meaning:
      'The sources answer, but say nothing of some of the GPUs that pods of pools have held for two minutes. Their time counts as unmeasured.',
    remedy:
      'See whether the exporter runs on every GPU node and writes the labels pod and namespace (dcgm-exporter: DCGM_EXPORTER_KUBERNETES=true).',
  },
  LedgerSaved: {
    kinds: ['ComputeCluster'],
    where: ['condition'],
    meaning: 'The ledger of GPU time is saved.',
    remedy: '',
  },
  LedgerUnsaved: {
    kinds: ['ComputeCluster'],
    where: ['condition'],
    meaning:
      'The ledger of GPU time could not be read or written. Counting goes on as soon as it has been read; what was counted since the last write is written later, or counted again after a restart, as unmeasured.',
    remedy:
      'Read the message. 403: allow the operator to get, create and update ConfigMaps in its namespace.',
  },
  LedgerSetAside: {
    kinds: ['ComputeCluster'],
    where: ['condition'],
    meaning:
      'The ledger of GPU time in its ConfigMap could not be read: somebody changed it, or a newer version wrote it. It is kept in another ConfigMap, and counting has begun anew.',
    remedy:
      'Look at the ConfigMap that the message names. When done, take the annotation headframe.dev/set-aside off the ConfigMap headframe-usage-<cluster>; the condition follows with the next write of the ledger.',
  },
  GPUsIdle: {
    kinds: ['MinerPool'],
    where: ['condition'],
    meaning: 'Every GPU of the pool has been below spec.idle.belowPercent for spec.idle.forSeconds.',
    remedy:
      'Read the logs of the pods: do they have work? A pool that is not needed can be scaled down, or suspended.',
  },
  GPUsInUse: {
    kinds: ['MinerPool'],
    where: ['condition'],
    meaning: 'Some GPU of the pool has worked within spec.idle.forSeconds.',
    remedy: '',
  },
} as const satisfies Record<string, ReasonText>;
