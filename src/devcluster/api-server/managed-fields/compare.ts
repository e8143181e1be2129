import type { Json } from '../schema/schema.ts';
import { fieldsOf, isObject, ownField, sameJson } from '../patch/json-record.ts';
import {
  shapeOf,
  typeOfField,
  UNKNOWN_FIELD,
  type FieldType,
  type ListType,
  type MapType,
  type ScalarKind,
  type Shape,
} from './field-type.ts';
import { fieldSetBuilder, type FieldSet, type FieldSetBuilder } from './field-set.ts';
import { itemsByElement } from './list-item.ts';
import { fieldElement, type Path, type PathElement } from './path-element.ts';
import { scalarMismatch } from './scalar.ts';
import { ShapeError } from './shape-error.ts';

/** What a write changed. No path is in two of the sets. */
export interface Comparison {
  readonly added: FieldSet;
  readonly removed: FieldSet;
  readonly modified: FieldSet;
}

interface Builders {
  readonly added: FieldSetBuilder;
  readonly removed: FieldSetBuilder;
  readonly modified: FieldSetBuilder;
}

/** The same place in both objects; undefined where one has nothing there. */
interface Pair {
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** @throws ShapeError for list items that cannot be told apart, and for values that fit no side of the schema */
export function compare(type: FieldType, before: Json, after: Json): Comparison {
  const into = { added: fieldSetBuilder(), removed: fieldSetBuilder(), modified: fieldSetBuilder() };
  visit(into, type, { before, after }, []);
  return { added: into.added.set, removed: into.removed.set, modified: into.modified.set };
}

function visit(into: Builders, type: FieldType, pair: Pair, path: Path): void {
  const before = shapeOf(type, pair.before);
  const after = shapeOf(type, pair.after);
  if (pair.before !== undefined && pair.after !== undefined && before.kind !== after.kind) {
    // Another shape than before: what was below goes, and the place itself changes.
    visitShape(into, before, pair, path);
  }
  const isLeaf = visitShape(into, pair.after === undefined ? before : after, pair, path);
  if (!isLeaf && pair.before === undefined) {
    into.added.insert(path);
  } else if (!isLeaf && pair.after === undefined) {
    into.removed.insert(path);
  }
}

/** Whether the place is owned as a whole, and has been noted. */
function visitShape(into: Builders, shape: Shape, pair: Pair, path: Path): boolean {
  switch (shape.kind) {
    case 'scalar':
      checkScalars(shape.scalar, pair);
      return noteLeaf(into, pair, path);
    case 'list':
      return visitList(into, shape.list, pair, path);
    case 'map':
      return visitMap(into, shape.map, pair, path);
  }
}

function noteLeaf(into: Builders, { before, after }: Pair, path: Path): true {
  if (before === undefined) {
    into.added.insert(path);
  } else if (after === undefined) {
    into.removed.insert(path);
  } else if (!sameJson(before, after)) {
    into.modified.insert(path);
  }
  return true;
}

function visitMap(into: Builders, map: MapType, pair: Pair, path: Path): boolean {
  const before = isObject(pair.before) ? pair.before : {};
  const after = isObject(pair.after) ? pair.after : {};
  const names = new Set([...fieldsOf(before), ...fieldsOf(after)].map(([field]) => field));
  if (map.atomic || names.size === 0) {
    return noteLeaf(into, pair, path);
  }
  for (const field of names) {
    const children = { before: ownField(before, field), after: ownField(after, field) };
    visit(into, typeOfField(map, field) ?? UNKNOWN_FIELD, children, [...path, fieldElement(field)]);
  }
  return false;
}

function visitList(into: Builders, list: ListType, pair: Pair, path: Path): boolean {
  const before = Array.isArray(pair.before) ? pair.before : [];
  const after = Array.isArray(pair.after) ? pair.after : [];
  if (list.atomic || before.length + after.length === 0) {
    return noteLeaf(into, pair, path);
  }
  const left = itemsByElement(list, before);
  const right = itemsByElement(list, after);
  for (const element of new Set([...left.keys(), ...right.keys()])) {
    const items = { before: left.get(element) ?? [], after: right.get(element) ?? [] };
    visitItems(into, list, items, [...path, element]);
  }
  return false;
}

/** Duplicates are compared as a whole: nobody can say which of them is which. */
function visitItems(
  into: Builders,
  list: ListType,
  { before, after }: { before: Json[]; after: Json[] },
  path: readonly PathElement[],
): void {
  const type = list.items();
  if (before.length <= 1 && after.length <= 1) {
    visit(into, type, { before: before[0], after: after[0] }, path);
  } else if (before.length >= 2 && after.length >= 2) {
    if (!sameJson(before, after)) {
      into.modified.insert(path);
    }
  } else if (before.length >= 2) {
    if (after.length > 0) {
      visit(into, type, { before: undefined, after: after[0] }, path);
    }
    into.removed.insert(path);
  } else {
    if (before.length > 0) {
      visit(into, type, { before: before[0], after: undefined }, path);
    }
    into.added.insert(path);
  }
}

function checkScalars(kind: ScalarKind, { before, after }: Pair): void {
  const mismatch = scalarMismatch(kind, before);
  if (mismatch !== undefined && scalarMismatch(kind, after) !== undefined) {
    throw new ShapeError(mismatch);
  }
}
