import type { Comparison } from './compare.ts';
import { difference, intersection, isEmpty, union, type FieldSet } from './field-set.ts';
import type { Managers } from './managers.ts';

/** What of the changes others own: entries by id. */
export function conflictsOf(
  managers: Managers,
  writerId: string,
  comparison: Comparison,
): Map<string, FieldSet> {
  const changed = union(comparison.modified, comparison.added);
  const conflicts = new Map<string, FieldSet>();
  for (const [id, entry] of managers) {
    const conflict = id === writerId ? undefined : intersection(entry.fields, changed);
    if (conflict !== undefined && !isEmpty(conflict)) {
      conflicts.set(id, conflict);
    }
  }
  return conflicts;
}

/** The entries after somebody's change: others lose what was changed or removed; who has nothing left is gone. */
export function takeFields(managers: Managers, writerId: string, comparison: Comparison): Managers {
  const taken = union(union(comparison.modified, comparison.added), comparison.removed);
  return new Map(
    [...managers]
      .map(([id, entry]) =>
        id === writerId
          ? ([id, entry] as const)
          : ([id, { ...entry, fields: difference(entry.fields, taken) }] as const),
      )
      .filter(([, entry]) => !isEmpty(entry.fields)),
  );
}
