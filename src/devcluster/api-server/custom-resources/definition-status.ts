import type { Json, JsonObject } from '../schema/schema.ts';
import { definitionOf, type Definition, type DefinitionCondition } from './definition.ts';

/**
 * The status of a CustomResourceDefinition: which of its names it got, whether it is established, which versions were ever stored.
 * Upstream's controllers (naming, establishing) get there in steps; this is where they end.
 * @param others all definitions; those of other groups, and `crd` itself, are left aside
 * @param now RFC 3339, for conditions that change
 */
export function definitionStatus(crd: JsonObject, others: readonly JsonObject[], now: string): JsonObject {
  const definition = definitionOf(crd);
  const { names, conflict } = acceptNames(definition, takenNames(definition, others.map(definitionOf)));
  const namesAccepted =
    conflict === undefined
      ? condition('NamesAccepted', 'True', 'NoConflicts', 'no conflicts found')
      : condition('NamesAccepted', 'False', conflict.reason, conflict.message);
  const desired = [namesAccepted, establishedCondition(definition, conflict === undefined)];
  return {
    conditions: mergeConditions(definition.status?.conditions ?? [], desired, now),
    acceptedNames: names,
    storedVersions: storedVersions(definition),
  };
}

/** Whether the status says that the resource is to be served. */
export function isEstablished(crd: JsonObject): boolean {
  return conditionOf(definitionOf(crd), 'Established')?.status === 'True';
}

/** The versions that objects may be stored in: those that were, and the one that is. */
export function storedVersions({ spec, status }: Definition): string[] {
  const storage = spec?.versions?.find((version) => version.storage === true)?.name;
  const stored = [...(status?.storedVersions ?? [])];
  return storage === undefined || stored.includes(storage) ? stored : [...stored, storage];
}

interface TakenNames {
  readonly resources: ReadonlySet<string>;
  readonly kinds: ReadonlySet<string>;
}

/** What definitions of the same group were granted. */
function takenNames(definition: Definition, others: readonly Definition[]): TakenNames {
  const granted = others
    .filter((other) => other.metadata?.name !== definition.metadata?.name)
    .filter((other) => other.spec?.group === definition.spec?.group)
    .map((other) => other.status?.acceptedNames ?? {});
  return {
    resources: new Set(
      granted.flatMap((names) => [names.plural ?? '', names.singular ?? '', ...(names.shortNames ?? [])]),
    ),
    kinds: new Set(granted.flatMap((names) => [names.kind ?? '', names.listKind ?? ''])),
  };
}

interface Conflict {
  readonly reason: string;
  readonly message: string;
}

/** Names that are free are granted even when others are not; of several conflicts the last is told. */
function acceptNames(
  { spec, status }: Definition,
  taken: TakenNames,
): { readonly names: JsonObject; readonly conflict: Conflict | undefined } {
  const wanted = spec?.names ?? {};
  const held = status?.acceptedNames ?? {};
  const conflicts: Conflict[] = [];
  const grant = (name: 'plural' | 'singular' | 'kind' | 'listKind', reason: string): string => {
    const used = name === 'kind' || name === 'listKind' ? taken.kinds : taken.resources;
    const asked = wanted[name] ?? '';
    if (asked !== held[name] && used.has(asked)) {
      conflicts.push({ reason, message: inUse([asked]) });
      return held[name] ?? '';
    }
    return asked;
  };
  const grantShortNames = (): readonly string[] | undefined => {
    const clashing = (wanted.shortNames ?? []).filter(
      (name) => held.shortNames?.includes(name) !== true && taken.resources.has(name),
    );
    if (clashing.length === 0) {
      return wanted.shortNames;
    }
    conflicts.push({ reason: 'ShortNamesConflict', message: inUse(clashing) });
    return held.shortNames;
  };
  const names = {
    plural: grant('plural', 'PluralConflict'),
    singular: grant('singular', 'SingularConflict'),
    ...list('shortNames', grantShortNames()),
    kind: grant('kind', 'KindConflict'),
    ...named('listKind', grant('listKind', 'ListKindConflict')),
    ...list('categories', wanted.categories),
  };
  return { names, conflict: conflicts.at(-1) };
}

/** An empty name is left out. */
function named(name: string, value: string): JsonObject {
  return value === '' ? {} : { [name]: value };
}

/** Empty lists are left out. */
function list(name: string, values: readonly string[] = []): JsonObject {
  return values.length === 0 ? {} : { [name]: [...values] };
}

function inUse(names: readonly string[]): string {
  const texts = names.map((name) => `${JSON.stringify(name)} is already in use`);
  return texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`;
}

/** Once established, a definition stays so: its objects must remain reachable. */
function establishedCondition(definition: Definition, namesAccepted: boolean): DefinitionCondition {
  const current = conditionOf(definition, 'Established');
  if (current?.status === 'True') {
    return current;
  }
  return namesAccepted
    ? condition('Established', 'True', 'InitialNamesAccepted', 'the initial names have been accepted')
    : condition('Established', 'False', 'NotAccepted', 'not all names are accepted');
}

function condition(type: string, status: string, reason: string, message: string): DefinitionCondition {
  return { type, status, reason, message };
}

function conditionOf({ status }: Definition, type: string): DefinitionCondition | undefined {
  return status?.conditions?.find((one) => one.type === type);
}

/** A condition keeps its time while its status stays the same. */
function mergeConditions(
  current: readonly DefinitionCondition[],
  desired: readonly DefinitionCondition[],
  now: string,
): Json[] {
  const others = current.filter(({ type }) => !desired.some((one) => one.type === type));
  return [...desired, ...others].map((one) => {
    const before = current.find(({ type }) => type === one.type);
    const isSame = before?.status === one.status && before.lastTransitionTime !== undefined;
    return { ...one, lastTransitionTime: isSame ? before.lastTransitionTime : now };
  });
}
