import type { Resource } from '../resources/resource.ts';
import type { JsonObject } from '../schema/schema.ts';
import { pathParts, valueAt } from '../subresources/field-path.ts';
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
  const value = valueAt(object, pathParts(path));
  return value === undefined || value === null || typeof value === 'object' ? '' : String(value);
}
