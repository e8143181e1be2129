import type { Json, JsonObject, Schema } from '../schema/schema.ts';
import { fieldsOf, isObject, objectOf } from './json-record.ts';
import { failedPatch, malformedPatch } from './patch-error.ts';
import {
  DELETE_FROM_LIST,
  directiveOf,
  fieldNamedBy,
  isDirectiveField,
  RETAIN_KEYS,
  SET_ORDER,
  unknownDirective,
  withoutDirectives,
} from './strategic-directives.ts';
import { deleteItems, inOrder, mergeLists } from './strategic-list.ts';
import { fieldRules, itemSchema, withObjectMeta, type PatchRules } from './strategic-schema.ts';

/**
 * The object after a strategic merge patch: objects are merged field by field, null deletes, lists are replaced unless the schema
 * has them merged (by their merge key, or as a set of plain values), and directives (`$patch`, `$deleteFromPrimitiveList`,
 * `$setElementOrder`, `$retainKeys`) say otherwise. As apimachinery's util/strategicpatch does it. The inputs stay as they are.
 * @throws PatchError 400 for directives of a wrong form, 422 for lists of lists, 500 for what upstream does not class, such as an item
 * without its merge key
 */
export function applyStrategicMergePatch(target: JsonObject, patch: Json, schema: Schema): JsonObject {
  if (!isObject(patch)) {
    throw malformedPatch(
      'json: cannot unmarshal a patch that is not an object into Go value of type map[string]interface {}',
    );
  }
  return mergeObjects(target, patch, withObjectMeta(schema));
}

function mergeObjects(target: JsonObject, patch: JsonObject, schema: Schema | undefined): JsonObject {
  const directive = directiveOf(patch);
  if (directive !== undefined) {
    return directed(directive, patch);
  }
  const merged = new Map(fieldsOf(retained(target, patch)));
  const ordered = new Set<string>();
  for (const [field, order] of fieldsOf(patch).filter(([field]) => field.startsWith(SET_ORDER))) {
    const name = fieldNamedBy(field, SET_ORDER);
    const list = orderedList(
      { before: merged.get(name), patch: patch[name], order },
      fieldRules(schema, name),
    );
    ordered.add(name);
    if (list !== undefined) {
      merged.set(name, list);
    }
  }
  for (const [field, value] of fieldsOf(patch)) {
    if (!isDirectiveField(field) && !ordered.has(field)) {
      setOrDelete(merged, field, mergeField(merged.get(field), value, fieldRules(schema, field)));
    } else if (field.startsWith(DELETE_FROM_LIST)) {
      const name = fieldNamedBy(field, DELETE_FROM_LIST);
      setOrDelete(merged, name, value === null ? undefined : deleteItems(merged.get(name), value));
    }
  }
  return objectOf(merged);
}

function setOrDelete(fields: Map<string, Json>, field: string, value: Json | undefined): void {
  if (value === undefined) {
    fields.delete(field);
  } else {
    fields.set(field, value);
  }
}

/** `replace` takes the patch as it is, `delete` leaves an empty object. */
function directed(directive: Json, patch: JsonObject): JsonObject {
  if (directive === 'replace') {
    return objectOf(fieldsOf(patch).filter(([field]) => field !== '$patch'));
  }
  if (directive === 'delete') {
    return {};
  }
  throw unknownDirective(directive, patch);
}

/** Of the target only the fields that `$retainKeys` lists, if the patch has it. */
function retained(target: JsonObject, patch: JsonObject): JsonObject {
  const keys = patch[RETAIN_KEYS];
  if (keys === undefined) {
    return target;
  }
  const isListed = ([field]: readonly [string, Json]): boolean => Array.isArray(keys) && keys.includes(field);
  const set = fieldsOf(patch).filter(([field, value]) => value !== null && !isDirectiveField(field));
  if (!Array.isArray(keys) || !set.every(isListed)) {
    throw malformedPatch('invalid patch format of retainKeys');
  }
  return objectOf(fieldsOf(target).filter(isListed));
}

/** What the field becomes; undefined when it is to go. */
function mergeField(before: Json | undefined, patch: Json, rules: PatchRules): Json | undefined {
  if (patch === null) {
    return undefined;
  }
  if (isObject(before) && isObject(patch)) {
    return rules.replaces ? patch : mergeObjects(before, patch, rules.schema);
  }
  if (Array.isArray(before) && Array.isArray(patch)) {
    return rules.merges ? mergeLists(before, patch, listRules(rules)) : patch;
  }
  return withoutDirectives(patch);
}

function listRules({ mergeKey, schema }: PatchRules): Parameters<typeof mergeLists>[2] {
  const items = itemSchema(schema);
  return { mergeKey, mergeItem: (before, patch) => mergeObjects(before, patch, items) };
}

/** The list after its patch, in the order that `$setElementOrder` wants; undefined when there is no list at all. */
function orderedList(
  { before, patch, order }: { before: Json | undefined; patch: Json | undefined; order: Json },
  rules: PatchRules,
): Json | undefined {
  for (const list of [order, before, patch]) {
    if (list !== undefined && !Array.isArray(list)) {
      throw failedPatch('expected a []interface {}, but received something else');
    }
  }
  const merged =
    patch === undefined
      ? before
      : before === undefined
        ? withoutDirectives(patch)
        : mergeField(before, patch, rules);
  if (!Array.isArray(merged) || !Array.isArray(order)) {
    return undefined;
  }
  return inOrder(merged, {
    order,
    serverOrder: Array.isArray(before) ? before : [],
    patch: Array.isArray(patch) ? patch : [],
    mergeKey: rules.mergeKey,
  });
}
