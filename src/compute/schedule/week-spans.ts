import type { Immutable } from '../../api/kube-object.ts';
import { type Schedule, daysOfWeek } from '../../api/schedule.ts';
import { MINUTES_PER_WEEK } from './wall-clock.ts';

/** A part of the week, in minutes from Monday 00:00; the end does not belong to it. */
export interface WeekSpan {
  readonly from: number;
  readonly to: number;
  /** The field below `spec.schedule` that it comes from. */
  readonly field: string;
}

const MINUTES_PER_DAY = 24 * 60;

/** The windows of a schedule, day by day. What crosses the end of the week is two spans. */
export function weekSpans(windows: Immutable<Schedule['windows']>): readonly WeekSpan[] {
  return windows.flatMap(({ days, start, end }, index) => {
    const begins = minuteOfDay(start);
    const lasts = minuteOfDay(end) - begins + (minuteOfDay(end) <= begins ? MINUTES_PER_DAY : 0);
    return days.flatMap((day) => {
      const from = daysOfWeek.indexOf(day) * MINUTES_PER_DAY + begins;
      const to = from + lasts;
      const field = `windows[${index}]`;
      return to <= MINUTES_PER_WEEK
        ? [{ from, to, field }]
        : [
            { from, to: MINUTES_PER_WEEK, field },
            { from: 0, to: to - MINUTES_PER_WEEK, field },
          ];
    });
  });
}

/** `HH:MM` in minutes; NaN for anything else. */
export function minuteOfDay(text: string): number {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  return match === null ? NaN : Number(match[1]) * 60 + Number(match[2]);
}
