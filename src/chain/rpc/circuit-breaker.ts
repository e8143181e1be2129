/** What is known of an endpoint's failures. Immutable; times are monotonic milliseconds. */
export interface Circuit {
  /** In a row. */
  readonly failures: number;
  /** Until then the endpoint is left alone. */
  readonly pausedUntilMs: number;
  /** In a row: each pause is twice as long as the one before. */
  readonly pauses: number;
}

export interface CircuitPolicy {
  /** So many failures in a row pause the endpoint. */
  readonly failureThreshold: number;
  /** How long the first pause is, in milliseconds. */
  readonly pauseMs: number;
  readonly maxPauseMs: number;
}

/** OpenZeppelin Relayer: 3 failures, 60 s. Pauses grow, so that an endpoint that is gone for good costs next to nothing. */
export const CIRCUIT_POLICY: CircuitPolicy = {
  failureThreshold: 3,
  pauseMs: 60_000,
  maxPauseMs: 600_000,
};

export const closedCircuit: Circuit = { failures: 0, pausedUntilMs: -Infinity, pauses: 0 };

export function isPaused({ pausedUntilMs }: Circuit, nowMs: number): boolean {
  return nowMs < pausedUntilMs;
}

/** Whether it has just come out of a pause, or is in one: one more failure, and the pause goes on. */
export function isOnTrial({ pauses }: Circuit): boolean {
  return pauses > 0;
}

/** One answer is enough. */
export function afterSuccess(): Circuit {
  return closedCircuit;
}

/**
 * Counts a failure. Failures during a pause, of calls that had begun before it, change nothing.
 * @param retryAfterMs what the server asks for: it is left alone so long, without any more failures
 */
export function afterFailure(
  circuit: Circuit,
  policy: CircuitPolicy,
  nowMs: number,
  retryAfterMs?: number,
): Circuit {
  if (isPaused(circuit, nowMs)) {
    return circuit;
  }
  const failures = circuit.failures + 1;
  if (retryAfterMs !== undefined && retryAfterMs > 0) {
    return { failures, pausedUntilMs: nowMs + retryAfterMs, pauses: circuit.pauses + 1 };
  }
  if (failures < policy.failureThreshold && !isOnTrial(circuit)) {
    return { ...circuit, failures };
  }
  const pauseMs = Math.min(policy.maxPauseMs, policy.pauseMs * 2 ** circuit.pauses);
  return { failures, pausedUntilMs: nowMs + pauseMs, pauses: circuit.pauses + 1 };
}
