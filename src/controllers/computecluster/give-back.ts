import type { GivingBackPlan } from '../../compute/giving-back/plan.ts';
import { slowStart } from '../../controller/slow-start.ts';
import type { GuestWriter } from './guest-writer.ts';

/** Writes under way at the same time, to a cluster that may be far away and small. */
export const MEMBER_WRITES = 16;

/**
 * Does what the plan says: who may stay hears it first, then guests are deleted, then others get notice. The status that counts the
 * deletions must have been written. The first error ends it, and is thrown: what is left to do is found again.
 */
export async function giveBack(
  { withdrawals, deletions, notices }: GivingBackPlan,
  writer: GuestWriter,
  { graceSeconds, signal }: { readonly graceSeconds: number | undefined; readonly signal: AbortSignal },
): Promise<void> {
  const writes: readonly (() => Promise<void>)[] = [
    ...withdrawals.map(
      ({ pod }) =>
        () =>
          writer.withdrawNotice(pod),
    ),
    ...deletions.map(
      ({ pod }) =>
        () =>
          writer.remove(pod, graceSeconds),
    ),
    ...notices.map(
      ({ guest, leaveAt }) =>
        () =>
          writer.giveNotice(guest.pod, leaveAt),
    ),
  ];
  const { error } = await slowStart(writes, (write) => write(), { maxInFlight: () => MEMBER_WRITES, signal });
  if (error !== undefined) {
    throw error;
  }
}
