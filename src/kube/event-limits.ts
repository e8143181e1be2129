import type { Clock } from '../time/clock.ts';
import { createLru } from './lru.ts';

// The numbers are client-go's, tools/record/events_cache.go.
/** How many objects and groups of events are remembered. */
export const REMEMBERED = 4096;
/** From so many different notes of one reason on, they become one event... */
const SIMILAR_LIMIT = 10;
/** ...until none has come for so long. */
const SIMILAR_WINDOW_MS = 600_000;
/** Events that one object may have at once... */
const BURST = 25;
/** ...and the time in which it earns one more. */
const REFILL_MS = 300_000;

/** What keeps one unhealthy object from flooding the cluster with events. */
export interface EventLimits {
  /** The note under which the event goes out: its own, or one that stands for many similar ones. */
  aggregate(group: string, note: string): { readonly note: string; readonly combined: boolean };
  /** Whether the object may have one more event now. */
  admit(object: string): boolean;
}

export function createEventLimits(clock: Pick<Clock, 'monotonic'>): EventLimits {
  const groups = createLru<{ notes: Set<string>; last: number }>(REMEMBERED);
  const budgets = createLru<{ tokens: number; at: number }>(REMEMBERED);
  return {
    aggregate(group, note) {
      const now = clock.monotonic();
      const known = groups.get(group);
      const notes =
        known !== undefined && now - known.last <= SIMILAR_WINDOW_MS ? known.notes : new Set<string>();
      groups.set(group, { notes, last: now });
      const combined = !notes.has(note) && notes.size >= SIMILAR_LIMIT - 1;
      if (combined) {
        return { note: `(combined from similar events): ${note}`, combined };
      }
      notes.add(note);
      return { note, combined };
    },
    admit(object) {
      const now = clock.monotonic();
      const { tokens, at } = budgets.get(object) ?? { tokens: BURST, at: now };
      const earned = Math.min(BURST, tokens + (now - at) / REFILL_MS);
      const admitted = earned >= 1;
      budgets.set(object, { tokens: admitted ? earned - 1 : earned, at: now });
      return admitted;
    },
  };
}
