import type { Json } from '../schema/schema.ts';
import { fieldsOf, isObject } from '../patch/json-record.ts';
import {
  shapeOf,
  typeOfField,
  UNKNOWN_FIELD,
  type FieldType,
  type ListType,
  type MapType,
} from './field-type.ts';
import { fieldSetBuilder, type FieldSet } from './field-set.ts';
import { itemsByElement } from './list-item.ts';
import { fieldElement, type Path } from './path-element.ts';

/**
 * Everything that an applied configuration claims: its leaves, its list items, the keys of its maps, and what it sets to null or to
 * an empty map.
 */
export function fieldsIn(type: FieldType, value: Json): FieldSet {
  const { set, insert } = fieldSetBuilder();
  visit(type, value, []);
  return set;

  function visit(at: FieldType, child: Json, path: Path): void {
    const shape = shapeOf(at, child);
    switch (shape.kind) {
      case 'scalar':
        insert(path);
        return;
      case 'list':
        visitList(shape.list, child, path);
        return;
      case 'map':
        visitMap(shape.map, child, path);
    }
  }

  function visitList(list: ListType, items: Json, path: Path): void {
    if (list.atomic) {
      insert(path);
    } else if (Array.isArray(items)) {
      for (const [element, same] of itemsByElement(list, items)) {
        const itemPath = [...path, element];
        const [only] = same;
        // Of duplicates nobody can say more than that they are there.
        if (same.length === 1 && only !== undefined) {
          visit(list.items(), only, itemPath);
        }
        insert(itemPath);
      }
    }
  }

  function visitMap(map: MapType, object: Json, path: Path): void {
    if (map.atomic) {
      insert(path);
    } else if (isObject(object)) {
      for (const [field, child] of fieldsOf(object)) {
        const fieldPath = [...path, fieldElement(field)];
        visit(typeOfField(map, field) ?? UNKNOWN_FIELD, child, fieldPath);
        const isEmptyMap = isObject(child) && fieldsOf(child).length === 0;
        if (child === null || isEmptyMap || map.named(field) === undefined) {
          insert(fieldPath);
        }
      }
    }
  }
}
