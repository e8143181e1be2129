import type { Immutable } from '../../api/kube-object.ts';
import type { GivingBackStatus } from '../../api/giving-back.ts';

/** How many guests were deleted, and when, as the status of a ComputeCluster keeps it. */
export type Left = Immutable<GivingBackStatus['left']>;

const MINUTE_MS = 60_000;

/** How many guests may be deleted now, so that no 60 seconds see more than `maxPodsPerMinute`. */
export function deletableNow(left: Left, maxPodsPerMinute: number, now: number): number {
  const lately = counting(left, now).reduce((sum, { pods }) => sum + pods, 0);
  return Math.max(0, maxPodsPerMinute - lately);
}

/** When the next one may be deleted after {@link deletableNow} was used up, in milliseconds since 1970. */
export function nextDeletionAt(left: Left, now: number): number {
  return Math.min(...counting(left, now).map(({ time }) => Date.parse(time) + MINUTE_MS));
}

/** The record with `pods` deletions more. To be written before them: what is written and not done costs time, the reverse the budget. */
export function withDeletions(left: Left, pods: number, now: number): Left {
  if (pods === 0) {
    return left;
  }
  // Rounded up: a minute that began a little later ends a little later, too.
  const time = secondsUp(now);
  const before = counting(left, now);
  const same = before.filter((entry) => entry.time === time).reduce((sum, entry) => sum + entry.pods, 0);
  return [...before.filter((entry) => entry.time !== time), { time, pods: same + pods }];
}

/**
 * When guests that get notice now are to leave, in milliseconds since 1970, in whole seconds: no sooner than their notice is over, and
 * no more in any minute than the budget allows, together with those that left or have notice already.
 * @param taken when others left or are to leave
 */
export function leaveTimes(
  count: number,
  {
    taken,
    earliest,
    maxPodsPerMinute,
  }: { readonly taken: readonly number[]; readonly earliest: number; readonly maxPodsPerMinute: number },
): readonly number[] {
  const times = [...taken].sort((a, b) => a - b);
  const given: number[] = [];
  for (let index = 0; index < count; index++) {
    const full = times.at(-maxPodsPerMinute);
    const time = full === undefined ? earliest : Math.max(earliest, full + MINUTE_MS);
    given.push(time);
    times.splice(times.findLastIndex((other) => other <= time) + 1, 0, time);
  }
  return given;
}

/** When each of those that left lately did. */
export function timesOf(left: Left, now: number): readonly number[] {
  return counting(left, now).flatMap(({ time, pods }) => new Array<number>(pods).fill(Date.parse(time)));
}

/** RFC 3339 in whole seconds, rounded up. */
export function secondsUp(milliseconds: number): string {
  return new Date(Math.ceil(milliseconds / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

/** Those of the last minute. What lies ahead was written by a clock that has been put back since. */
function counting(left: Left, now: number): Left {
  return left.filter(({ time }) => {
    const at = Date.parse(time);
    return at + MINUTE_MS > now && at <= now + MINUTE_MS;
  });
}
