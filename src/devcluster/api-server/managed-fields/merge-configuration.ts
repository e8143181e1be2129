import type { Json, JsonObject } from '../schema/schema.ts';
import { fieldsOf, isObject, objectOf, ownField } from '../patch/json-record.ts';
import {
  shapeOf,
  typeOfField,
  UNKNOWN_FIELD,
  type FieldType,
  type ListType,
  type MapType,
} from './field-type.ts';
import { itemElement } from './list-item.ts';
import type { PathElement } from './path-element.ts';

/**
 * The live object with the applied configuration laid over it: leaves, and what is owned as a whole, from the configuration; items of
 * lists with keys and of sets in the order of the configuration, others where they were. Nothing is removed.
 * @throws ShapeError for list items that cannot be told apart
 */
export function mergeConfiguration(type: FieldType, live: JsonObject, applied: JsonObject): JsonObject {
  const merged = mergeValues(type, live, applied);
  return isObject(merged) ? merged : {};
}

function mergeValues(type: FieldType, live: Json | undefined, applied: Json | undefined): Json | undefined {
  const shape = shapeOf(type, applied === undefined ? live : applied);
  switch (shape.kind) {
    case 'scalar':
      return appliedOr(live, applied);
    case 'list':
      return mergeLists(shape.list, live, applied);
    case 'map':
      return mergeMaps(shape.map, live, applied);
  }
}

/** An applied null is a value like any other. */
function appliedOr(live: Json | undefined, applied: Json | undefined): Json | undefined {
  return applied === undefined ? live : applied;
}

function mergeMaps(map: MapType, live: Json | undefined, applied: Json | undefined): Json | undefined {
  const before = isObject(live) ? live : {};
  const after = isObject(applied) ? applied : {};
  const names = new Set([...fieldsOf(before), ...fieldsOf(after)].map(([field]) => field));
  if (map.atomic || names.size === 0) {
    return appliedOr(live, applied);
  }
  const merged = [...names].flatMap((field) => {
    const type = typeOfField(map, field) ?? UNKNOWN_FIELD;
    const value = mergeValues(type, ownField(before, field), ownField(after, field));
    return value === undefined ? [] : [[field, value] as const];
  });
  return merged.length > 0 ? objectOf(merged) : undefined;
}

function mergeLists(list: ListType, live: Json | undefined, applied: Json | undefined): Json | undefined {
  const before = Array.isArray(live) ? live : [];
  const after = Array.isArray(applied) ? applied : [];
  if (list.atomic || before.length + after.length === 0) {
    return appliedOr(live, applied);
  }
  return weave(list, indexed(list, before), indexed(list, after));
}

/** A list with the element of each item. */
interface IndexedList {
  readonly items: readonly Json[];
  readonly elements: readonly PathElement[];
  /** Items by element; undefined for an element that several items have. */
  readonly byElement: ReadonlyMap<PathElement, Json | undefined>;
}

function indexed(list: ListType, items: readonly Json[]): IndexedList {
  const elements = items.map((item) => itemElement(list, item));
  const byElement = new Map<PathElement, Json | undefined>();
  for (const [index, element] of elements.entries()) {
    byElement.set(element, byElement.has(element) ? undefined : items[index]);
  }
  return { items, elements, byElement };
}

/**
 * Items that only the live list has keep their place between the items that both have; those are merged and come in the order of
 * the configuration (structured-merge-diff, typed/merge.go: visitListItems).
 */
function weave(list: ListType, live: IndexedList, applied: IndexedList): Json[] {
  const merged: Json[] = [];
  const taken = new Set<PathElement>();
  const shared = applied.elements.filter((element) => live.byElement.has(element));
  let nextShared = 0;
  let left = 0;
  let right = 0;

  function emit(liveItem: Json | undefined, appliedItem: Json | undefined): void {
    const value = mergeValues(list.items(), liveItem, appliedItem);
    if (value !== undefined) {
      merged.push(value);
    }
  }
  function takeApplied(element: PathElement): void {
    taken.add(element);
    emit(live.byElement.get(element), applied.byElement.get(element));
    right++;
    nextShared += Number(shared[nextShared] === element);
  }

  while (left < live.elements.length || right < applied.elements.length) {
    const liveElement = live.elements[left];
    const appliedElement = applied.elements[right];
    const next = shared[nextShared];
    if (liveElement !== undefined && !applied.byElement.has(liveElement)) {
      emit(live.items[left], undefined);
      left++;
    } else if (
      liveElement !== undefined &&
      appliedElement !== undefined &&
      next !== undefined &&
      next !== liveElement
    ) {
      // Both have it, but it is not its turn in the configuration.
      left++;
    } else {
      left += Number(liveElement !== undefined && (liveElement === appliedElement || taken.has(liveElement)));
      if (appliedElement !== undefined) {
        takeApplied(appliedElement);
      }
    }
  }
  return merged;
}
