import { formatQuantity, parseQuantity } from '../../../api/quantity.ts';
import { isObject } from '../schema/json.ts';
import type { Json } from '../schema/schema.ts';

/** Writes the amounts of resources as every reader gets them: `1000m` becomes `1`. What is no quantity stays as it is. */
export function canonicalQuantities(parent: Json | undefined, lists: readonly string[]): void {
  for (const list of isObject(parent) ? lists.map((name) => parent[name]) : []) {
    for (const [name, value] of isObject(list) ? Object.entries(list) : []) {
      if (isObject(list) && (typeof value === 'string' || typeof value === 'number')) {
        list[name] = formatQuantity(parseQuantity(value));
      }
    }
  }
}
