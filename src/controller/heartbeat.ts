import type { Clock } from '../time/clock.ts';

/** Notices when the event loop stands still. */
export interface Heartbeat {
  /** Milliseconds by which the next beat is overdue; 0 while the loop turns. */
  lateMs(): number;
  stop(): void;
}

const BEAT_MS = 1000;

export function startHeartbeat(clock: Clock): Heartbeat {
  let due = clock.monotonic() + BEAT_MS;
  let timer = clock.after(BEAT_MS, beat);
  function beat(): void {
    due = clock.monotonic() + BEAT_MS;
    timer = clock.after(BEAT_MS, beat);
  }
  return {
    lateMs: () => Math.max(0, clock.monotonic() - due),
    stop: () => timer.cancel(),
  };
}
