import type { Immutable } from '../../api/kube-object.ts';
import type { MinerPool } from '../../api/miner-pool.ts';
import type { PoolAllotment } from '../../api/stake-account/status.ts';

/*
 * How a StakeAccount and a MinerPool agree that a miner may go, each by its own status alone:
 *
 * - The account allots: `allotted`, and `registered`, the ordinals whose miners are registered. The pool makes the pod of an ordinal only
 *   when it sees one allotment that has the ordinal in both.
 * - The pool answers: which allotment it heeds, and which ordinals have a pod, or may have one. Nobody sees that at once, but what is
 *   seen of an object only goes forward: a pool that has answered to an allotment acts on no earlier one.
 * - The account takes a miner off only of ordinals from {@link ceilingOf} on that have no pod. From then on, and in the very status that allots the ordinal
 *   again, it keeps the ordinal out of `registered` until the miner is registered anew.
 *
 * The number alone is no answer: of a pool that had heeded 4 once, was given 5, and is given 4 again, nobody could tell whether it has
 * heeded 4 again, or never seen the 5 yet and is about to. So every allotment has a name.
 */

/**
 * The name of an allotment: that of the one before as long as the number is the same, a new one else.
 * @param before what the account has allotted the pool, as it last wrote it
 * @param accountUid an account that is made anew under the same name counts from the start
 */
export function allotmentId(
  before: Immutable<PoolAllotment> | undefined,
  allotted: number,
  accountUid: string,
): string {
  const [uid, count] = before?.allotmentId?.split('.') ?? [];
  const last = uid === accountUid ? Number(count) : 0;
  return before?.allotmentId !== undefined && uid === accountUid && before.allotted === allotted
    ? before.allotmentId
    : `${accountUid}.${last + 1}`;
}

/**
 * So many replicas, from the first on, the pool may believe that it is allotted: of what it has not answered to yet the most that it was
 * ever allotted since its last answer. Of a pool that has never answered, or only to an account of the name that was there before, nothing
 * is known but what it wants.
 * @param before what the account has written of the pool
 */
export function ceilingOf(
  before: Immutable<PoolAllotment> | undefined,
  allotted: number,
  { spec, status }: Immutable<Pick<MinerPool, 'spec' | 'status'>>,
): number {
  const answer = status?.stake;
  const hasAnswered = answer !== undefined && answer.allotmentId === before?.allotmentId;
  const believed = answer === undefined || before === undefined ? spec.replicas : 0;
  return Math.max(allotted, before?.allotted ?? 0, hasAnswered ? 0 : (before?.ceiling ?? 0), believed);
}
