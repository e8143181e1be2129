import { backoffMs, type BackoffPolicy } from '../../time/backoff.ts';

/** kubelet: 10 s, doubled, at most 300 s. */
const policy: BackoffPolicy = { initialMs: 10_000, factor: 2, maxMs: 300_000 };

/** kubelet: twice the longest wait; who ran so long starts afresh. */
const FORGIVEN_AFTER_MS = 600_000;

/** How a container has fared: what the wait before its next start depends on. */
export interface CrashHistory {
  /** Ends in a row, none of them after a long run. */
  readonly ends: number;
}

export const noCrashes: CrashHistory = { ends: 0 };

/** Counts one more end, after `ranMs` milliseconds. */
export function afterEnd(history: CrashHistory, ranMs: number, scale: number): CrashHistory {
  return { ends: ranMs >= FORGIVEN_AFTER_MS * scale ? 1 : history.ends + 1 };
}

/**
 * Milliseconds to wait before the next start: nothing after the first end, then 10 s, 20 s, ... 300 s.
 * @param scale 1 for kubelet's times; tests take less
 */
export function restartDelayMs({ ends }: CrashHistory, scale: number): number {
  return backoffMs(policy, ends - 1) * scale;
}
