import { isObject } from '../schema/json.ts';
import { additionalSchema, propertySchema } from '../schema/schema-at.ts';
import type { Json, JsonObject, Schema } from '../schema/schema.ts';

/** A null in a built-in object is what Go decodes it to: no field, and of a map of texts the empty text. Changes `object`. */
export function dropNulls(object: JsonObject, schema: Schema): void {
  for (const [name, value] of Object.entries(object)) {
    const map = additionalSchema(schema);
    const known = propertySchema(schema, name) ?? map;
    if (value !== null) {
      visit(value, known);
    } else if (map?.type === 'string') {
      object[name] = '';
    } else {
      Reflect.deleteProperty(object, name);
    }
  }
}

function visit(value: Json | undefined, schema: Schema | undefined): void {
  if (schema === undefined) {
    return;
  }
  if (Array.isArray(value)) {
    value.forEach((item) => visit(item, schema.items));
  } else if (isObject(value) && (schema.properties !== undefined || additionalSchema(schema) !== undefined)) {
    dropNulls(value, schema);
  }
}
