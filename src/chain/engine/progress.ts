import type { Entry } from './entry.ts';
import type { WantedIntent } from './intent.ts';
import type { Hold } from './plan.ts';
import { roomOf } from './room.ts';
import { type Scope, type Situation, scopeOf } from './scope.ts';

/** How far a round is: what it started from, with what it has written since. */
export interface Progress {
  situation(): Situation;
  scope(): Scope;
  /** Whether the intent may be entered now, or has to wait until others are in blocks. */
  hasRoomFor(intent: WantedIntent): boolean;
  /** An entry as it was written, new or changed; undefined when somebody else was first. */
  wrote(entry: Entry | undefined): void;
  pruned(entry: Entry): void;
  /** The node will never take it. */
  refusedByNode(hash: string, why: string): void;
  hold(hold: Hold): void;
  holds(): readonly Hold[];
  /** Whether somebody else has written: what was decided may be wrong. */
  isOutdated(): boolean;
}

export function createProgress(start: Situation): Progress {
  const byName = new Map(start.entries.map((entry) => [entry.metadata.name, entry]));
  const refused = new Map(start.refused);
  const holds: Hold[] = [];
  let outdated = false;
  /** Undefined after a change: to be worked out anew. */
  let known: Scope | undefined;

  const situation = (): Situation => ({ ...start, entries: [...byName.values()], refused });
  const scope = (): Scope => (known ??= scopeOf(situation()));
  return {
    situation,
    scope,
    hasRoomFor: (intent) => roomOf(scope())(intent) > 0,
    wrote(entry) {
      if (entry === undefined) {
        outdated = true;
      } else {
        byName.set(entry.metadata.name, entry);
        known = undefined;
      }
    },
    pruned(entry) {
      byName.delete(entry.metadata.name);
      known = undefined;
    },
    refusedByNode(hash, why) {
      refused.set(hash, why);
      known = undefined;
    },
    hold: (hold) => void holds.push(hold),
    holds: () => holds,
    isOutdated: () => outdated,
  };
}
