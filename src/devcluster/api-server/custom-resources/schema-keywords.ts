import type { FieldError } from '../field-error.ts';
import type { Json, Schema, ValidationRule } from '../schema/schema.ts';
import { forbidden, invalid, notSupported, required } from './definition-names.ts';

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const REASONS = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];
const UNSUPPORTED = [
  'id',
  'additionalItems',
  'patternProperties',
  'definitions',
  'dependencies',
  '$ref',
] as const;

/**
 * What a definition's schema may not say, keyword by keyword, apart from being structural
 * (k8s.io/apiextensions-apiserver ValidateCustomResourceDefinitionOpenAPISchema).
 */
export function keywordErrors(schema: Schema, path: string): FieldError[] {
  const children: readonly (readonly [Schema, string])[] = [
    ...(typeof schema.additionalProperties === 'object'
      ? [[schema.additionalProperties, 'additionalProperties'] as const]
      : []),
    ...Object.entries(schema.properties ?? {}).map(
      ([name, child]) => [child, `properties[${name}]`] as const,
    ),
    ...(schema.not === undefined ? [] : [[schema.not, 'not'] as const]),
    ...(['allOf', 'oneOf', 'anyOf'] as const).flatMap((union) =>
      (schema[union] ?? []).map((child, index) => [child, `${union}[${index}]`] as const),
    ),
    ...(schema.items === undefined ? [] : [[schema.items, 'items'] as const]),
  ];
  return [
    ...standardErrors(schema, path),
    ...children.flatMap(([child, name]) => keywordErrors(child, `${path}.${name}`)),
    ...collectionErrors(schema, path),
    ...(schema['x-kubernetes-validations'] ?? []).flatMap((rule, index) =>
      ruleTextErrors(rule, `${path}.x-kubernetes-validations[${index}]`),
    ),
  ];
}

function standardErrors(schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const type: string | undefined = schema.type;
  if (type !== undefined && !TYPES.includes(type)) {
    errors.push(notSupported(`${path}.type`, type, TYPES));
  }
  for (const keyword of UNSUPPORTED) {
    if ((schema as Record<string, unknown>)[keyword] !== undefined) {
      errors.push(forbidden(`${path}.${keyword}`, `${keyword} is not supported`));
    }
  }
  if (type === 'null') {
    errors.push(forbidden(`${path}.type`, 'type cannot be set to null, use nullable as an alternative'));
  }
  if (schema.uniqueItems === true) {
    const detail = 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic';
    errors.push(forbidden(`${path}.uniqueItems`, detail));
  }
  const isMap = schema.additionalProperties !== undefined && schema.additionalProperties !== true;
  if (isMap && Object.keys(schema.properties ?? {}).length > 0) {
    errors.push(
      forbidden(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'),
    );
  }
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) {
    errors.push(invalid(`${path}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined'));
  }
  return errors;
}

function collectionErrors(schema: Schema, path: string): FieldError[] {
  const listType: string | undefined = schema['x-kubernetes-list-type'];
  return [
    ...mapTypeErrors(schema, path),
    ...listTypeErrors(schema, path),
    ...(listType === 'set' ? setErrors(schema, path) : []),
    ...(listType === 'map' ? listMapErrors(schema, path) : []),
    ...(listType === 'map' || listType === 'set' ? nullableErrors(schema, path, listType) : []),
  ];
}

function mapTypeErrors(schema: Schema, path: string): FieldError[] {
  const mapType: string | undefined = schema['x-kubernetes-map-type'];
  if (mapType === undefined) {
    return [];
  }
  const allowed = ['atomic', 'granular'];
  return [
    ...typeFor(schema, path, ['object', 'x-kubernetes-map-type']),
    ...(allowed.includes(mapType) ? [] : [notSupported(`${path}.x-kubernetes-map-type`, mapType, allowed)]),
  ];
}

function listTypeErrors(schema: Schema, path: string): FieldError[] {
  const listType: string | undefined = schema['x-kubernetes-list-type'];
  const field = `${path}.x-kubernetes-list-type`;
  const allowed = ['atomic', 'set', 'map'];
  const errors: FieldError[] = [];
  if (listType !== undefined) {
    errors.push(...typeFor(schema, path, ['array', 'x-kubernetes-list-type']));
    errors.push(...(allowed.includes(listType) ? [] : [notSupported(field, listType, allowed)]));
  }
  if ((schema['x-kubernetes-list-map-keys'] ?? []).length > 0 && listType !== 'map') {
    const detail = 'must be map if x-kubernetes-list-map-keys is non-empty';
    errors.push(listType === undefined ? required(field, detail) : invalid(field, listType, detail));
  }
  return errors;
}

function typeFor(schema: Schema, path: string, [type, keyword]: readonly [string, string]): FieldError[] {
  const field = `${path}.type`;
  const detail = `must be ${type} if ${keyword} is specified`;
  if (schema.type === undefined) {
    return [required(field, detail)];
  }
  return schema.type === type ? [] : [invalid(field, schema.type, detail)];
}

function setErrors({ items, type }: Schema, path: string): FieldError[] {
  const detail = 'must be atomic as item of a list with x-kubernetes-list-type=set';
  const inner = items?.['x-kubernetes-list-type'];
  if (type === 'array' && items?.type === 'array' && inner !== undefined && inner !== 'atomic') {
    return [invalid(`${path}.items.x-kubernetes-list-type`, inner, detail)];
  }
  return type === 'array' && items?.type === 'object' && items['x-kubernetes-map-type'] !== 'atomic'
    ? [invalid(`${path}.items.x-kubernetes-map-type`, inner ?? null, detail)]
    : [];
}

function listMapErrors(schema: Schema, path: string): FieldError[] {
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const { items } = schema;
  const errors: FieldError[] = [];
  if (keys.length === 0) {
    const detail = 'must not be empty if x-kubernetes-list-type is map';
    errors.push(required(`${path}.x-kubernetes-list-map-keys`, detail));
  }
  if (items === undefined) {
    errors.push(required(`${path}.items`, 'must have a schema if x-kubernetes-list-type is map'));
    return errors;
  }
  if (items.type !== 'object') {
    const detail = "must be object if parent array's x-kubernetes-list-type is map";
    return [...errors, invalid(`${path}.items.type`, items.type ?? '', detail)];
  }
  return [...errors, ...keys.flatMap((key, index) => keyErrors(items, { key, index, keys, path }))];
}

function keyErrors(
  items: Schema,
  at: {
    readonly key: string;
    readonly index: number;
    readonly keys: readonly string[];
    readonly path: string;
  },
): FieldError[] {
  const { key, index, keys, path } = at;
  const property = items.properties?.[key];
  const all: Json = [...keys];
  const errors: FieldError[] = [];
  if (property === undefined) {
    const detail = 'entries must all be names of item properties';
    errors.push(invalid(`${path}.x-kubernetes-list-map-keys`, all, detail));
  }
  if (property?.type === 'array' || property?.type === 'object') {
    const detail = "must be a scalar type if parent array's x-kubernetes-list-type is map";
    errors.push(invalid(`${path}.items.properties[${key}].type`, 'object', detail));
  }
  if (keys.indexOf(key) < index) {
    errors.push(invalid(`${path}.x-kubernetes-list-map-keys`, all, 'must not contain duplicate entries'));
  }
  return [...errors, ...presenceErrors(items, key, `${path}.items.properties[${key}]`)];
}

/** Every item must have its keys. */
function presenceErrors(items: Schema, key: string, path: string): FieldError[] {
  const property = items.properties?.[key];
  if (property === undefined) {
    return [];
  }
  const isThere = items.required?.includes(key) === true || property.default !== undefined;
  return [
    ...(isThere
      ? []
      : [
          required(
            `${path}.default`,
            'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
          ),
        ]),
    ...(property.nullable === true
      ? [
          forbidden(
            `${path}.nullable`,
            'this property is in x-kubernetes-list-map-keys, so it cannot be nullable',
          ),
        ]
      : []),
  ];
}

function nullableErrors({ items }: Schema, path: string, listType: string): FieldError[] {
  return items?.nullable === true
    ? [forbidden(`${path}.items.nullable`, `cannot be nullable when x-kubernetes-list-type is ${listType}`)]
    : [];
}

function ruleTextErrors(rule: ValidationRule, path: string): FieldError[] {
  const { messageExpression = '', reason } = rule;
  const errors = messageErrors(rule, path);
  if (messageExpression !== '' && messageExpression.trim() === '') {
    errors.push(required(`${path}.messageExpression`, 'messageExpression must be non-empty if specified'));
  }
  if (reason !== undefined && !REASONS.includes(reason)) {
    errors.push(notSupported(`${path}.reason`, reason, REASONS));
  }
  return errors;
}

/** Of rule and message, the first thing that is wrong. */
function messageErrors({ rule, message = '' }: ValidationRule, path: string): FieldError[] {
  const text = rule.trim();
  const said = message.trim();
  if (text === '') {
    return [required(`${path}.rule`, 'rule is not specified')];
  }
  if (message !== '' && said === '') {
    return [invalid(`${path}.message`, message, 'must be non-empty if specified')];
  }
  if (/[\n\r]/.test(said)) {
    return [invalid(`${path}.message`, message, 'must not contain line breaks')];
  }
  return /[\n\r]/.test(text) && said === ''
    ? [required(`${path}.message`, 'message must be specified if rule contains line breaks')]
    : [];
}
