import type { Json } from '../schema/schema.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** How long ago a time was, as `kubectl get` shows ages; `<unknown>` without a time. */
export function ageOf(time: Json | undefined, now: number): string {
  const then = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  return Number.isNaN(then) ? '<unknown>' : humanDuration(now - then);
}

/** A duration in the one or two units that matter (k8s.io/apimachinery duration.HumanDuration). */
export function humanDuration(milliseconds: number): string {
  const seconds = Math.trunc(milliseconds / 1000);
  if (seconds < -1) {
    return '<invalid>';
  }
  // A clock that is a second behind is none that is wrong.
  if (seconds < 0) {
    return '0s';
  }
  const { unit, rest } = unitsOf(seconds);
  const [size, name] = unit;
  const whole = Math.trunc(seconds / size);
  if (rest === undefined) {
    return `${whole}${name}`;
  }
  const [restSize, restName] = rest;
  const remainder = Math.trunc((seconds % size) / restSize);
  return remainder === 0 ? `${whole}${name}` : `${whole}${name}${remainder}${restName}`;
}

type Unit = readonly [seconds: number, name: string];

/** From when on what is shown: durations below the limit, by this unit, and in which smaller one the rest. */
const STEPS: readonly { readonly below: number; readonly unit: Unit; readonly rest?: Unit }[] = [
  { below: 2 * MINUTE, unit: [1, 's'] },
  { below: 10 * MINUTE, unit: [MINUTE, 'm'], rest: [1, 's'] },
  { below: 3 * HOUR, unit: [MINUTE, 'm'] },
  { below: 8 * HOUR, unit: [HOUR, 'h'], rest: [MINUTE, 'm'] },
  { below: 2 * DAY, unit: [HOUR, 'h'] },
  { below: 8 * DAY, unit: [DAY, 'd'], rest: [HOUR, 'h'] },
  { below: 2 * YEAR, unit: [DAY, 'd'] },
  { below: 8 * YEAR, unit: [YEAR, 'y'], rest: [DAY, 'd'] },
  { below: Infinity, unit: [YEAR, 'y'] },
];

function unitsOf(seconds: number): { readonly unit: Unit; readonly rest?: Unit } {
  return STEPS.find(({ below }) => seconds < below) ?? { unit: [YEAR, 'y'] };
}
