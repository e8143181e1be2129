import type { Immutable } from '../../api/kube-object.ts';
import type { Schedule } from '../../api/schedule.ts';
import { MINUTES_PER_WEEK, type WallClock, minuteOfWeek, nextTransition, wallClock } from './wall-clock.ts';
import { type WeekSpan, weekSpans } from './week-spans.ts';

/** Whether a cluster is open to guests. */
export interface OpenState {
  readonly open: boolean;
  /** When that changes next, in milliseconds since 1970; undefined when it never does. */
  readonly changesAt: number | undefined;
}

/**
 * How far a change is looked for. A window that falls into the hour that clocks skip is left out once, so that its next turn may be two
 * weeks away; what is the same for three weeks stays so.
 */
const HORIZON_MS = 22 * 24 * 60 * 60 * 1000;

const MINUTE_MS = 60_000;

/**
 * Whether a schedule is open at a moment: whether the clock on the wall shows a time within one of its windows. An hour that the clock
 * shows twice counts twice, one that it skips not at all.
 * @param schedule one without problems (schedule-problems.ts)
 * @param now milliseconds since 1970
 * @throws RangeError when the time zone is unknown
 */
export function openState(schedule: Immutable<Schedule>, now: number): OpenState {
  const clock = wallClock(schedule.timeZone);
  const spans = weekSpans(schedule.windows);
  const open = isOpen(spans, clock, now);
  const end = now + HORIZON_MS;
  let moment = now;
  while (moment < end) {
    moment = nextCandidate(spans, clock, moment, end);
    if (isOpen(spans, clock, moment) !== open) {
      return { open, changesAt: moment };
    }
  }
  return { open, changesAt: undefined };
}

function isOpen(spans: readonly WeekSpan[], clock: WallClock, moment: number): boolean {
  const minute = minuteOfWeek(clock, moment);
  return spans.some(({ from, to }) => from <= minute && minute < to);
}

/** The next moment at which a window begins or ends, if the clock runs on evenly, or at which the clock is put forward or back. */
function nextCandidate(spans: readonly WeekSpan[], clock: WallClock, moment: number, end: number): number {
  const minute = minuteOfWeek(clock, moment);
  const ahead = spans
    .flatMap(({ from, to }) => [from, to])
    .map((edge) => (edge > minute ? edge - minute : edge - minute + MINUTES_PER_WEEK));
  const next = Math.min(end, moment + Math.min(...ahead) * MINUTE_MS);
  return nextTransition(clock, moment, next) ?? next;
}
