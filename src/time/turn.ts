import type { Clock } from './clock.ts';

/**
 * So long may work that is ready keep timers and sockets waiting. What comes in any number, such as the objects of a list or the keys
 * of a queue, is a chain of promises without an end: Node turns to nothing else before it is done with all of it.
 */
export const TURN_MS = 5;

/** When the present turn of the event loop was first asked about, by clock: all that runs in it shares its time. */
const turns = new WeakMap<Clock, number>();

/**
 * Asked between two pieces of work: undefined as long as there is time for another in this turn of the event loop, else what to wait for
 * first.
 */
export function nextTurn(clock: Clock): Promise<void> | undefined {
  const now = clock.monotonic();
  const since = turns.get(clock);
  if (since === undefined) {
    turns.set(clock, now);
    setImmediate(() => turns.delete(clock));
    return undefined;
  }
  return now - since < TURN_MS ? undefined : new Promise((resolve) => setImmediate(resolve));
}
