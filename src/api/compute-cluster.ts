import { z } from 'zod';
import { GROUP, VERSION } from './group.ts';
import type { KubeObject, ResourceType } from './kube-object.ts';
import { conditions, count, decimal, observedGeneration } from './schema/fields.ts';
import type { KindDefinition } from './schema/kind.ts';

/** The name of the one cluster of connection type Local: the cluster in which Headframe runs. */
export const LOCAL_CLUSTER = 'local';

/** How a cluster is reached. Defaults are filled in by the API server, so a spec that is read has them. */
export const ComputeClusterSpec = z.object({
  connection: z
    .object({
      type: z
        .enum(['Local'])
        .default('Local')
        .describe(
          `How the cluster is reached. Local: it is the cluster in which Headframe runs; the object must then be named ${LOCAL_CLUSTER}.`,
        ),
    })
    .prefault({})
    .describe('How the cluster is reached.'),
});
export type ComputeClusterSpec = z.infer<typeof ComputeClusterSpec>;

const petaflops = () =>
  decimal()
    .default('0')
    .describe(
      'Peak dense half-precision tensor performance of the allocatable GPUs, in PFLOPS, as a decimal string. GPUs of an unknown model add nothing.',
    );

const v100Equivalents = () =>
  decimal()
    .default('0')
    .describe(
      'The allocatable GPUs counted in V100s (125 TFLOPS half precision each), as a decimal string. GPUs of an unknown model add nothing.',
    );

const allocatable = () => count().describe('GPUs that nodes offer to pods.');
const allocated = () => count().describe('GPUs that pods bound to those nodes ask for.');
const free = () => count().describe('Allocatable GPUs on schedulable, ready nodes that no pod asks for.');

const GpuInventory = z
  .object({
    model: z
      .string()
      .min(1)
      .max(63)
      .describe(
        'The id of the model in the GPU catalogue; the product label itself when the catalogue does not know it.',
      ),
    product: z
      .string()
      .max(63)
      .describe('The product label that nodes carry, such as NVIDIA-H100-80GB-HBM3.'),
    vendor: z.enum(['NVIDIA', 'AMD', 'Intel']).describe('Who makes the GPU.'),
    catalogued: z.enum(['Known', 'Unknown']).describe('Whether the GPU catalogue knows the model.'),
    nodes: count().describe('How many nodes have GPUs of the model.'),
    allocatable: allocatable(),
    allocated: allocated(),
    free: free(),
    memoryMiB: z.int().min(0).exactOptional().describe('Memory of one GPU, in MiB. Absent: not known.'),
    petaflops: petaflops(),
    v100Equivalents: v100Equivalents(),
  })
  .describe('The GPUs of one model.');

/** What Headframe observes of a cluster: its nodes and its GPUs by model. */
export const ComputeClusterStatus = z.object({
  nodes: z
    .object({
      total: count().describe('How many nodes the cluster has.'),
      ready: count().describe('How many of the nodes are ready.'),
    })
    .prefault({})
    .describe('The cluster’s nodes, with and without GPUs.'),
  gpus: z
    .array(GpuInventory)
    .max(256)
    .default([])
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['model'] })
    .describe('The cluster’s GPUs, one entry a model, sorted by model.'),
  totals: z
    .object({
      allocatable: allocatable(),
      allocated: allocated(),
      free: free(),
      petaflops: petaflops(),
      v100Equivalents: v100Equivalents(),
    })
    .prefault({})
    .describe('The sums over all models.'),
  observedGeneration: observedGeneration(),
  conditions: conditions(
    'Ready (the inventory is read), GPUModelsKnown (the catalogue knows every GPU of the cluster), Reconciling and Stalled (only while true)',
  ),
});
export type ComputeClusterStatus = z.infer<typeof ComputeClusterStatus>;

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
    'ComputeCluster is a Kubernetes cluster whose GPUs may be used. Its status is the inventory: GPUs by model, free and taken, and what they are worth in PFLOPS and V100 equivalents.',
  spec: ComputeClusterSpec,
  status: ComputeClusterStatus,
  rules: [
    {
      rule: `self.spec.connection.type != 'Local' || self.metadata.name == '${LOCAL_CLUSTER}'`,
      message: `must be '${LOCAL_CLUSTER}' when spec.connection.type is Local: there is one cluster in which Headframe runs`,
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
