import type { FieldError } from '../field-error.ts';
import { regularExpression } from '../schema/pattern.ts';
import type { Schema } from '../schema/schema.ts';
import { forbidden, invalid, required } from './definition-names.ts';

type Level = 'root' | 'item' | 'field';

const EMPTY_TYPE: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
};

/** What keeps a schema from being structural, in order of the words (k8s.io/apiextensions-apiserver schema/validation.go). */
export function structuralErrors(schema: Schema, path: string): FieldError[] {
  const errors = [...invariants(schema, 'root', path), ...incompleteness(schema, path)];
  return errors.sort((a, b) => compareTexts(`${a.field}: ${a.detail}`, `${b.field}: ${b.detail}`));
}

function compareTexts(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

function invariants(schema: Schema, level: Level, path: string): FieldError[] {
  const isResource = level === 'root' || schema['x-kubernetes-embedded-resource'] === true;
  const lacksItems = schema.type === 'array' && schema.items === undefined;
  return [
    ...(lacksItems ? [required(`${path}.items`, 'must be specified')] : []),
    ...below(schema, level, path),
    ...typeErrors(schema, level, path),
    ...extensionErrors(schema, path),
    ...nestedErrors(schema, path),
    ...(isResource ? [...typeMetaErrors(schema, path), ...metadataErrors(schema, level, path)] : []),
    ...(isResource && level !== 'root' ? embeddedErrors(schema, path) : []),
  ];
}

function below(schema: Schema, level: Level, path: string): FieldError[] {
  const { items, additionalProperties, properties = {} } = schema;
  const errors: FieldError[] = items === undefined ? [] : invariants(items, 'item', `${path}.items`);
  for (const [name, property] of Object.entries(properties)) {
    const isMetadata = level === 'root' && name === 'metadata';
    errors.push(...(isMetadata ? [] : invariants(property, 'field', `${path}.properties[${name}]`)));
  }
  if (additionalProperties !== undefined && level === 'root') {
    errors.push(forbidden(`${path}.additionalProperties`, 'must not be used at the root'));
  }
  if (typeof additionalProperties === 'object') {
    errors.push(...invariants(additionalProperties, 'field', `${path}.additionalProperties`));
  }
  return errors;
}

function typeErrors(schema: Schema, level: Level, path: string): FieldError[] {
  const field = `${path}.type`;
  const embedded = schema['x-kubernetes-embedded-resource'] === true;
  if (embedded && schema.type !== 'object') {
    const detail = 'must be object if x-kubernetes-embedded-resource is true';
    return [schema.type === undefined ? required(field, detail) : invalid(field, schema.type, detail)];
  }
  const isOpen =
    schema['x-kubernetes-int-or-string'] === true || schema['x-kubernetes-preserve-unknown-fields'] === true;
  if (schema.type === undefined && !isOpen) {
    return [required(field, EMPTY_TYPE[level])];
  }
  return level === 'root' && schema.type !== undefined && schema.type !== 'object'
    ? [invalid(field, schema.type, 'must be object at the root')]
    : [];
}

function extensionErrors(schema: Schema, path: string): FieldError[] {
  if (schema['x-kubernetes-int-or-string'] !== true) {
    return [];
  }
  return (['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource'] as const)
    .filter((keyword) => schema[keyword] === true)
    .map((keyword) =>
      invalid(`${path}.${keyword}`, true, 'must be false if x-kubernetes-int-or-string is true'),
    );
}

function typeMetaErrors({ properties = {} }: Schema, path: string): FieldError[] {
  return ['kind', 'apiVersion'].flatMap((name) => {
    const property = properties[name];
    return property === undefined || property.type === 'string'
      ? []
      : [invalid(`${path}.properties[${name}].type`, property.type ?? '', 'must be string')];
  });
}

function metadataErrors({ properties }: Schema, level: Level, path: string): FieldError[] {
  const metadata = properties?.['metadata'];
  if (metadata === undefined) {
    return [];
  }
  const place = `${path}.properties[metadata]`;
  const detail =
    'must not specify anything other than name and generateName, but metadata is implicitly specified';
  const isFine = level !== 'root' || restrictsOnlyNames(metadata);
  return [
    ...(metadata.type === 'object' ? [] : [invalid(`${place}.type`, metadata.type ?? '', 'must be object')]),
    ...(isFine ? [] : [forbidden(place, detail)]),
  ];
}

function embeddedErrors(schema: Schema, path: string): FieldError[] {
  if (schema.additionalProperties !== undefined) {
    return [
      forbidden(`${path}.additionalProperties`, 'must not be used if x-kubernetes-embedded-resource is set'),
    ];
  }
  const isEmpty = Object.keys(schema.properties ?? {}).length === 0;
  return isEmpty && schema['x-kubernetes-preserve-unknown-fields'] !== true
    ? [
        required(
          `${path}.properties`,
          'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
        ),
      ]
    : [];
}

function restrictsOnlyNames(metadata: Schema): boolean {
  const { type: _type, description: _description, properties = {}, default: _default, ...rest } = metadata;
  const names = Object.keys(properties);
  return Object.keys(rest).length === 0 && names.every((name) => name === 'name' || name === 'generateName');
}

/** Unions may look at values, but say nothing of the structure. */
function nestedErrors(schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (schema.pattern !== undefined && !isExpression(schema.pattern)) {
    const detail = `must be a valid regular expression, but isn't: error parsing regexp: \`${schema.pattern}\``;
    errors.push(invalid(`${path}.pattern`, schema.pattern, detail));
  }
  for (const union of ['anyOf', 'allOf', 'oneOf'] as const) {
    if (union === 'anyOf' && isIntOrString(schema)) {
      continue;
    }
    for (const [index, part] of (schema[union] ?? []).entries()) {
      const skipsTypes = union === 'allOf' && index === 0 && isIntOrString(part);
      errors.push(...valueErrors(skipsTypes ? withoutAnyOf(part) : part, `${path}.${union}[${index}]`));
    }
  }
  return schema.not === undefined ? errors : [...errors, ...valueErrors(schema.not, `${path}.not`)];
}

const STRUCTURE = {
  type: 'must be empty to be structural',
  additionalProperties: 'must be undefined to be structural',
  default: 'must be undefined to be structural',
  title: 'must be empty to be structural',
  description: 'must be empty to be structural',
  nullable: 'must be false to be structural',
  'x-kubernetes-preserve-unknown-fields': 'must be false to be structural',
  'x-kubernetes-embedded-resource': 'must be false to be structural',
  'x-kubernetes-int-or-string': 'must be false to be structural',
  'x-kubernetes-list-map-keys': 'must be empty to be structural',
  'x-kubernetes-list-type': 'must be undefined to be structural',
  'x-kubernetes-map-type': 'must be undefined to be structural',
  'x-kubernetes-validations': 'must be empty to be structural',
};

function valueErrors(schema: Schema, path: string): FieldError[] {
  const errors = Object.entries(STRUCTURE)
    .filter(([keyword]) => isSet((schema as Record<string, unknown>)[keyword]))
    .map(([keyword, detail]) => forbidden(`${path}.${keyword}`, detail));
  if (schema.items !== undefined) {
    errors.push(...valueErrors(schema.items, `${path}.items`));
  }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    errors.push(...valueErrors(property, `${path}.properties[${name}]`));
  }
  if (schema.properties?.['metadata'] !== undefined) {
    errors.push(forbidden(`${path}.properties[metadata]`, 'must not be specified in a nested context'));
  }
  return [...errors, ...nestedErrors(schema, path)];
}

function isSet(value: unknown): boolean {
  return (
    value !== undefined && value !== false && value !== '' && !(Array.isArray(value) && value.length === 0)
  );
}

function withoutAnyOf(schema: Schema): Schema {
  const { anyOf: _anyOf, ...rest } = schema;
  return rest;
}

/** The one union of types that is allowed. */
function isIntOrString({ anyOf }: Schema): boolean {
  return JSON.stringify(anyOf) === JSON.stringify([{ type: 'integer' }, { type: 'string' }]);
}

function isExpression(pattern: string): boolean {
  try {
    return regularExpression(pattern) instanceof RegExp;
  } catch {
    return false;
  }
}

/** What a union of the root speaks of must be there outside of it. As upstream, unions further down are not held to that. */
function incompleteness(schema: Schema, path: string): FieldError[] {
  return unionsOf(schema).flatMap(([part, name]) => missingIn(schema, part, { path, at: `${path}.${name}` }));
}

function unionsOf(schema: Schema): (readonly [Schema, string])[] {
  const listed = (['allOf', 'anyOf', 'oneOf'] as const).flatMap((union) =>
    (schema[union] ?? []).map((part, index) => [part, `${union}[${index}]`] as const),
  );
  return schema.not === undefined ? listed : [[schema.not, 'not'], ...listed];
}

function missingIn(
  schema: Schema,
  part: Schema,
  { path, at }: { readonly path: string; readonly at: string },
): FieldError[] {
  const errors = unionsOf(part).flatMap(([inner, name]) =>
    missingIn(schema, inner, { path, at: `${at}.${name}` }),
  );
  for (const [name, property] of Object.entries(part.properties ?? {})) {
    const own = schema.properties?.[name];
    const place = { path: `${path}.properties[${name}]`, at: `${at}.properties[${name}]` };
    errors.push(
      ...(own === undefined
        ? [required(place.path, `because it is defined in ${place.at}`)]
        : missingIn(own, property, place)),
    );
  }
  if (part.items !== undefined) {
    const place = { path: `${path}.items`, at: `${at}.items` };
    errors.push(
      ...(schema.items === undefined
        ? [required(place.path, `because it is defined in ${place.at}`)]
        : missingIn(schema.items, part.items, place)),
    );
  }
  return errors;
}
