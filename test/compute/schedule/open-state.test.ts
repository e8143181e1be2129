import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Schedule, daysOfWeek } from '../../../src/api/schedule.ts';
import { openState } from '../../../src/compute/schedule/open-state.ts';
import { wallClock } from '../../../src/compute/schedule/wall-clock.ts';
import { minuteOfDay } from '../../../src/compute/schedule/week-spans.ts';

type Window = Schedule['windows'][number];

const EVERY_DAY: Window['days'] = [...daysOfWeek];
const window = (start: string, end: string, days: Window['days'] = EVERY_DAY): Window => ({
  days,
  start,
  end,
});

const MINUTE = 60_000;

/** What the clock on the wall shows, by time zone: made once, as each costs more than all that it is asked. */
const wallClocks = new Map<string, Intl.DateTimeFormat>();

function wallClockOf(timeZone: string): Intl.DateTimeFormat {
  const clock =
    wallClocks.get(timeZone) ??
    new Intl.DateTimeFormat('en-GB', {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
  wallClocks.set(timeZone, clock);
  return clock;
}

/** Open or not, by the definition: what the clock on the wall shows, and the day before for windows over midnight. */
function isOpenByTheBook({ timeZone, windows }: Schedule, now: number): boolean {
  const parts = wallClockOf(timeZone).formatToParts(now);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  const minute = Number(part('hour')) * 60 + Number(part('minute'));
  const today = daysOfWeek.findIndex((day) => day === part('weekday'));
  const on = (days: Window['days'], day: number): boolean =>
    days.includes(daysOfWeek[(day + 7) % 7] ?? 'Mon');
  return windows.some(({ days, start, end }) => {
    const from = minuteOfDay(start);
    const to = minuteOfDay(end);
    return from < to
      ? on(days, today) && from <= minute && minute < to
      : (on(days, today) && minute >= from) || (on(days, today - 1) && minute < to);
  });
}

describe('compute/schedule/open-state', () => {
  const nights: Schedule = {
    timeZone: 'Europe/Berlin',
    windows: [window('18:00', '08:00', ['Mon', 'Tue', 'Wed', 'Thu']), window('18:00', '00:00', ['Fri'])],
  };
  const rows: {
    what: string;
    schedule: Schedule;
    now: string;
    open: boolean;
    changesAt: string | undefined;
  }[] = [
    // 2026-01-01 is a Thursday; Berlin is an hour ahead of UTC in winter, two in summer.
    {
      what: 'by day',
      schedule: nights,
      now: '2026-01-01T12:00:00Z',
      open: false,
      changesAt: '2026-01-01T17:00:00Z',
    },
    {
      what: 'from the very minute',
      schedule: nights,
      now: '2026-01-01T17:00:00Z',
      open: true,
      changesAt: '2026-01-02T07:00:00Z',
    },
    {
      what: 'past midnight',
      schedule: nights,
      now: '2026-01-01T23:30:00Z',
      open: true,
      changesAt: '2026-01-02T07:00:00Z',
    },
    {
      what: 'until the very minute',
      schedule: nights,
      now: '2026-01-02T07:00:00Z',
      open: false,
      changesAt: '2026-01-02T17:00:00Z',
    },
    {
      what: 'until midnight',
      schedule: nights,
      now: '2026-01-02T22:59:59.999Z',
      open: true,
      changesAt: '2026-01-02T23:00:00Z',
    },
    {
      what: 'over the weekend',
      schedule: nights,
      now: '2026-01-02T23:00:00Z',
      open: false,
      changesAt: '2026-01-05T17:00:00Z',
    },
    {
      what: 'two windows that touch are one',
      schedule: { timeZone: 'UTC', windows: [window('08:00', '12:00'), window('12:00', '18:00')] },
      now: '2026-01-01T09:00:00Z',
      open: true,
      changesAt: '2026-01-01T18:00:00Z',
    },
    {
      what: 'from the end of the week into the next',
      schedule: { timeZone: 'UTC', windows: [window('22:00', '06:00', ['Sun'])] },
      now: '2026-01-05T05:00:00Z',
      open: true,
      changesAt: '2026-01-05T06:00:00Z',
    },
    {
      what: 'always',
      schedule: { timeZone: 'UTC', windows: [window('00:00', '00:00')] },
      now: '2026-01-01T09:00:00Z',
      open: true,
      changesAt: undefined,
    },
    {
      what: 'in a zone of half hours',
      schedule: { timeZone: 'Asia/Kolkata', windows: [window('09:00', '17:00')] },
      now: '2026-01-01T03:29:00Z',
      open: false,
      changesAt: '2026-01-01T03:30:00Z',
    },
    // Berlin, 2026-03-29: 02:00 becomes 03:00 at 01:00 UTC.
    {
      what: 'a night in which the clock is put forward is an hour shorter',
      schedule: { timeZone: 'Europe/Berlin', windows: [window('22:00', '06:00')] },
      now: '2026-03-28T21:00:00Z',
      open: true,
      changesAt: '2026-03-29T04:00:00Z',
    },
    {
      what: 'a window that begins in the skipped hour begins at its end',
      schedule: { timeZone: 'Europe/Berlin', windows: [window('02:30', '04:00')] },
      now: '2026-03-29T00:00:00Z',
      open: false,
      changesAt: '2026-03-29T01:00:00Z',
    },
    {
      what: 'a window that ends in the skipped hour ends at its beginning',
      schedule: { timeZone: 'Europe/Berlin', windows: [window('01:00', '02:30')] },
      now: '2026-03-29T00:00:00Z',
      open: true,
      changesAt: '2026-03-29T01:00:00Z',
    },
    {
      what: 'a window within the skipped hour is left out',
      schedule: { timeZone: 'Europe/Berlin', windows: [window('02:00', '03:00', ['Sun'])] },
      now: '2026-03-22T02:00:00Z',
      open: false,
      changesAt: '2026-04-05T00:00:00Z',
    },
    // Berlin, 2026-10-25: 03:00 becomes 02:00 at 01:00 UTC.
    {
      what: 'a night in which the clock is put back is an hour longer',
      schedule: { timeZone: 'Europe/Berlin', windows: [window('22:00', '06:00')] },
      now: '2026-10-24T20:00:00Z',
      open: true,
      changesAt: '2026-10-25T05:00:00Z',
    },
    {
      what: 'a window in the repeated hour opens a first time',
      schedule: { timeZone: 'Europe/Berlin', windows: [window('02:00', '02:30')] },
      now: '2026-10-25T00:10:00Z',
      open: true,
      changesAt: '2026-10-25T00:30:00Z',
    },
    {
      what: 'and a second time',
      schedule: { timeZone: 'Europe/Berlin', windows: [window('02:00', '02:30')] },
      now: '2026-10-25T00:30:00Z',
      open: false,
      changesAt: '2026-10-25T01:00:00Z',
    },
    {
      what: 'the whole of a repeated hour is two hours without a break',
      schedule: { timeZone: 'Europe/Berlin', windows: [window('02:00', '03:00')] },
      now: '2026-10-25T00:00:00Z',
      open: true,
      changesAt: '2026-10-25T02:00:00Z',
    },
    // Lord Howe Island puts its clocks by half an hour: 2026-04-05 02:00 becomes 01:30 at 15:00 UTC of the day before.
    {
      what: 'half an hour that is repeated',
      schedule: { timeZone: 'Australia/Lord_Howe', windows: [window('01:45', '02:00')] },
      now: '2026-04-04T14:50:00Z',
      open: true,
      changesAt: '2026-04-04T15:00:00Z',
    },
    // Samoa left out 2011-12-30, a Friday, when it changed sides of the date line.
    {
      what: 'a day that was left out',
      schedule: { timeZone: 'Pacific/Apia', windows: [window('08:00', '18:00', ['Fri'])] },
      now: '2011-12-30T09:00:00Z',
      open: false,
      changesAt: '2012-01-05T18:00:00Z',
    },
  ];
  for (const { what, schedule, now, open, changesAt } of rows) {
    it(`${what}: ${open ? 'open' : 'closed'} at ${now}, until ${changesAt ?? 'ever'}`, () => {
      const state = openState(schedule, Date.parse(now));
      assert.deepEqual(
        {
          open: state.open,
          changesAt: state.changesAt === undefined ? undefined : new Date(state.changesAt).toISOString(),
        },
        { open, changesAt: changesAt?.replace('Z', '.000Z') },
      );
    });
  }

  it('never opens without windows', () => {
    assert.deepEqual(openState({ timeZone: 'UTC', windows: [] }, 0), { open: false, changesAt: undefined });
  });

  it('throws for a time zone that is none', () => {
    assert.throws(() => openState({ timeZone: 'Europe/Berln', windows: [] }, 0), RangeError);
  });

  const anyTime = fc
    .tuple(fc.nat(23), fc.constantFrom(0, 1, 15, 30, 59))
    .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
  const anyWindow = fc.record({
    days: fc.uniqueArray(fc.constantFrom(...daysOfWeek), { minLength: 1 }),
    start: anyTime,
    end: anyTime,
  });
  const anyZone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'), 'UTC');
  const anySchedule = fc.record({
    timeZone: anyZone,
    windows: fc.array(anyWindow, { minLength: 1, maxLength: 4 }),
  });

  it('agrees with the clock on the wall, minute by minute, over whatever transitions', function () {
    this.timeout(60_000);
    fc.assert(
      fc.property(
        anySchedule,
        fc.integer({ min: Date.UTC(1975, 0) / MINUTE, max: Date.UTC(2037, 11) / MINUTE }),
        fc.boolean(),
        (schedule, minute, nearTransition) => {
          const now = nearTransition ? beforeTransition(schedule.timeZone, minute * MINUTE) : minute * MINUTE;
          agrees(schedule, now);
        },
      ),
      { numRuns: 80 },
    );
  });

  /** The state at `now` holds until the moment it says, and not a minute longer; looked at for 36 hours. */
  function agrees(schedule: Schedule, now: number): void {
    const { open, changesAt = Infinity } = openState(schedule, now);
    const end = Math.min(changesAt, now + 36 * 60 * MINUTE);
    for (let moment = now; moment < end; moment += MINUTE) {
      assert.equal(isOpenByTheBook(schedule, moment), open, new Date(moment).toISOString());
    }
    if (changesAt < Infinity) {
      assert.equal(isOpenByTheBook(schedule, changesAt), !open, new Date(changesAt).toISOString());
      assert.equal(isOpenByTheBook(schedule, changesAt - 1), open, new Date(changesAt - 1).toISOString());
    }
  }

  /** Some hours before the clock of the zone is put forward or back next, within a year; `now` where it never is. */
  function beforeTransition(timeZone: string, now: number): number {
    const clock = wallClock(timeZone);
    const day = 24 * 60 * MINUTE;
    const offset = clock.offsetAt(now);
    for (let days = 1; days <= 366; days++) {
      if (clock.offsetAt(now + days * day) !== offset) {
        return now + (days - 1) * day - 6 * 60 * MINUTE;
      }
    }
    return now;
  }
});
