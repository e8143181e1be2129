import * as z from 'zod';

/** When a pool counts as idle: `spec.idle` of a MinerPool. */
export const IdleRules = z
  .object({
    belowPercent: z
      .int32()
      .min(1)
      .max(100)
      .default(5)
      .describe('The utilisation, in percent, that every GPU of the pool has to stay below.'),
    forSeconds: z.int32().min(60).max(604_800).default(1800).describe('For how many seconds in a row.'),
  })
  .describe(
    'When the GPUs of the pool count as idle, which the condition GpusIdle says. They have to be measured: see spec.usage of the ComputeClusters.',
  );
export type IdleRules = z.infer<typeof IdleRules>;

const withDefaults = IdleRules.prefault({});

/** `spec.idle` with all defaults: a MinerPool that was stored before the field existed may lack it. */
export function idleRules({ idle }: { readonly idle?: unknown }): IdleRules {
  return withDefaults.parse(idle);
}
