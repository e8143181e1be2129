import * as z from 'zod';
import type { PodTemplateSpec } from './builtin.ts';
import { GROUP, VERSION } from './group.ts';
import { IdleRules } from './idle-rules.ts';
import type { KubeObject, ResourceType } from './kube-object.ts';
import { Placement, PlacementStatus } from './placement.ts';
import { PoolStake, PoolStakeStatus } from './pool-stake.ts';
import { conditions, count, labelValue, observedGeneration, quantity } from './schema/fields.ts';
import type { KindDefinition } from './schema/kind.ts';
import { podTemplateSchema } from './schema/pod-template.ts';
import { UpdateStrategy } from './update-strategy.ts';

/** `<pool>-<ordinal>` is a label value (at most 63 characters): 52 leave room for the dash and ten digits. */
const MAX_NAME_LENGTH = 52;

const Gpus = z.object({
  vendor: z
    .enum(['NVIDIA', 'AMD', 'Intel'])
    .default('NVIDIA')
    .describe(
      'Whose GPUs. It decides the resource that pods ask for: nvidia.com/gpu, amd.com/gpu or habana.ai/gaudi.',
    ),
  countPerReplica: z
    .int32()
    .min(1)
    .max(64)
    .default(1)
    .describe('How many GPUs each replica gets, all on one node.'),
  models: z
    .array(labelValue())
    .max(32)
    .default([])
    .meta({ 'x-kubernetes-list-type': 'set' })
    .describe(
      'Which GPU models will do: ids of the catalogue, such as h100-sxm5-80gb, product labels of nodes, such as NVIDIA-H100-80GB-HBM3, or what people call them, such as NVIDIA-A100 for every A100. Empty: any model of the vendor.',
    ),
  minMemory: quantity()
    .exactOptional()
    .describe('The least memory of one GPU, such as 40Gi, or a number of bytes. Absent: any.'),
});

/** What a user wants of a pool. Defaults are filled in by the API server, so a spec that is read has them. */
export const MinerPoolSpec = z.object({
  replicas: z
    .int32()
    .min(0)
    .max(10_000)
    .default(1)
    .describe('How many miners to run. kubectl scale and autoscalers change it.'),
  gpus: Gpus.prefault({}).describe('The GPUs that each replica gets.'),
  template: z
    .custom<PodTemplateSpec>((value) => typeof value === 'object' && value !== null)
    .meta({ ...podTemplateSchema })
    .describe(
      'The pod of one replica. Headframe names it <pool>-<ordinal>, adds its labels, and gives the first container the GPUs that spec.gpus asks for.',
    ),
  placement: Placement.exactOptional().describe(
    'Which clusters the replicas may run in, and what decides between them. Absent: they run in the cluster of Headframe alone.',
  ),
  stake: PoolStake.exactOptional().describe(
    'The stake that the replicas need. No more of them run than it covers, and each has a miner on chain that is registered before its pod is made, and stays so until the pod is gone; so the pool never surges. Every container finds its identity in files below /etc/headframe/identity (miner-id, account, network, chain-id; never a key), from a volume headframe-identity; a template that has a volume of that name gets none, nor does a container that mounts something there. Absent: none.',
  ),
  updateStrategy: UpdateStrategy.prefault({}).describe('How running replicas come to a changed template.'),
  suspend: z
    .boolean()
    .default(false)
    .describe(
      'Whether to pause the pool: true deletes its pods and keeps everything else; false brings them back.',
    ),
  idle: IdleRules.prefault({}),
  nodeLostGraceSeconds: z
    .int32()
    .min(0)
    .max(86_400)
    .default(60)
    .describe(
      'Seconds that a node may be not ready before the replicas on it are replaced elsewhere. The lost pods are deleted without waiting for their node.',
    ),
  minReadySeconds: z
    .int32()
    .min(0)
    .max(86_400)
    .default(0)
    .describe('Seconds that a replica must be ready without interruption before it counts as available.'),
  priority: z
    .int32()
    .min(-1_000_000_000)
    .max(1_000_000_000)
    .default(0)
    .describe(
      'How much the pool matters next to others: when guests have to leave a cluster, those of the pool with the lowest number leave first.',
    ),
  revisionHistoryLimit: z
    .int32()
    .min(0)
    .max(100)
    .default(10)
    .describe('How many former templates to keep as ControllerRevisions.'),
});
export type MinerPoolSpec = z.infer<typeof MinerPoolSpec>;

/** What Headframe observes of a pool. Counts are of pods that exist and are not being deleted. */
export const MinerPoolStatus = z.object({
  replicas: count().describe('How many pods the pool has, those of a surge included.'),
  readyReplicas: count().describe('How many of the pods are ready.'),
  availableReplicas: count().describe('How many of the pods have been ready for spec.minReadySeconds.'),
  updatedReplicas: count().describe('How many of the pods are made from the current template.'),
  selector: z
    .string()
    .max(512)
    .exactOptional()
    .describe('The label selector of the pool’s pods, as a string, for autoscalers.'),
  gpus: z
    .object({
      desired: count().describe('GPUs that all replicas together want; 0 while suspended.'),
      allocated: count().describe('GPUs of the pods that are bound to a node.'),
      ready: count().describe('GPUs of the pods that are ready.'),
    })
    .prefault({})
    .describe('The pool’s GPUs, in whole GPUs.'),
  placement: PlacementStatus.exactOptional().describe(
    'Where the replicas belong. Absent: the scheduler of the cluster of Headframe decides.',
  ),
  stake: PoolStakeStatus.exactOptional().describe(
    'What the pool has made of the stake. Absent: it needs none.',
  ),
  currentRevision: z
    .string()
    .max(253)
    .exactOptional()
    .describe('The ControllerRevision that replicas below the partition, or not updated yet, are made from.'),
  updateRevision: z
    .string()
    .max(253)
    .exactOptional()
    .describe('The ControllerRevision of the current template.'),
  observedGeneration: observedGeneration(),
  conditions: conditions(
    'Ready (every replica is available, and none is to be updated), GPUsAvailable (there are GPUs for every replica), StakeSufficient (only with spec.stake: the stake covers every replica), Suspended, GpusIdle (all GPUs have been below spec.idle.belowPercent for spec.idle.forSeconds; only while they are measured), Reconciling and Stalled (only while true)',
  ),
});
export type MinerPoolStatus = z.infer<typeof MinerPoolStatus>;

/** N identical GPU miners. */
export interface MinerPool extends KubeObject {
  spec: MinerPoolSpec;
  status?: MinerPoolStatus;
}

export const MinerPools: ResourceType<MinerPool> = {
  group: GROUP,
  version: VERSION,
  kind: 'MinerPool',
  plural: 'minerpools',
  namespaced: true,
};

const ready = '.status.conditions[?(@.type=="Ready")]';

export const minerPoolKind: KindDefinition = {
  type: MinerPools,
  singular: 'minerpool',
  shortNames: ['mp'],
  description:
    'MinerPool runs N identical GPU miners: one pod each, with the GPUs it asks for, replaced when it fails and updated within a budget.',
  spec: MinerPoolSpec,
  status: MinerPoolStatus,
  rules: [
    {
      rule: `size(self.metadata.name) <= ${MAX_NAME_LENGTH}`,
      message: `must have at most ${MAX_NAME_LENGTH} characters: the pods are named <pool>-<ordinal>, and their names must fit a label`,
      fieldPath: '.metadata.name',
    },
    {
      rule: "!self.metadata.name.contains('.')",
      message: 'may not contain a dot: the pods are named <pool>-<ordinal>, and their names are host names',
      fieldPath: '.metadata.name',
    },
  ],
  columns: [
    {
      name: 'Ready',
      type: 'string',
      jsonPath: `${ready}.status`,
      description: 'Whether every replica is available, and none waits to be updated.',
    },
    {
      name: 'Replicas',
      type: 'integer',
      jsonPath: '.spec.replicas',
      description: 'How many replicas are wanted.',
    },
    {
      name: 'ReadyReplicas',
      type: 'integer',
      jsonPath: '.status.readyReplicas',
      description: 'How many replicas are ready.',
    },
    {
      name: 'GPUs',
      type: 'integer',
      jsonPath: '.status.gpus.desired',
      description: 'How many GPUs the pool wants.',
    },
    {
      name: 'Reason',
      type: 'string',
      jsonPath: `${ready}.reason`,
      description: 'Why the pool is ready or not.',
    },
    {
      name: 'Available',
      type: 'integer',
      jsonPath: '.status.availableReplicas',
      description: 'How many replicas are available.',
      priority: 1,
    },
    {
      name: 'Updated',
      type: 'integer',
      jsonPath: '.status.updatedReplicas',
      description: 'How many replicas run the current template.',
      priority: 1,
    },
    {
      name: 'GPUsAllocated',
      type: 'integer',
      jsonPath: '.status.gpus.allocated',
      description: 'How many GPUs are bound to the pool’s pods.',
      priority: 1,
    },
    {
      name: 'Models',
      type: 'string',
      jsonPath: '.spec.gpus.models',
      description: 'The GPU models that will do.',
      priority: 1,
    },
    {
      name: 'Selector',
      type: 'string',
      jsonPath: '.status.selector',
      description: 'The label selector of the pods.',
      priority: 1,
    },
    {
      name: 'Age',
      type: 'date',
      jsonPath: '.metadata.creationTimestamp',
      description: 'Time since the pool was created.',
    },
  ],
  scale: {
    specReplicasPath: '.spec.replicas',
    statusReplicasPath: '.status.replicas',
    labelSelectorPath: '.status.selector',
  },
};
