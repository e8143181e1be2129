import type { Json, JsonObject } from '../schema/schema.ts';
import { goText } from './go-text.ts';
import { isObject, sameJson } from './json-record.ts';
import { failedPatch, unprocessablePatch } from './patch-error.ts';
import { directiveOf, unknownDirective, withoutDirectives } from './strategic-directives.ts';

/** How a list is merged. */
export interface ListRules {
  readonly mergeKey: string | undefined;
  readonly mergeItem: (before: JsonObject, patch: JsonObject) => JsonObject;
}

/** The list with the items of the patch: plain values as a set, objects by their merge key. */
export function mergeLists(before: readonly Json[], patch: readonly Json[], rules: ListRules): Json[] {
  if (!holdsObjects([...before, ...patch])) {
    const both = [...new Set([...before, ...patch])];
    return sorted(both, { order: patch, serverOrder: before, mergeKey: undefined });
  }
  const { mergeKey } = rules;
  if (mergeKey === undefined) {
    throw failedPatch('cannot merge lists without merge key');
  }
  const { kept, items } = directedItems(before.filter(isObject), patch.filter(isObject), mergeKey);
  const merged: JsonObject[] = [...kept];
  for (const item of items) {
    const key = keyOf(item, mergeKey);
    const index = merged.findIndex((other) => sameJson(keyOf(other, mergeKey), key));
    const own = merged[index];
    if (own === undefined) {
      const added = withoutDirectives(item);
      merged.push(isObject(added) ? added : {});
    } else {
      merged[index] = rules.mergeItem(own, item);
    }
  }
  return sorted(merged, { order: items, serverOrder: kept, mergeKey });
}

/** The list without these plain values. */
export function deleteItems(before: Json | undefined, values: Json): Json | undefined {
  if (!Array.isArray(before) || !Array.isArray(values)) {
    return before;
  }
  return before.filter((item) => !values.some((value) => sameJson(item, value)));
}

/**
 * The list in the order that the patch wants; items that it does not list stay between those between which they were.
 * @throws PatchError 500 when the patch itself has another order
 */
export function inOrder(
  merged: readonly Json[],
  { order, serverOrder, patch, mergeKey }: Ordering & { readonly patch: readonly Json[] },
): Json[] {
  checkOrder(patch, order, mergeKey);
  return sorted(merged, { order, serverOrder, mergeKey });
}

interface Ordering {
  readonly order: readonly Json[];
  /** How the server had them. */
  readonly serverOrder: readonly Json[];
  readonly mergeKey: string | undefined;
}

function checkOrder(patch: readonly Json[], order: readonly Json[], mergeKey: string | undefined): void {
  const content = patch.filter((item) => !(isObject(item) && directiveOf(item) !== undefined));
  if (order.length === 0 || patch.length === 0) {
    return;
  }
  let next = 0;
  for (const wanted of order) {
    const item = content[next];
    next += Number(item !== undefined && sameJson(identity(item, mergeKey), identity(wanted, mergeKey)));
  }
  if (next < content.length) {
    throw failedPatch(
      `The order in patch list:\n${goText(patch)}\n doesn't match $setElementOrder list:\n${goText(order)}\n`,
    );
  }
}

/** Items of the order by it; the others, in the server's order, before the first item that the server had after them. */
function sorted(items: readonly Json[], { order, serverOrder, mergeKey }: Ordering): Json[] {
  const place = (item: Json, list: readonly Json[]): number => {
    const id = identity(item, mergeKey);
    return list.findIndex((other) => sameJson(identity(other, mergeKey), id));
  };
  const listed = sortedBy(
    items.filter((item) => place(item, order) >= 0),
    (item) => place(item, order),
  );
  const others = sortedBy(
    items.filter((item) => place(item, order) < 0),
    (item) => place(item, serverOrder),
  );
  const result: Json[] = [];
  for (const item of listed) {
    const at = place(item, serverOrder);
    while (others[0] !== undefined && at >= 0 && isBefore(place(others[0], serverOrder), at)) {
      result.push(...others.splice(0, 1));
    }
    result.push(item);
  }
  return [...result, ...others];
}

function isBefore(place: number, other: number): boolean {
  return place >= 0 && place < other;
}

function sortedBy(items: readonly Json[], rank: (item: Json) => number): Json[] {
  return [...items].sort((a, b) => rank(a) - rank(b));
}

/** `$patch` in items: `delete` takes the item of that key away, `replace` everything that was there. */
function directedItems(
  before: readonly JsonObject[],
  patch: readonly JsonObject[],
  mergeKey: string,
): { kept: readonly JsonObject[]; items: readonly JsonObject[] } {
  let kept = before;
  let replaces = false;
  const items = patch.filter((item) => directiveOf(item) === undefined);
  for (const item of patch) {
    const directive = directiveOf(item);
    if (directive === 'delete') {
      const key = keyOf(item, mergeKey);
      kept = kept.filter((other) => !sameJson(keyOf(other, mergeKey), key));
    } else if (directive === 'merge') {
      throw failedPatch('merging lists cannot yet be specified in the patch');
    } else if (directive !== undefined && directive !== 'replace') {
      throw unknownDirective(directive, item);
    }
    replaces ||= directive === 'replace';
  }
  return replaces ? { kept: items, items: [] } : { kept, items };
}

function keyOf(item: JsonObject, mergeKey: string): Json {
  const key = Object.hasOwn(item, mergeKey) ? item[mergeKey] : undefined;
  if (key === undefined) {
    throw failedPatch(`map: ${goText(item)} does not contain declared merge key: ${mergeKey}`);
  }
  return key;
}

function identity(item: Json, mergeKey: string | undefined): Json {
  return mergeKey !== undefined && isObject(item) ? keyOf(item, mergeKey) : item;
}

/** Whether the items are objects. @throws PatchError when they are lists, or of several kinds */
function holdsObjects(items: readonly Json[]): boolean {
  if (items.some((item) => Array.isArray(item))) {
    throw unprocessablePatch();
  }
  const objects = items.filter(isObject).length;
  if (objects > 0 && objects < items.length) {
    throw failedPatch(`list element types are not identical: ${goText(items)}`);
  }
  return objects > 0;
}
