/** A server may be wrong about itself; nobody waits longer than this, in milliseconds. */
const LONGEST_MS = 10 * 60_000;

/**
 * Milliseconds that the header asks to wait (RFC 9110: seconds, or a date); undefined when it is missing or is neither.
 * @param nowMs milliseconds since 1970
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}(\.\d{1,9})?$/.test(text)) {
    return Math.min(LONGEST_MS, Math.ceil(Number(text) * 1000));
  }
  const date = /[a-z]/i.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : Math.min(LONGEST_MS, Math.max(0, date - nowMs));
}
