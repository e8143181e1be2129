import * as z from 'zod';
import { intOrPercent } from './schema/fields.ts';
import { celRules } from './schema/kind.ts';

const RollingUpdate = z
  .object({
    maxUnavailable: intOrPercent()
      .default(1)
      .describe(
        'How many replicas may be unavailable during an update: a number, or a percentage of spec.replicas rounded down.',
      ),
    maxSurge: intOrPercent()
      .default(0)
      .describe(
        'How many pods there may be above spec.replicas during an update: a number, or a percentage of spec.replicas rounded up. Surge needs free GPUs.',
      ),
    partition: z
      .int32()
      .min(0)
      .default(0)
      .describe(
        'Only replicas whose ordinal is at least this one are updated; the others keep their template.',
      ),
  })
  .meta(
    celRules({
      rule: "!((self.maxUnavailable == 0 || self.maxUnavailable == '0%') && (self.maxSurge == 0 || self.maxSurge == '0%'))",
      message: 'maxUnavailable and maxSurge may not both be 0: no replica could ever be replaced',
    }),
  );

/** How running replicas come to a changed template: `spec.updateStrategy` of a MinerPool. */
export const UpdateStrategy = z
  .object({
    type: z
      .enum(['RollingUpdate', 'OnDelete'])
      .default('RollingUpdate')
      .describe(
        'How running replicas come to a changed template. RollingUpdate replaces them within rollingUpdate’s limits; OnDelete leaves them until someone deletes their pods.',
      ),
    rollingUpdate: RollingUpdate.prefault({}).describe(
      'The limits of a rolling update. May be set only when type is RollingUpdate.',
    ),
  })
  .meta(
    celRules({
      rule: "self.type == 'RollingUpdate' || (self.rollingUpdate.maxUnavailable == 1 && self.rollingUpdate.maxSurge == 0 && self.rollingUpdate.partition == 0)",
      message: 'may only be set when updateStrategy.type is RollingUpdate',
      fieldPath: '.rollingUpdate',
    }),
  );
