/** How long to wait between attempts. */
export interface BackoffPolicy {
  /** The first wait, in milliseconds. */
  readonly initialMs: number;
  /** Each wait is this many times the one before. */
  readonly factor: number;
  /** No wait is longer than this, in milliseconds. */
  readonly maxMs: number;
}

/** The wait before attempt `failures + 1`, without jitter: `initialMs * factor ** (failures - 1)`, at most `maxMs`. 0 for no failures. */
export function backoffMs(policy: BackoffPolicy, failures: number): number {
  if (failures <= 0) {
    return 0;
  }
  return Math.min(policy.maxMs, policy.initialMs * policy.factor ** (failures - 1));
}

/**
 * Full jitter as client-go applies it to watches (factor 1.0): between once and twice `ms`.
 * @param random a number in [0, 1)
 */
export function jittered(ms: number, random: number): number {
  return ms * (1 + random);
}
