import type { JsonObject } from '../schema/schema.ts';
import {
  difference,
  EMPTY_SET,
  intersection,
  union,
  withNamedFields,
  type FieldSet,
  type NamedFields,
} from './field-set.ts';
import { typeOfField, UNKNOWN_FIELD, type FieldType } from './field-type.ts';
import type { Managers } from './managers.ts';
import { fieldsIn } from './owned-fields.ts';
import { fieldNameOf } from './path-element.ts';
import { removeFields } from './remove-fields.ts';

/**
 * The merged object without fields and items that the applier owned by its previous configuration, that its new one does not have,
 * and that nobody else owns. What nobody owned at all stays (structured-merge-diff, merge/update.go: prune).
 */
export function pruneDropped(
  type: FieldType,
  merged: JsonObject,
  { previous, managers }: { previous: FieldSet; managers: Managers },
): JsonObject {
  const named = (fields: FieldSet): FieldSet => withNamedFields(fields, namesOf(type));
  const owned = [...managers.values()].reduce((all, { fields }) => union(all, fields), EMPTY_SET);
  const inMerged = named(fieldsIn(type, merged));
  const bare = removeFields(type, merged, named(previous));
  const unowned = difference(inMerged, union(named(fieldsIn(type, bare)), named(owned)));
  const pruned = removeFields(type, merged, unowned);
  const dropped = difference(inMerged, named(fieldsIn(type, pruned)));
  return removeFields(type, merged, intersection(dropped, named(previous)));
}

/** The schema's names at that type. */
function namesOf(type: FieldType): NamedFields {
  return {
    has: (field) => type.map?.named(field) !== undefined,
    below(element) {
      const field = fieldNameOf(element);
      if (field !== undefined && type.map !== undefined) {
        return namesOf(typeOfField(type.map, field) ?? UNKNOWN_FIELD);
      }
      return namesOf(element.startsWith('k:') && type.list !== undefined ? type.list.items() : UNKNOWN_FIELD);
    },
  };
}
