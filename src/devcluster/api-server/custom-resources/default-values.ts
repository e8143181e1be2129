import type { FieldError } from '../field-error.ts';
import { jsonEquals } from '../schema/json.ts';
import { prune } from '../schema/prune.ts';
import type { Schema } from '../schema/schema.ts';
import { validate } from '../schema/validate.ts';
import { forbidden, invalid } from './definition-names.ts';

/** Every default must be a value that its own schema takes, without unknown fields. */
export function defaultErrors(schema: Schema, path: string): FieldError[] {
  return inSchema(schema, path, { isRoot: true });
}

function inSchema(schema: Schema, path: string, at: { readonly isRoot: boolean }): FieldError[] {
  const properties = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const place = `${path}.properties[${name}]`;
    const isMeta = at.isRoot && ['metadata', 'apiVersion', 'kind'].includes(name);
    return isMeta ? metaDefaults(property, place, name) : inSchema(property, place, { isRoot: false });
  });
  return [
    ...ownErrors(schema, path),
    ...properties,
    ...(schema.items === undefined ? [] : inSchema(schema.items, `${path}.items`, { isRoot: false })),
    ...(typeof schema.additionalProperties === 'object'
      ? inSchema(schema.additionalProperties, `${path}.additionalProperties`, { isRoot: false })
      : []),
  ];
}

function metaDefaults(schema: Schema, path: string, name: string): FieldError[] {
  return schema.default === undefined
    ? []
    : [forbidden(`${path}.default`, `must not be set in top-level ${name}`)];
}

function ownErrors(schema: Schema, path: string): FieldError[] {
  if (schema.default === undefined || schema.default === null) {
    return [];
  }
  const field = `${path}.default`;
  // Inside an object, because that is what pruning and validation are made for.
  const holder = { value: structuredClone(schema.default) };
  const holderSchema: Schema = { type: 'object', properties: { value: schema } };
  prune(holder, holderSchema);
  const unknown = jsonEquals(holder.value, schema.default)
    ? []
    : [invalid(field, schema.default, 'must not have unknown fields')];
  const values = validate(holder, holderSchema).map((error) => placed(error, field, schema));
  return [...unknown, ...values];
}

function placed(error: FieldError, field: string, schema: Schema): FieldError {
  const rest = error.field.replace(/^value/, '');
  // Upstream looks at the value alone: its path is empty, and those in it begin with a dot where they are keys of maps.
  const isKey = schema.properties === undefined;
  const detail = error.detail.replace(
    /^("?)value(\.)?/,
    (_, quote: string, dot?: string) => `${quote}${isKey ? (dot ?? '') : ''}`,
  );
  return {
    ...error,
    field: error.field === '<nil>' ? field : `${field}${rest}`,
    detail,
  };
}
