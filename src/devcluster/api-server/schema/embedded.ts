import type { FieldError } from '../field-error.ts';
import { validateLabels } from '../metadata/validate-metadata.ts';
import { isObject } from './json.ts';
import { additionalSchema, propertySchema } from './schema-at.ts';
import type { Json, JsonObject, Schema } from './schema.ts';

/** Checks apiVersion, kind and labels of the resources that an object embeds (`x-kubernetes-embedded-resource`). */
export function validateEmbedded(object: JsonObject, schema: Schema): FieldError[] {
  return inFields(object, schema, '');
}

function inFields(object: JsonObject, schema: Schema, path: string): FieldError[] {
  const map = additionalSchema(schema);
  return Object.entries(object).flatMap(([name, value]) => {
    const property = propertySchema(schema, name);
    const known = property ?? map;
    if (value === undefined || known === undefined) {
      return [];
    }
    const place = property === undefined ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`;
    return inValue(value, known, place);
  });
}

function inValue(value: Json, schema: Schema, path: string): FieldError[] {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined
      ? []
      : value.flatMap((item, index) => inValue(item, items, `${path}[${index}]`));
  }
  if (!isObject(value)) {
    return [];
  }
  const own = schema['x-kubernetes-embedded-resource'] === true ? checkResource(value, path) : [];
  return [...own, ...inFields(value, schema, path)];
}

function checkResource(resource: JsonObject, path: string): FieldError[] {
  const { metadata } = resource;
  return [
    ...checkTypeMeta(resource, path),
    ...(isObject(metadata) ? validateLabels(metadata['labels'], `${path}.metadata.labels`) : []),
  ];
}

function checkTypeMeta(resource: JsonObject, path: string): FieldError[] {
  return (['apiVersion', 'kind'] as const).flatMap((name): FieldError[] => {
    const field = `${path}.${name}`;
    const value = resource[name];
    if (value === undefined) {
      return [{ reason: 'FieldValueRequired', field, detail: '' }];
    }
    const detail = typeof value === 'string' ? wrongName(name, value) : 'must be a string';
    return detail === undefined ? [] : [{ reason: 'FieldValueInvalid', field, value, detail }];
  });
}

const DNS_LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

function wrongName(name: 'apiVersion' | 'kind', value: string): string | undefined {
  if (value === '') {
    return 'must not be empty';
  }
  if (name === 'apiVersion') {
    return value.split('/').length > 2 ? `unexpected GroupVersion string: ${value}` : undefined;
  }
  return DNS_LABEL.test(value.toLowerCase()) && value.length <= 63 ? undefined : NO_KIND;
}

const NO_KIND =
  "may have mixed case, but should otherwise match: a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
