import type { Resource } from '../resources/resource.ts';
import { isObject } from '../schema/json.ts';
import type { Json, JsonObject } from '../schema/schema.ts';
import { metadataFields, plainStrategy, type Strategy } from './strategy.ts';

/** Custom resources: what is particular to one stands in its schema. */
export function customStrategy({ selectableFields = [] }: Resource): Strategy {
  return {
    ...plainStrategy,
    counted: true,
    unconditionalUpdate: false,
    fields: (object) => ({
      ...metadataFields(object),
      ...Object.fromEntries(selectableFields.map((path) => [path.replace(/^\./, ''), textAt(object, path)])),
    }),
  };
}

function textAt(object: JsonObject, path: string): string {
  let value: Json | undefined = object;
  for (const part of path.split('.').filter((name) => name !== '')) {
    value = isObject(value) ? value[part] : undefined;
  }
  return value === undefined || value === null || typeof value === 'object' ? '' : String(value);
}
