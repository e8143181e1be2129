/** A number of replicas, or a percentage of them such as '25%'. */
export type IntOrPercent = number | string;

/**
 * How many replicas a value means, as Kubernetes' rolling updates count: `maxSurge` rounds up, `maxUnavailable` rounds down.
 * @param total what 100% is.
 * @throws RangeError when the value is neither an integer of at least 0 nor a percentage from 0% to 100%.
 */
export function resolveIntOrPercent(value: IntOrPercent, total: number, rounding: 'up' | 'down'): number {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw notIntOrPercent(value);
    }
    return value;
  }
  const digits = /^(100|[1-9]?[0-9])%$/.exec(value)?.[1];
  if (digits === undefined) {
    throw notIntOrPercent(value);
  }
  // Multiplied before divided: whole numbers up to here, so nothing is lost before the one rounding.
  const hundredths = Number(digits) * total;
  return rounding === 'up' ? Math.ceil(hundredths / 100) : Math.floor(hundredths / 100);
}

function notIntOrPercent(value: IntOrPercent): RangeError {
  return new RangeError(`'${value}' must be a number of at least 0, or a percentage from '0%' to '100%'`);
}
