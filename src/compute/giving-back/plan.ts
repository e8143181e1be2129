import type { GivingBack } from '../../api/giving-back.ts';
import type { Immutable } from '../../api/kube-object.ts';
import {
  type Left,
  deletableNow,
  leaveTimes,
  nextDeletionAt,
  secondsUp,
  timesOf,
  withDeletions,
} from './budget.ts';
import { type Guest, byValue, hasNotice, noticeOf } from './guest.ts';
import { leavingFor } from './making-room.ts';
import type { NodeRoom } from './node-room.ts';
import type { WaitingPod } from './owners-pending.ts';
import { withThoseWhoOwe } from './owed.ts';

/** What giving back is decided from. */
export interface GivingBackGrounds {
  readonly terms: Immutable<GivingBack>;
  /** Whether guests may use the cluster now. */
  readonly isOpen: boolean;
  readonly guests: readonly Guest[];
  readonly nodes: readonly NodeRoom[];
  /** Pods that are not Headframe's and wait for GPUs. */
  readonly waiting: readonly WaitingPod[];
  /** GPUs that guests hold although they are reserved for the owner, without those of pods that are being deleted. */
  readonly owed: number;
  /** Who left within the last minute, as it stands in the status. */
  readonly left: Left;
}

/** A guest, and when it is to leave. */
export interface Notice {
  readonly guest: Guest;
  /** RFC 3339. */
  readonly leaveAt: string;
}

/** Who leaves. */
export interface GivingBackPlan {
  /** Guests that get notice now. */
  readonly notices: readonly Notice[];
  /** Guests that may stay after all: their notice is taken away. */
  readonly withdrawals: readonly Guest[];
  /** Guests whose time has come. */
  readonly deletions: readonly Guest[];
  /** How many guests have to leave, those included that are deleted now. */
  readonly leaving: number;
  /** For the status, to be written before anything is deleted. */
  readonly left: Left;
  /** When there is more to do, in milliseconds since 1970; undefined: when something changes. */
  readonly nextAt: number | undefined;
}

/**
 * Who leaves now, who gets notice, and who may stay after all. Nothing is remembered but in annotations of the guests and in the
 * record of who left: asked again, at any time, by anybody, it gives what is still to do. Pure.
 * @param now milliseconds since 1970
 */
export function planGivingBack(grounds: GivingBackGrounds, now: number): GivingBackPlan {
  const { terms, guests, left } = grounds;
  const { maxPodsPerMinute } = terms;
  const earliest = now + terms.noticeSeconds * 1000;
  // No notice is longer than this: behind all guests that there are, and some that left.
  const latest = earliest + (Math.ceil(guests.length / maxPodsPerMinute) + 3) * 60_000;
  const told = new Map(
    guests.flatMap((guest) => {
      const leaveAt = noticeOf(guest, latest);
      return leaveAt === undefined ? [] : [[guest, leaveAt] as const];
    }),
  );
  const leaving = whoLeaves(grounds, told);
  const untold = [...leaving].filter((guest) => !told.has(guest)).sort(byValue);
  const stillTold = [...told].filter(([guest]) => leaving.has(guest));
  const taken = [...timesOf(left, now), ...stillTold.map(([, leaveAt]) => leaveAt)];
  const times = leaveTimes(untold.length, { taken, earliest, maxPodsPerMinute });
  const schedule = [
    ...stillTold,
    ...untold.map((guest, index) => [guest, times[index] ?? earliest] as const),
  ];
  const due = schedule
    .filter(([, leaveAt]) => leaveAt <= now)
    .sort(([a, leaveA], [b, leaveB]) => leaveA - leaveB || byValue(a, b))
    .map(([guest]) => guest);
  const deletions = due.slice(0, deletableNow(left, maxPodsPerMinute, now));
  const leftThen = withDeletions(left, deletions.length, now);
  return {
    notices: schedule
      .slice(stillTold.length)
      .filter(([guest]) => !deletions.includes(guest))
      .map(([guest, leaveAt]) => ({ guest, leaveAt: secondsUp(leaveAt) })),
    withdrawals: guests.filter((guest) => hasNotice(guest) && !leaving.has(guest)),
    deletions,
    leaving: leaving.size,
    left: leftThen,
    nextAt: earliestOf([
      ...schedule.map(([, leaveAt]) => Math.ceil(leaveAt / 1000) * 1000).filter((leaveAt) => leaveAt > now),
      ...(due.length > deletions.length ? [nextDeletionAt(leftThen, now)] : []),
    ]),
  };
}

function whoLeaves(
  { isOpen, guests, nodes, waiting, owed }: GivingBackGrounds,
  told: ReadonlyMap<Guest, number>,
): ReadonlySet<Guest> {
  if (!isOpen) {
    return new Set(guests);
  }
  const isTold = (guest: Guest): boolean => told.has(guest);
  return withThoseWhoOwe(leavingFor({ nodes, guests, waiting, isTold }), { guests, owed, isTold });
}

function earliestOf(times: readonly number[]): number | undefined {
  return times.length === 0 ? undefined : times.reduce((a, b) => Math.min(a, b));
}
