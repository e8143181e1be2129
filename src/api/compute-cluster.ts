import * as z from 'zod';
import { ClusterConnection } from './cluster-connection.ts';
import { ComputeClusterStatus } from './compute-cluster-status.ts';
import { GivingBack } from './giving-back.ts';
import { GpuModelOverrides } from './gpu-model-override.ts';
import { GROUP, VERSION } from './group.ts';
import type { KubeObject, ResourceType } from './kube-object.ts';
import { Pricing } from './pricing.ts';
import { Quarantine } from './quarantine.ts';
import { Schedule } from './schedule.ts';
import { intOrPercent } from './schema/fields.ts';
import type { KindDefinition } from './schema/kind.ts';
import { UsageSource } from './usage-source.ts';

/** The name of the one cluster of connection type Local: the cluster in which Headframe runs. */
export const LOCAL_CLUSTER = 'local';

/** Labels that nodes must have, in the form of a pod's `nodeSelector`. */
const NodeSelector = z
  .record(z.string(), z.string().max(63))
  .meta({ maxProperties: 16, 'x-kubernetes-map-type': 'atomic' });

/** What is wanted of a cluster. Defaults are filled in by the API server, so a spec that is read has them. */
export const ComputeClusterSpec = z.object({
  connection: ClusterConnection.prefault({}).describe('How the cluster is reached.'),
  profile: z
    .enum(['OnPrem', 'Akash'])
    .default('OnPrem')
    .describe(
      'Whose cluster it is. OnPrem: all its nodes take part. Akash: it is a provider on Akash; only nodes in Akash’s inventory (label akash.network=true) take part, with the GPUs that the inventory lists, and pods of leases hold what they hold before anybody else. Nothing that belongs to Akash is ever written.',
    ),
  nodeSelector: NodeSelector.default({}).describe(
    'Labels that a node must have to take part, with their values, as in a pod’s nodeSelector. Empty: every node.',
  ),
  excludedNodes: z
    .array(z.string().min(1).max(253))
    .max(1000)
    .default([])
    .meta({ 'x-kubernetes-list-type': 'set' })
    .describe('Names of nodes that take no part.'),
  reserve: intOrPercent()
    .default(0)
    .describe(
      'GPUs that are kept for the owner: a number, or a percentage of the allocatable GPUs rounded up. They are free or in the owner’s own use: what pods that are not Headframe’s hold counts towards the reserve. With the profile Akash pods of leases do not: the reserve is the room for the next leases.',
    ),
  schedule: Schedule.exactOptional().describe(
    'When guests may use the cluster. Outside of its windows no GPU is free for guests. Absent: always.',
  ),
  onlyWhenIdle: z
    .boolean()
    .default(false)
    .describe(
      'Whether guests may use the cluster only while nobody else does: true: no GPU is free for guests as long as pods that are not Headframe’s hold any.',
    ),
  pricing: Pricing.exactOptional().describe(
    'What the GPUs cost, in US dollars. Absent: they have no price, which is not the same as costing nothing.',
  ),
  usage: UsageSource.prefault({}).describe('Where the utilisation of GPUs is read, and how often.'),
  gpuModels: GpuModelOverrides.default([]).describe(
    'GPU models that the catalogue does not know, or of which it says something else than what is true here.',
  ),
  givingBack: GivingBack.prefault({}).describe(
    'How guests leave when pods that are not Headframe’s wait for GPUs, or when the cluster closes to guests: the least valuable first, and no more than are needed.',
  ),
  guestPriorityClassName: z
    .string()
    .min(1)
    .max(253)
    .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/)
    .exactOptional()
    .describe(
      'The PriorityClass of guests, so that kube-scheduler lets all other pods go first. It must exist in that cluster; the chart makes headframe-guest in its own. Absent: the one of the pool’s template, or the cluster’s default.',
    ),
  quarantine: Quarantine.prefault({}).describe(
    'When a node is left out for a time because GPU pods fail on it. The GPUs of such a node are not free for guests.',
  ),
});
export type ComputeClusterSpec = z.infer<typeof ComputeClusterSpec>;

/** A Kubernetes cluster whose GPUs may be used. */
export interface ComputeCluster extends KubeObject {
  spec: ComputeClusterSpec;
  status?: ComputeClusterStatus;
}

export const ComputeClusters: ResourceType<ComputeCluster> = {
  group: GROUP,
  version: VERSION,
  kind: 'ComputeCluster',
  plural: 'computeclusters',
  namespaced: false,
};

export const computeClusterKind: KindDefinition = {
  type: ComputeClusters,
  singular: 'computecluster',
  shortNames: ['cc'],
  description:
    'ComputeCluster is a Kubernetes cluster whose GPUs may be used. The spec says for whom, when and at what price; the status is the inventory: GPUs by model, free and taken, and what they are worth in PFLOPS and V100 equivalents.',
  spec: ComputeClusterSpec,
  status: ComputeClusterStatus,
  rules: [
    {
      rule: `self.spec.connection.type != 'Local' || self.metadata.name == '${LOCAL_CLUSTER}'`,
      message: `must be '${LOCAL_CLUSTER}' when spec.connection.type is Local: there is one cluster in which Headframe runs`,
      fieldPath: '.metadata.name',
    },
    {
      rule: `self.spec.connection.type == 'Local' || self.metadata.name != '${LOCAL_CLUSTER}'`,
      message: `may not be '${LOCAL_CLUSTER}' unless spec.connection.type is Local: that is the cluster in which Headframe runs`,
      fieldPath: '.metadata.name',
    },
  ],
  columns: [
    {
      name: 'Ready',
      type: 'string',
      jsonPath: '.status.conditions[?(@.type=="Ready")].status',
      description: 'Whether the inventory is up to date.',
    },
    {
      name: 'Nodes',
      type: 'integer',
      jsonPath: '.status.nodes.total',
      description: 'How many nodes the cluster has.',
    },
    {
      name: 'GPUs',
      type: 'integer',
      jsonPath: '.status.totals.allocatable',
      description: 'How many GPUs nodes offer to pods.',
    },
    {
      name: 'Free',
      type: 'integer',
      jsonPath: '.status.totals.free',
      description: 'How many GPUs no pod asks for.',
    },
    {
      name: 'Open',
      type: 'string',
      jsonPath: '.status.conditions[?(@.type=="OpenToGuests")].status',
      description: 'Whether guests may use the cluster now.',
    },
    {
      name: 'PFLOPS',
      type: 'string',
      jsonPath: '.status.totals.petaflops',
      description: 'Peak half-precision performance, in PFLOPS.',
    },
    {
      name: 'V100e',
      type: 'string',
      jsonPath: '.status.totals.v100Equivalents',
      description: 'The GPUs counted in V100s.',
    },
    {
      name: 'Reason',
      type: 'string',
      jsonPath: '.status.conditions[?(@.type=="Ready")].reason',
      description: 'Why the inventory is up to date or not.',
      priority: 1,
    },
    {
      name: 'Age',
      type: 'date',
      jsonPath: '.metadata.creationTimestamp',
      description: 'Time since the object was created.',
    },
  ],
};
