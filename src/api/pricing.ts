import * as z from 'zod';
import { labelValue, usDollars } from './schema/fields.ts';
import { celRules } from './schema/kind.ts';

/** What a cluster's GPUs cost: `spec.pricing` of a ComputeCluster. */
export const Pricing = z
  .object({
    perV100EquivalentHour: usDollars()
      .exactOptional()
      .describe(
        'The price of one V100 equivalent (125 TFLOPS half precision) for one hour, in US dollars, as a decimal string: 0.40 makes 3.17 for an H100 SXM. It prices every model that the GPU catalogue knows and spec.pricing.models does not name. Absent: those have no price.',
      ),
    models: z
      .array(
        z.object({
          model: labelValue().describe(
            'The GPU model: an id of the catalogue, the product label of nodes, or what people call it, such as NVIDIA-A100 for every A100. Of several entries that mean a model, the one that means the fewest models counts.',
          ),
          perGpuHour: usDollars().describe(
            'The price of one whole GPU for one hour, in US dollars, as a decimal string. MIG and time slices cost their part of it, unless an entry names the slice.',
          ),
        }),
      )
      .max(128)
      .default([])
      .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['model'] })
      .describe('Prices of single GPU models.'),
  })
  .meta(
    celRules({
      rule: 'has(self.perV100EquivalentHour) || size(self.models) > 0',
      message: 'must set perV100EquivalentHour, models, or both',
    }),
  );
export type Pricing = z.infer<typeof Pricing>;
