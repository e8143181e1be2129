import assert from 'node:assert/strict';
import { type Schedule, daysOfWeek } from '../../../src/api/schedule.ts';
import { scheduleProblems } from '../../../src/compute/schedule/schedule-problems.ts';

type Window = Schedule['windows'][number];

const window = (days: Window['days'], start: string, end: string): Window => ({ days, start, end });

describe('compute/schedule/schedule-problems', () => {
  const rows: { what: string; timeZone?: string; windows?: Window[]; problems: string[] }[] = [
    { what: 'nights', windows: [window([...daysOfWeek], '18:00', '08:00')], problems: [] },
    {
      what: 'windows that touch',
      windows: [window(['Mon'], '08:00', '12:00'), window(['Mon'], '12:00', '18:00')],
      problems: [],
    },
    {
      what: 'whole days one after the other',
      windows: [window(['Sat', 'Sun'], '00:00', '00:00')],
      problems: [],
    },
    {
      what: 'the end of the week',
      windows: [window(['Sun'], '18:00', '08:00'), window(['Mon'], '08:00', '09:00')],
      problems: [],
    },
    ...['Europe/Berlin', 'UTC', 'Etc/GMT+5', 'America/Argentina/Buenos_Aires'].map((timeZone) => ({
      what: timeZone,
      timeZone,
      problems: [],
    })),
    ...['Europe/Berln', '+01:00', 'CEST', 'local', ' UTC', 'Mars/Olympus'].map((timeZone) => ({
      what: `'${timeZone}'`,
      timeZone,
      problems: [
        `timeZone: '${timeZone}' must be a name of the IANA time zone database, such as 'Europe/Berlin' or 'UTC'`,
      ],
    })),
    {
      what: 'times that are none',
      windows: [window(['Mon'], '24:00', '8:00')],
      problems: [
        "windows[0].start: '24:00' must be a time from '00:00' to '23:59'",
        "windows[0].end: '8:00' must be a time from '00:00' to '23:59'",
      ],
    },
    {
      what: 'two windows of a day',
      windows: [window(['Mon', 'Tue'], '08:00', '12:30'), window(['Tue'], '12:00', '18:00')],
      problems: [
        'windows[1]: overlaps with windows[0] from Tue 12:00; windows may touch, but must not overlap',
      ],
    },
    {
      what: 'a night and the morning after',
      windows: [window(['Tue'], '07:00', '09:00'), window(['Mon'], '18:00', '08:00')],
      problems: [
        'windows[1]: overlaps with windows[0] from Tue 07:00; windows may touch, but must not overlap',
      ],
    },
    {
      what: 'over the end of the week',
      windows: [window(['Sun'], '18:00', '08:00'), window(['Mon'], '07:30', '09:00')],
      problems: [
        'windows[1]: overlaps with windows[0] from Mon 07:30; windows may touch, but must not overlap',
      ],
    },
    {
      what: 'one within another, said once',
      windows: [window([...daysOfWeek], '00:00', '00:00'), window([...daysOfWeek], '10:00', '11:00')],
      problems: [
        'windows[1]: overlaps with windows[0] from Mon 10:00; windows may touch, but must not overlap',
      ],
    },
    {
      what: 'a day named twice',
      windows: [window(['Mon', 'Mon'], '10:00', '11:00')],
      problems: ['windows[0].days: must name each day once; it overlaps with itself from Mon 10:00'],
    },
    {
      what: 'everything at once',
      timeZone: 'Nowhere',
      windows: [window(['Mon'], '10:00', '12:00'), window(['Mon'], '11:00', '13:00')],
      problems: [
        "timeZone: 'Nowhere' must be a name of the IANA time zone database, such as 'Europe/Berlin' or 'UTC'",
        'windows[1]: overlaps with windows[0] from Mon 11:00; windows may touch, but must not overlap',
      ],
    },
  ];
  for (const { what, timeZone = 'UTC', windows = [window(['Mon'], '08:00', '12:00')], problems } of rows) {
    it(`${what}: ${problems.length === 0 ? 'nothing wrong' : problems.join(' | ')}`, () => {
      assert.deepEqual(scheduleProblems({ timeZone, windows }), problems);
    });
  }
});
