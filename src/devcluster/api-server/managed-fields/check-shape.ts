import type { Json } from '../schema/schema.ts';
import { goText } from '../patch/go-text.ts';
import { fieldsOf, isObject } from '../patch/json-record.ts';
import { shapeOf, typeOfField, type FieldType, type ListType, type MapType } from './field-type.ts';
import { itemElement } from './list-item.ts';
import { fieldElement, pathText, type Path, type PathElement } from './path-element.ts';
import { scalarMismatch } from './scalar.ts';
import { ShapeError } from './shape-error.ts';

/** What may be wrong with a live object, because the API server once took it, and not with an applied one. */
export interface ShapeLeniency {
  readonly duplicates: boolean;
}

/** @throws ShapeError naming every place where the value does not fit its schema, worded as upstream words it */
export function checkShape(type: FieldType, value: Json, allow: ShapeLeniency): void {
  const objections: string[] = [];
  visit(type, value, []);
  if (objections.length > 0) {
    throw new ShapeError(
      objections.length === 1 ? objections.join() : ['errors:', ...objections].join('\n  '),
    );
  }

  function object(path: Path, objection: string | undefined): void {
    if (objection !== undefined) {
      objections.push(path.length === 0 ? objection : `${pathText(path)}: ${objection}`);
    }
  }

  function visit(at: FieldType, child: Json, path: Path): void {
    const shape = shapeOf(at, child);
    if (shape.kind === 'scalar') {
      object(path, scalarMismatch(shape.scalar, child));
    } else if (shape.kind === 'list') {
      visitList(shape.list, child, path);
    } else {
      visitMap(shape.map, child, path);
    }
  }

  function visitMap(map: MapType, child: Json, path: Path): void {
    if (isObject(child)) {
      for (const [field, value] of fieldsOf(child)) {
        const fieldPath = [...path, fieldElement(field)];
        const fieldType = typeOfField(map, field);
        if (fieldType === undefined) {
          object(fieldPath, 'field not declared in schema');
        } else {
          visit(fieldType, value, fieldPath);
        }
      }
    } else if (child !== null) {
      object(path, `expected map, got &{${goText(child)}}`);
    }
  }

  function visitList(list: ListType, child: Json, path: Path): void {
    if (!Array.isArray(child)) {
      object(path, child === null ? undefined : `expected list, got &{${goText(child)}}`);
      return;
    }
    const seen = new Set<PathElement>();
    for (const [index, item] of child.entries()) {
      const element = list.atomic ? `i:${index}` : elementOf(list, item, { path, index });
      if (element === undefined) {
        return;
      }
      if (seen.has(element) && !allow.duplicates) {
        object(path, `duplicate entries for key ${pathText([element])}`);
      }
      seen.add(element);
      visit(list.items(), item, [...path, element]);
    }
  }

  function elementOf(
    list: ListType,
    item: Json,
    { path, index }: { path: Path; index: number },
  ): PathElement | undefined {
    try {
      return itemElement(list, item);
    } catch (error) {
      if (!(error instanceof ShapeError)) {
        throw error;
      }
      object(path, `element ${index}: ${error.message}`);
      return undefined;
    }
  }
}
