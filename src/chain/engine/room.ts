import { MAX_WINDOW } from './engine-policy.ts';
import { isLive } from './entry.ts';
import type { WantedIntent } from './intent.ts';
import type { Scope } from './scope.ts';

/** How many more transactions as urgent as an intent may begin to wait for their block. Duties have places of their own. */
export type Room = (intent: Pick<WantedIntent, 'urgency'>) => number;

export function roomOf({ placed, policy }: Pick<Scope, 'placed' | 'policy'>): Room {
  const waiting = placed.filter(
    ({ entry, standing }) => isLive(entry) && ['waiting', 'disputed'].includes(standing.kind),
  );
  const places = Math.min(MAX_WINDOW, policy.window);
  return ({ urgency }) =>
    Math.max(0, places - (urgency === 'Essential' ? 0 : policy.keptForDuties) - waiting.length);
}
