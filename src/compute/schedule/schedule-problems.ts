import type { Immutable } from '../../api/kube-object.ts';
import { type Schedule, daysOfWeek } from '../../api/schedule.ts';
import { isTimeZone } from './wall-clock.ts';
import { type WeekSpan, minuteOfDay, weekSpans } from './week-spans.ts';

/** What is wrong with a schedule, field by field below `spec.schedule`, each with what is allowed. Empty when it can be used. */
export function scheduleProblems({ timeZone, windows }: Immutable<Schedule>): readonly string[] {
  const zone = isTimeZone(timeZone)
    ? []
    : [
        `timeZone: '${timeZone}' must be a name of the IANA time zone database, such as 'Europe/Berlin' or 'UTC'`,
      ];
  const times = windows.flatMap(({ start, end }, index) =>
    Object.entries({ start, end })
      .filter(([, text]) => Number.isNaN(minuteOfDay(text)))
      .map(([name, text]) => `windows[${index}].${name}: '${text}' must be a time from '00:00' to '23:59'`),
  );
  return [...zone, ...times, ...(times.length === 0 ? overlaps(weekSpans(windows)) : [])];
}

/** One problem for each two windows that overlap, and for each window that overlaps with itself. */
function overlaps(spans: readonly WeekSpan[]): readonly string[] {
  const sorted = spans.toSorted((a, b) => a.from - b.from);
  const found = new Map<string, string>();
  sorted.forEach((span, index) => {
    for (const other of sorted.slice(index + 1)) {
      if (other.from >= span.to) {
        break;
      }
      const [first = '', second = ''] = [span.field, other.field].sort();
      const key = `${first} ${second}`;
      if (!found.has(key)) {
        found.set(key, overlap(first, second, other.from));
      }
    }
  });
  return [...found.values()];
}

function overlap(first: string, second: string, from: number): string {
  const day = daysOfWeek[Math.floor(from / (24 * 60))] ?? '';
  const time = [Math.floor(from / 60) % 24, from % 60].map((part) => String(part).padStart(2, '0')).join(':');
  return first === second
    ? `${first}.days: must name each day once; it overlaps with itself from ${day} ${time}`
    : `${second}: overlaps with ${first} from ${day} ${time}; windows may touch, but must not overlap`;
}
