import * as z from 'zod';
import { labelValue } from './schema/fields.ts';
import { celRules } from './schema/kind.ts';

const Override = z.object({
  product: labelValue().describe(
    'The product label of the nodes, such as NVIDIA-H100-80GB-HBM3; unlabelled-nvidia, unlabelled-amd or unlabelled-intel for GPUs whose nodes name no product, as Intel Gaudi; or, on nodes with Akash’s labels only, the name that status.gpus shows, such as b200.180Gi.sxm.',
  ),
  id: labelValue()
    .exactOptional()
    .describe(
      'The id under which status.gpus lists the model. The id of a model in the catalogue changes that model. Absent: the catalogue’s id of the product, or else the product itself.',
    ),
  memoryMiB: z
    .int32()
    .min(1)
    .exactOptional()
    .describe('Memory of one GPU, in MiB. Absent: as the catalogue or a node label says.'),
  halfTflops: z
    .string()
    .max(16)
    .meta(
      celRules({
        rule: "self.matches('^[0-9]{1,6}([.][0-9]{1,3})?$') && self.matches('[1-9]')",
        message:
          "must be a number of TFLOPS above 0 with at most 3 digits after the point, such as '989.4': dense half precision, without sparsity",
      }),
    )
    .describe(
      'Dense half-precision tensor performance of one GPU, in TFLOPS, as a decimal string. 125 is one V100 equivalent.',
    ),
});

/** What a user says of GPUs that the catalogue does not know, or knows otherwise. */
export type GpuModelOverride = z.infer<typeof Override>;

/** `spec.gpuModels` of a ComputeCluster. */
export const GpuModelOverrides = z
  .array(Override)
  .max(64)
  .meta({
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['product'],
    ...celRules({
      rule: 'self.all(a, self.all(b, !has(a.id) || !has(b.id) || a.id != b.id || (a.halfTflops == b.halfTflops && has(a.memoryMiB) == has(b.memoryMiB) && (!has(a.memoryMiB) || a.memoryMiB == b.memoryMiB))))',
      message: 'entries of one id must have the same halfTflops and the same memoryMiB: they are one model',
    }),
  });
