import type { JsonObject, Schema } from '../schema/schema.ts';
import { isObject, sameJson } from '../patch/json-record.ts';
import { failedPatch, malformedPatch } from '../patch/patch-error.ts';
import { ApplyConflict, managerConflict } from './apply-conflict.ts';
import { checkShape, type ShapeLeniency } from './check-shape.ts';
import { compare, type Comparison } from './compare.ts';
import { difference, EMPTY_SET, isEmpty, pathsOf, type FieldSet } from './field-set.ts';
import { objectType, type FieldType } from './field-type.ts';
import { keepTimes } from './keep-times.ts';
import { allowedByLastApplied, withLastApplied } from './last-applied.ts';
import {
  entryOf,
  managedFieldsOf,
  managerId,
  readManagers,
  withManagedFields,
  withManagers,
  type FieldWriter,
  type Managers,
} from './managers.ts';
import { mergeConfiguration } from './merge-configuration.ts';
import { fieldsIn } from './owned-fields.ts';
import { FieldsFormatError } from './path-element.ts';
import { pruneDropped } from './prune-dropped.ts';
import { ShapeError } from './shape-error.ts';
import { conflictsOf, takeFields } from './take-fields.ts';
import { changed } from './track-update.ts';
import { comparisonOf, unownedFields, withoutReset } from './writer-fields.ts';

/** A server-side apply. */
export interface AppliedConfiguration {
  /** Absent when the apply creates the object. */
  readonly live?: JsonObject | undefined;
  /** The configuration as the client sent it. */
  readonly applied: JsonObject;
  readonly schema?: Schema | undefined;
  readonly writer: FieldWriter;
  /** Take fields from others instead of a conflict. */
  readonly force: boolean;
}

/**
 * The object to be stored, with metadata.managedFields: the configuration laid over the live object, without what this manager
 * applied before, does not apply now, and nobody else owns. The same configuration once more gives the very object, times included.
 * @throws ApplyConflict 409 when others own what would change and `force` is not set
 * @throws PatchError 400 for a configuration that brings managedFields, 500 for one that does not fit the schema, as upstream does
 */
export function applyConfiguration(request: AppliedConfiguration): JsonObject {
  const { applied, live, schema, writer } = request;
  const sent = managedFieldsOf(applied);
  if (sent !== undefined && sent !== null) {
    throw malformedPatch('metadata.managedFields must be nil');
  }
  const type = objectType(schema);
  check(type, applied, { what: 'patch', duplicates: false });
  const current = withManagedFields(live ?? emptyObject(applied), undefined);
  check(type, current, { what: 'live', duplicates: true });
  const managers = managersOf(request, current);
  const step: Step = { type, current, applied, managers, writer };
  const result = withConflictsChecked(step, request.force);
  const stored = withManagers(
    writer.manager === 'kubectl' ? withLastApplied(result.object, applied) : result.object,
    result.managers,
  );
  return keepTimes(live, stored);
}

function emptyObject({ apiVersion, kind }: JsonObject): JsonObject {
  return { apiVersion, kind };
}

interface Step {
  readonly type: FieldType;
  readonly current: JsonObject;
  readonly applied: JsonObject;
  readonly managers: Managers;
  readonly writer: FieldWriter;
}

interface Outcome {
  readonly object: JsonObject;
  readonly managers: Managers;
}

function check(
  type: FieldType,
  object: JsonObject,
  { what, duplicates }: { what: 'patch' | 'live' } & ShapeLeniency,
): void {
  try {
    checkShape(type, object, { duplicates });
  } catch (error) {
    if (error instanceof ShapeError) {
      throw failedPatch(`failed to create typed ${what} object (${nameOf(object)}): ${error.message}`);
    }
    throw error;
  }
}

/** As upstream names an object in such errors: `default/h100; headframe.dev/v1alpha1, Kind=MinerPool`. */
function nameOf({ apiVersion, kind, metadata }: JsonObject): string {
  const { namespace, name } = isObject(metadata) ? metadata : {};
  const version = text(apiVersion).includes('/') ? text(apiVersion) : `/${text(apiVersion)}`;
  return `${text(namespace)}/${text(name)}; ${version}, Kind=${text(kind)}`;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Those of the live object; one that was never tracked is first taken for the work of `before-first-apply`. */
function managersOf({ live, schema, writer }: AppliedConfiguration, current: JsonObject): Managers {
  const managers = liveManagers(live);
  if (managers.size > 0 || live === undefined) {
    return managers;
  }
  const earlier: FieldWriter = { ...writer, manager: 'before-first-apply', operation: 'Update' };
  return changed(managers, { before: undefined, after: current, schema, writer: earlier });
}

function liveManagers(live: JsonObject | undefined): Managers {
  try {
    return readManagers(live);
  } catch (error) {
    if (error instanceof FieldsFormatError) {
      throw failedPatch(`failed to decode managed fields: ${error.message}`);
    }
    throw error;
  }
}

function withConflictsChecked(step: Step, force: boolean): Outcome {
  const id = managerId(entryOf(step.writer, EMPTY_SET));
  const claimed = withoutReset(fieldsIn(step.type, step.applied), step.writer);
  const previous = step.managers.get(id)?.fields;
  const managers: Managers = new Map(step.managers).set(id, entryOf(step.writer, claimed));
  const merged = mergeConfiguration(step.type, step.current, step.applied);
  const object = previous === undefined ? merged : pruneDropped(step.type, merged, { previous, managers });
  const comparison = comparisonOf(compare(step.type, step.current, object), step.writer);
  if (!force) {
    refuseConflicts(step, managers, { id, comparison });
  }
  return outcome(step, object, { id, managers: takeFields(managers, id, comparison) });
}

/** @throws ApplyConflict */
function refuseConflicts(
  step: Step,
  managers: Managers,
  { id, comparison }: { id: string; comparison: Comparison },
): void {
  let conflicts: [string, FieldSet][] = [...conflictsOf(managers, id, comparison)];
  if (conflicts.length > 0 && step.writer.manager === 'kubectl') {
    const allowed = allowedByLastApplied(step.type, step.current);
    conflicts = conflicts
      .map(([owner, fields]): [string, FieldSet] => [owner, difference(fields, allowed)])
      .filter(([, fields]) => !isEmpty(fields));
  }
  if (conflicts.length > 0) {
    const sorted = conflicts.sort(([a], [b]) => (a < b ? -1 : 1));
    throw new ApplyConflict(
      sorted.flatMap(([owner, fields]) => {
        const entry = managers.get(owner);
        return entry === undefined ? [] : [managerConflict(entry, pathsOf(fields))];
      }),
    );
  }
}

/** An apply that leaves the object as it is leaves its own time, too: a manager that is new by it has none. */
function outcome(
  step: Step,
  object: JsonObject,
  { id, managers }: { id: string; managers: Managers },
): Outcome {
  const entry = managers.get(id);
  if (entry === undefined) {
    return { object, managers };
  }
  const fields = difference(entry.fields, unownedFields);
  const isSame = sameJson(object, step.current);
  const { time, ...timeless } = entry;
  const entryTime = isSame ? step.managers.get(id)?.time : time;
  const result: Managers = new Map(managers);
  if (isEmpty(fields)) {
    result.delete(id);
  } else {
    result.set(id, { ...timeless, fields, ...(entryTime === undefined ? {} : { time: entryTime }) });
  }
  return { object: isSame ? step.current : object, managers: result };
}
