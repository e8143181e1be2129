import type { Json, JsonObject } from '../schema/schema.ts';
import { fieldsOf, isObject, objectOf } from '../patch/json-record.ts';
import {
  shapeOf,
  typeOfField,
  UNKNOWN_FIELD,
  type FieldType,
  type ListType,
  type MapType,
} from './field-type.ts';
import { below, isEmpty, type FieldSet } from './field-set.ts';
import { itemElement } from './list-item.ts';
import { fieldElement } from './path-element.ts';

/**
 * The object without these fields and items. As upstream has it, a map or list of which nothing is left becomes null, and so does an
 * atomic one out of which something is to be taken.
 */
export function removeFields(type: FieldType, object: JsonObject, fields: FieldSet): JsonObject {
  const rest = without(type, object, fields);
  return isObject(rest) ? rest : {};
}

function without(type: FieldType, value: Json, fields: FieldSet): Json {
  const shape = shapeOf(type, value);
  switch (shape.kind) {
    case 'scalar':
      return value;
    case 'list':
      return Array.isArray(value) ? listWithout(shape.list, value, fields) : null;
    case 'map':
      return isObject(value) ? mapWithout(shape.map, value, fields) : null;
  }
}

function listWithout(list: ListType, items: readonly Json[], fields: FieldSet): Json {
  if (list.atomic) {
    return null;
  }
  const rest = items.flatMap((item) => {
    const element = itemElement(list, item);
    if (fields.members.has(element)) {
      return [];
    }
    const inside = below(fields, element);
    return [isEmpty(inside) ? item : without(list.items(), item, inside)];
  });
  return rest.length > 0 ? rest : null;
}

function mapWithout(map: MapType, object: JsonObject, fields: FieldSet): Json {
  if (map.atomic) {
    return null;
  }
  const rest = fieldsOf(object).flatMap(([field, value]) => {
    const element = fieldElement(field);
    if (fields.members.has(element)) {
      return [];
    }
    const inside = below(fields, element);
    const type = typeOfField(map, field) ?? UNKNOWN_FIELD;
    return [[field, isEmpty(inside) ? value : without(type, value, inside)] as const];
  });
  return rest.length > 0 ? objectOf(rest) : null;
}
