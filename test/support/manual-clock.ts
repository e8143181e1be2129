import type { Clock, Timer } from '../../src/time/clock.ts';

interface Pending {
  due: number;
  order: number;
  callback: () => void;
}

/** A clock that stands still until a test moves it. Timers fire in the order in which they fall due. */
export interface ManualClock extends Clock {
  /** Moves time forward, firing timers on the way and letting promises settle after each. */
  advance(ms: number): Promise<void>;
  /** How many timers wait: a leak shows here. */
  pending(): number;
}

/** Starts at 2026-01-01T00:00:00Z unless told. */
export function manualClock(start: number = Date.UTC(2026, 0, 1)): ManualClock {
  let elapsed = 0;
  let order = 0;
  const timers = new Set<Pending>();

  function nextDue(limit: number): Pending | undefined {
    return [...timers]
      .filter((timer) => timer.due <= limit)
      .sort((a, b) => a.due - b.due || a.order - b.order)[0];
  }

  return {
    now: () => start + elapsed,
    monotonic: () => elapsed,
    after(delayMs, callback): Timer {
      const timer: Pending = { due: elapsed + Math.max(0, delayMs), order: order++, callback };
      timers.add(timer);
      return { cancel: () => timers.delete(timer) };
    },
    async advance(ms) {
      const end = elapsed + ms;
      await settle();
      for (let timer = nextDue(end); timer !== undefined; timer = nextDue(end)) {
        timers.delete(timer);
        elapsed = timer.due;
        timer.callback();
        await settle();
      }
      elapsed = end;
    },
    pending: () => timers.size,
  };
}

/** A clock on which every look takes a millisecond: as if the work between two looks did. */
export function busyClock(): Clock {
  let elapsed = 0;
  return { ...manualClock(), monotonic: () => elapsed++ };
}

/** Lets everything that is ready to run, run: promises and I/O callbacks that do not wait for the clock. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 5; round++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
