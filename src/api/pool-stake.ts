import * as z from 'zod';
import { tokenAmount } from './schema/chain-fields.ts';
import { count } from './schema/fields.ts';
import { celRules } from './schema/kind.ts';
import { objectName } from './secret-key.ts';

/** What stake the replicas of a pool need: `spec.stake` of a MinerPool. */
export const PoolStake = z.object({
  accountRef: z
    .object({ name: objectName().describe('Name of the StakeAccount, of the pool’s namespace.') })
    .meta(
      celRules({
        rule: 'self == oldSelf',
        message: 'may not change: the replicas are registered on that account',
      }),
    )
    .describe('The account whose stake covers the replicas.'),
  units: z
    .enum(['Replica', 'Gpu', 'V100e'])
    .default('Replica')
    .describe(
      'The size of a replica, as it is registered and as perUnit counts it. Replica: 1. Gpu: its GPUs. V100e: its GPUs in V100 equivalents; spec.gpus.models must then name models, and the largest of them counts. A replica that runs keeps the size that it was registered with; another one counts once it has had no pod for a moment, as after a suspension.',
    ),
  perUnit: tokenAmount()
    .exactOptional()
    .describe(
      'Stake for each unit, in the token of the network. Absent, or less than the network asks for: what the network asks for.',
    ),
});
export type PoolStake = z.infer<typeof PoolStake>;

/** The longest list of ordinals. */
export const MAX_OCCUPIED = 4096;

/** What a pool has made of the stake: `status.stake` of a MinerPool. Its StakeAccount takes no miner off before this says that it may. */
export const PoolStakeStatus = z.object({
  allotted: count().describe('Replicas that the StakeAccount has allotted, as the pool has last heeded it.'),
  allotmentId: z
    .string()
    .max(63)
    .exactOptional()
    .describe('Which allotment that was, in the words of the StakeAccount.'),
  occupied: z
    .string()
    .max(MAX_OCCUPIED)
    .describe('Ordinals that have a pod, or may have one, such as 0-3,7. Their miners stay registered.'),
});
export type PoolStakeStatus = z.infer<typeof PoolStakeStatus>;
