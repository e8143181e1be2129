import * as z from 'zod';
import { celRules } from './schema/kind.ts';

/** The days of the week, in the order of ISO 8601. */
export const daysOfWeek = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

function timeOfDay(): z.ZodString {
  return z
    .string()
    .max(5)
    .meta(
      celRules({
        rule: "self.matches('^([01][0-9]|2[0-3]):[0-5][0-9]$')",
        message: "must be a time of day from '00:00' to '23:59'; midnight is '00:00'",
      }),
    );
}

const Window = z.object({
  days: z
    .array(z.enum(daysOfWeek))
    .min(1)
    .max(7)
    .meta({ 'x-kubernetes-list-type': 'set' })
    .describe('The days on which the window begins.'),
  start: timeOfDay().describe('When the window begins, as HH:MM by the clock of spec.schedule.timeZone.'),
  end: timeOfDay().describe(
    'When the window ends, as HH:MM by the same clock. At or before start, it is on the next day: 18:00 to 08:00 is a night, 00:00 to 00:00 a whole day.',
  ),
});

/** When guests may use a cluster: `spec.schedule` of a ComputeCluster. */
export const Schedule = z.object({
  timeZone: z
    .string()
    .min(1)
    .max(64)
    .describe(
      'The time zone of the windows: a name of the IANA time zone database, such as Europe/Berlin or UTC.',
    ),
  windows: z
    .array(Window)
    .min(1)
    .max(32)
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['start', 'end'] })
    .describe(
      'When the cluster is open, week by week. Windows may touch but not overlap. When clocks go back, the repeated hour counts twice; when they go forward, the skipped one not at all.',
    ),
});
export type Schedule = z.infer<typeof Schedule>;
