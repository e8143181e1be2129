import { isObject, jsonEquals } from './json.ts';
import type { Json, JsonObject, Schema } from './schema.ts';

/*
 * Which part of an object's earlier version a part of the new one stands for: by field name in objects, by key in lists of
 * list-type map, and not at all in other lists and in atomic maps.
 */

export function previousField(
  previous: Json | undefined,
  schema: Schema | undefined,
  name: string,
): Json | undefined {
  if (
    !isObject(previous) ||
    schema?.['x-kubernetes-map-type'] === 'atomic' ||
    !Object.hasOwn(previous, name)
  ) {
    return undefined;
  }
  return previous[name];
}

export function previousItem(
  previous: Json | undefined,
  schema: Schema | undefined,
  item: Json,
): Json | undefined {
  if (!Array.isArray(previous) || schema?.['x-kubernetes-list-type'] !== 'map' || !isObject(item)) {
    return undefined;
  }
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  return previous.find(
    (other) => isObject(other) && keys.every((key) => sameKey(item, other, { key, schema })),
  );
}

function sameKey(left: JsonObject, right: JsonObject, at: { key: string; schema: Schema }): boolean {
  const fallback = at.schema.items?.properties?.[at.key]?.default;
  return jsonEquals(left[at.key] ?? fallback, right[at.key] ?? fallback);
}
