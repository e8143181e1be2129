import type { Json } from '../schema/schema.ts';
import { isObject, ownField } from '../patch/json-record.ts';
import type { ListType } from './field-type.ts';
import { keyElement, valueElement, type PathElement } from './path-element.ts';
import { ShapeError } from './shape-error.ts';

/**
 * How this item of a set, or of a list with keys, is found again.
 * @throws ShapeError for an item that cannot be told from others
 */
export function itemElement(list: ListType, item: Json): PathElement {
  return list.keys.length > 0 ? keyedElement(list, item) : setElement(item);
}

function keyedElement(list: ListType, item: Json): PathElement {
  if (item === null) {
    throw new ShapeError('associative list with keys may not have a null element');
  }
  if (!isObject(item)) {
    throw new ShapeError('associative list with keys may not have non-map elements');
  }
  const keys = list.keys.flatMap((key) => {
    const value = ownField(item, key) ?? list.items().map?.defaultOf(key);
    return value === undefined ? [] : [[key, value] as const];
  });
  if (keys.length === 0) {
    const names = list.keys.map((key) => JSON.stringify(key)).join(' ');
    throw new ShapeError(
      `associative list with keys has an element that omits all key fields [${names}] (and doesn't have default values for any key fields)`,
    );
  }
  return keyElement(keys);
}

function setElement(item: Json): PathElement {
  if (item === null) {
    throw new ShapeError("associative list without keys has an element that's an explicit null");
  }
  if (Array.isArray(item)) {
    throw new ShapeError('not supported: associative list with lists as elements');
  }
  if (isObject(item)) {
    throw new ShapeError("associative list without keys has an element that's a map type");
  }
  return valueElement(item);
}

/** Items of a list by their element, in order of first appearance; an element with several items is a duplicate. */
export function itemsByElement(list: ListType, items: readonly Json[]): Map<PathElement, Json[]> {
  const byElement = new Map<PathElement, Json[]>();
  for (const item of items) {
    const element = itemElement(list, item);
    const same = byElement.get(element);
    if (same === undefined) {
      byElement.set(element, [item]);
    } else {
      same.push(item);
    }
  }
  return byElement;
}
