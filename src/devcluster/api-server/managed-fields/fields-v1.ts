import type { Json, JsonObject } from '../schema/schema.ts';
import { fieldsOf, isObject, objectOf } from '../patch/json-record.ts';
import { EMPTY_SET, isEmpty, type FieldSet } from './field-set.ts';
import { compareElements, FieldsFormatError, parseElement, type PathElement } from './path-element.ts';

/** The set as FieldsV1: steps as nested fields; `.` marks a member that has members below it. */
export function toFieldsV1(set: FieldSet): JsonObject {
  const elements = [...new Set([...set.members, ...set.children.keys()])].sort(compareElements);
  return objectOf(elements.map((element) => [element, fieldsBelow(set, element)]));
}

function fieldsBelow(set: FieldSet, element: PathElement): JsonObject {
  const child = set.children.get(element);
  if (child === undefined) {
    return {};
  }
  const fields = toFieldsV1(child);
  return set.members.has(element) ? { '.': {}, ...fields } : fields;
}

/** @throws FieldsFormatError for what is not FieldsV1 */
export function fromFieldsV1(fields: Json): FieldSet {
  if (!isObject(fields)) {
    throw new FieldsFormatError('FieldsV1 must be an object');
  }
  const members = new Set<PathElement>();
  const children = new Map<PathElement, FieldSet>();
  for (const [text, value] of fieldsOf(fields)) {
    const element = text === '.' ? undefined : parseElement(text);
    if (element === undefined) {
      continue;
    }
    const child = value === null ? EMPTY_SET : fromFieldsV1(value);
    if (isEmpty(child) || (isObject(value) && Object.hasOwn(value, '.'))) {
      members.add(element);
    }
    if (!isEmpty(child)) {
      children.set(element, child);
    }
  }
  return { members, children };
}
