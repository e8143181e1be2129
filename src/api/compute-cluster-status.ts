import * as z from 'zod';
import { GivingBackStatus } from './giving-back.ts';
import { nodeFailures, quarantinedNodes } from './quarantine.ts';
import { conditions, count, decimal, observedGeneration } from './schema/fields.ts';

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
const guests = () => count().describe('Of the allocated GPUs, those of pods that Headframe made.');
const leased = () => count().describe('Of the allocated GPUs, those of pods of Akash leases.');
const free = () => count().describe('Allocatable GPUs on schedulable, ready nodes that no pod asks for.');
const reserved = () =>
  count().describe('Of the free GPUs, those that are kept for the owner (spec.reserve).');
const freeForGuests = () =>
  count().describe(
    'Of the free GPUs, those that guests may take now: what is not reserved, and none while the cluster is not open to guests.',
  );

const GpuPrice = z
  .object({
    perGpuHour: decimal()
      .exactOptional()
      .describe('Price of one GPU, or of the slice that is offered as one, for one hour, in US dollars.'),
    perV100EquivalentHour: decimal()
      .exactOptional()
      .describe(
        'Price of one V100 equivalent for one hour, in US dollars. Absent: the performance of the model is not known.',
      ),
  })
  .describe('What the GPUs cost, by spec.pricing. Absent: they have no price.');

const GpuInventory = z
  .object({
    model: z
      .string()
      .min(1)
      .max(63)
      .describe(
        'The id of the model in the GPU catalogue; the product itself when the catalogue does not know it.',
      ),
    product: z
      .string()
      .max(63)
      .describe(
        'The product label that nodes carry, such as NVIDIA-H100-80GB-HBM3; Akash’s name for it, such as a100.80Gi.sxm, on nodes with its labels only; unlabelled-nvidia and the like on nodes that name none.',
      ),
    vendor: z.enum(['NVIDIA', 'AMD', 'Intel']).describe('Who makes the GPU.'),
    catalogued: z.enum(['Known', 'Unknown']).describe('Whether the GPU catalogue knows the model.'),
    nodes: count().describe('How many nodes have GPUs of the model.'),
    allocatable: allocatable(),
    allocated: allocated(),
    guests: guests(),
    leased: leased(),
    free: free(),
    reserved: reserved(),
    freeForGuests: freeForGuests(),
    price: GpuPrice.exactOptional(),
    memoryMiB: z.int().min(0).exactOptional().describe('Memory of one GPU, in MiB. Absent: not known.'),
    petaflops: petaflops(),
    v100Equivalents: v100Equivalents(),
  })
  .describe('The GPUs of one model.');

const Performance = z.object({
  petaflops: decimal().default('0').describe('In PFLOPS of dense half precision, as a decimal string.'),
  v100Equivalents: decimal().default('0').describe('In V100s (125 TFLOPS each), as a decimal string.'),
});

const PerformanceFigures = z
  .object({
    pledged: Performance.describe('Of the GPUs that guests hold or may take now.'),
    busy: Performance.describe('Of the GPUs that pods of pools hold.'),
    delivered: Performance.exactOptional().describe(
      'Busy times utilisation, of the GPUs that were measured. Absent: pods of pools hold GPUs, and none was measured.',
    ),
  })
  .describe(
    'What is done with the arithmetic of status.totals. Busy and delivered are brought up to date once a minute at most, to two significant digits; the operator’s metrics have them in full. Absent: not known yet.',
  );

/** What Headframe observes of a cluster: its nodes and its GPUs by model. */
export const ComputeClusterStatus = z.object({
  nodes: z
    .object({
      total: count().describe('How many nodes of the cluster take part.'),
      ready: count().describe('How many of those nodes are ready.'),
    })
    .prefault({})
    .describe('The nodes that take part, with and without GPUs.'),
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
      guests: guests(),
      leased: leased(),
      free: free(),
      reserved: reserved(),
      freeForGuests: freeForGuests(),
      petaflops: petaflops(),
      v100Equivalents: v100Equivalents(),
    })
    .prefault({})
    .describe('The sums over all models.'),
  performance: PerformanceFigures.exactOptional(),
  clusterUID: z
    .string()
    .min(1)
    .max(64)
    .exactOptional()
    .describe(
      'The UID of the cluster’s namespace kube-system, by which clusters are told apart. It stays while the cluster cannot be asked. Absent: not known yet.',
    ),
  givingBack: GivingBackStatus.prefault({}).describe('Guests that leave, and who waits for their GPUs.'),
  quarantine: quarantinedNodes(),
  nodeFailures: nodeFailures(),
  observedGeneration: observedGeneration(),
  conditions: conditions(
    'Ready (the inventory is read, and the spec can be followed), Reachable (the cluster answers; False: nothing of it is free, and the inventory is the last that is known), GPUModelsKnown (the catalogue knows every GPU of the cluster), PricesKnown (every GPU has a price; only with spec.pricing), OpenToGuests (guests may use the cluster now), UsageKnown (every GPU that pools hold is measured; only with spec.usage.source), UsageRecorded (the ledger of GPU time is saved), Reconciling and Stalled (only while true)',
  ),
});
export type ComputeClusterStatus = z.infer<typeof ComputeClusterStatus>;
