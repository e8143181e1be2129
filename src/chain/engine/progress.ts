import { MAX_WINDOW } from './engine-policy.ts';
import type { Entry } from './entry.ts';
import type { Hold } from './plan.ts';
import { type Scope, type Situation, scopeOf } from './scope.ts';

/** How far a round is: what it started from, with what it has written since. */
export interface Progress {
  situation(): Situation;
  scope(): Scope;
  /** How many more intents may be entered now. */
  room(): number;
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

  const situation = (): Situation => ({ ...start, entries: [...byName.values()], refused });
  const scope = (): Scope => scopeOf(situation());
  return {
    situation,
    scope,
    room() {
      const { placed, policy } = scope();
      const open = placed.filter(({ entry, standing }) => {
        return entry.status?.outcome === undefined && ['waiting', 'disputed'].includes(standing.kind);
      });
      return Math.max(0, Math.min(MAX_WINDOW, policy.window) - open.length);
    },
    wrote(entry) {
      if (entry === undefined) {
        outdated = true;
      } else {
        byName.set(entry.metadata.name, entry);
      }
    },
    pruned: (entry) => void byName.delete(entry.metadata.name),
    refusedByNode: (hash, why) => void refused.set(hash, why),
    hold: (hold) => void holds.push(hold),
    holds: () => holds,
    isOutdated: () => outdated,
  };
}
