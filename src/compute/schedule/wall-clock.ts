/** Minutes of a week. */
export const MINUTES_PER_WEEK = 7 * 24 * 60;

/** The clock on the wall of a time zone, as offsets from UTC. */
export interface WallClock {
  /** Milliseconds by which the zone's clock is ahead of UTC at a moment in milliseconds since 1970. */
  offsetAt(now: number): number;
}

const clocks = new Map<string, WallClock>();

/**
 * The clock of a time zone, as the ICU data of this Node.js knows it.
 * @param timeZone a name of the IANA time zone database
 * @throws RangeError when there is none of that name; {@link isTimeZone} asks without throwing
 */
export function wallClock(timeZone: string): WallClock {
  const known = clocks.get(timeZone);
  if (known !== undefined) {
    return known;
  }
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const clock = { offsetAt: (now: number) => offset(format, now) };
  clocks.set(timeZone, clock);
  return clock;
}

/** Whether the time zone database has the name. Offsets such as `+01:00`, which some versions of ICU take, are no names. */
export function isTimeZone(name: string): boolean {
  try {
    wallClock(name);
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}

/** The minute of the week, from Monday 00:00, that the clock shows; whole when the seconds are 0. */
export function minuteOfWeek(clock: WallClock, now: number): number {
  const local = now + clock.offsetAt(now);
  // 1970 began on a Thursday, three days into the week.
  const minutes = local / 60_000 + 3 * 24 * 60;
  return minutes - Math.floor(minutes / MINUTES_PER_WEEK) * MINUTES_PER_WEEK;
}

/** Transitions lie months apart; two within a day are not known of any zone since 1970. */
const STEP_MS = 12 * 60 * 60 * 1000;

/** The first moment after `from`, and at most `to`, from which on the offset is another one; undefined without any. */
export function nextTransition(clock: WallClock, from: number, to: number): number | undefined {
  const offset = clock.offsetAt(from);
  for (let low = from; low < to; low += STEP_MS) {
    const high = Math.min(to, low + STEP_MS);
    if (clock.offsetAt(high) !== offset) {
      return bisect(clock, low, high);
    }
  }
  return undefined;
}

/** The moment in (low, high] at which the offset of `low` ends, to the millisecond. */
function bisect(clock: WallClock, low: number, high: number): number {
  const offset = clock.offsetAt(low);
  let before = low;
  let after = high;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (clock.offsetAt(middle) === offset) {
      before = middle;
    } else {
      after = middle;
    }
  }
  return after;
}

function offset(format: Intl.DateTimeFormat, now: number): number {
  const second = Math.floor(now / 1000) * 1000;
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of format.formatToParts(second)) {
    parts[type] = Number(value);
  }
  const { year = NaN, month = NaN, day = NaN, hour = NaN, minute = NaN, second: shown = NaN } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, shown) - second;
}
