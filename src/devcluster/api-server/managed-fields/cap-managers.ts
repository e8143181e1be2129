import { union } from './field-set.ts';
import { managerId, secondsOf, type ManagedEntry, type Managers } from './managers.ts';

/** apimachinery, managedfields/internal/fieldmanager.go: DefaultMaxUpdateManagers. */
const MAX_UPDATERS = 10;

/**
 * With more than ten entries of operation Update, the oldest of the same version are put together as `ancient-changes`, so that a
 * crowd of clients with changing names cannot fill the object.
 */
export function capUpdaters(managers: Managers): Managers {
  const capped = new Map(managers);
  const updaters = [...managers]
    .filter(([, { operation }]) => operation === 'Update')
    .sort(([a, first], [b, second]) => secondsOf(first) - secondsOf(second) || (a < b ? -1 : 1));
  const firstOfVersion = new Map<string, [string, ManagedEntry]>();
  let left = updaters.length;
  for (const [id, entry] of updaters) {
    if (left <= MAX_UPDATERS) {
      break;
    }
    const first = firstOfVersion.get(entry.apiVersion);
    if (first === undefined) {
      firstOfVersion.set(entry.apiVersion, [id, entry]);
    } else {
      merge(capped, first, [id, entry]);
      left--;
    }
  }
  return capped;
}

function merge(
  managers: Managers,
  [firstId, first]: readonly [string, ManagedEntry],
  [id, entry]: readonly [string, ManagedEntry],
): void {
  const bucket = { manager: 'ancient-changes', operation: 'Update', apiVersion: entry.apiVersion } as const;
  const bucketId = managerId(bucket);
  let into = managers.get(bucketId);
  if (into === undefined) {
    managers.delete(firstId);
    into = first;
  }
  managers.delete(id);
  managers.set(bucketId, {
    ...bucket,
    ...(entry.time === undefined ? {} : { time: entry.time }),
    fields: union(into.fields, entry.fields),
  });
}
