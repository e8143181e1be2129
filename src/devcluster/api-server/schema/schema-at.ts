import type { Schema } from './schema.ts';

/** The schema of a named field; names such as `constructor` are fields like others, so own properties only. */
export function propertySchema(schema: Schema | undefined, name: string): Schema | undefined {
  const properties = schema?.properties;
  return properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
}

/** The schema of the values of a map; undefined where fields are named, or anything is allowed. */
export function additionalSchema(schema: Schema | undefined): Schema | undefined {
  const additional = schema?.additionalProperties;
  return typeof additional === 'object' ? additional : undefined;
}

/** The schema of the field `name` of an object of this schema: a named field, else a value of the map. */
export function fieldSchema(schema: Schema | undefined, name: string): Schema | undefined {
  return propertySchema(schema, name) ?? additionalSchema(schema);
}
