import { additionalSchema, fieldSchema } from './schema-at.ts';
import { isObject } from './json.ts';
import type { Json, JsonObject, Schema } from './schema.ts';

/**
 * Fills in the defaults of `schema` where `object`, which is the caller's own copy, has nothing, as
 * k8s.io/apiextensions-apiserver `schema/defaulting` does. A null counts as nothing unless its schema is nullable: it gets the
 * default, or is dropped where there is none.
 */
export function applyDefaults(object: JsonObject, schema: Schema): void {
  dropNulls(object, schema);
  fill(object, schema);
}

/** {@link applyDefaults} that leaves a null without a default where it is, for validation to refuse. */
export function fillDefaults(object: JsonObject, schema: Schema): void {
  fill(object, schema);
}

function dropNulls(value: Json | undefined, schema: Schema | undefined): void {
  if (Array.isArray(value)) {
    for (const item of value) {
      dropNulls(item, schema?.items);
    }
  } else if (isObject(value)) {
    for (const [name, field] of Object.entries(value)) {
      const known = fieldSchema(schema, name);
      if (isMeaninglessNull(field, known) && known?.default === undefined) {
        Reflect.deleteProperty(value, name);
      } else {
        dropNulls(field, known);
      }
    }
  }
}

function fill(value: Json | undefined, schema: Schema | undefined): void {
  if (schema === undefined) {
    return;
  }
  if (Array.isArray(value)) {
    fillItems(value, schema);
  } else if (isObject(value)) {
    fillFields(value, schema);
  }
}

function fillFields(value: JsonObject, schema: Schema): void {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    // A default of null is none: upstream cannot tell them apart.
    const isMissing = !Object.hasOwn(value, name) || value[name] === undefined;
    if (hasDefault(property) && (isMissing || isMeaninglessNull(value[name], property))) {
      value[name] = structuredClone(property.default);
    }
  }
  for (const name of Object.keys(value)) {
    const map = additionalSchema(schema);
    if (map !== undefined && isMeaninglessNull(value[name], map)) {
      value[name] = structuredClone(map.default ?? null);
    }
    fill(value[name], fieldSchema(schema, name));
  }
}

function fillItems(items: Json[], schema: Schema): void {
  for (const [index, item] of items.entries()) {
    if (isMeaninglessNull(item, schema.items)) {
      items[index] = structuredClone(schema.items?.default ?? null);
    }
    fill(items[index], schema.items);
  }
}

function hasDefault(schema: Schema): schema is Schema & { default: Json } {
  return schema.default !== undefined && schema.default !== null;
}

function isMeaninglessNull(value: Json | undefined, schema: Schema | undefined): boolean {
  return value === null && schema !== undefined && schema.nullable !== true;
}
