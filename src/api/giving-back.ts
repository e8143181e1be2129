import * as z from 'zod';
import { count } from './schema/fields.ts';

/** How guests leave a cluster when its owner needs GPUs, or closes it: `spec.givingBack` of a ComputeCluster. */
export const GivingBack = z.object({
  noticeSeconds: z
    .int32()
    .min(0)
    .max(3600)
    .default(30)
    .describe(
      'Seconds between the notice that a guest gets (the annotation headframe.dev/leave-at on its pod) and its deletion, at the earliest.',
    ),
  maxPodsPerMinute: z
    .int32()
    .min(1)
    .max(10_000)
    .default(60)
    .describe('The most guests that are deleted within any 60 seconds.'),
  graceSeconds: z
    .int32()
    .min(1)
    .max(3600)
    .exactOptional()
    .describe(
      'The most seconds that a guest may take to end after SIGTERM: its own terminationGracePeriodSeconds, but no more than this. Absent: its own.',
    ),
});
export type GivingBack = z.infer<typeof GivingBack>;

/** What is known of guests that leave: `status.givingBack` of a ComputeCluster. */
export const GivingBackStatus = z.object({
  leaving: count().describe('How many guests have been told to leave and are still there.'),
  waitingForGPUs: count().describe('GPUs for which pods that are not Headframe’s wait.'),
  left: z
    .array(
      z.object({
        deletionTime: z.iso.datetime().describe('When, rounded up to whole seconds.'),
        pods: z.int32().min(1).describe('How many guests were deleted.'),
      }),
    )
    .max(64)
    .default([])
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['deletionTime'] })
    .describe(
      'How many guests were deleted within the minute up to the last deletion: what spec.givingBack.maxPodsPerMinute is counted by. Written before they are deleted.',
    ),
});
export type GivingBackStatus = z.infer<typeof GivingBackStatus>;
