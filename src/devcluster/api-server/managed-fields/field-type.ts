import type { Json, Schema } from '../schema/schema.ts';
import { ownField } from '../patch/json-record.ts';
import { objectMetaSchema } from './object-meta-schema.ts';

/**
 * How values at one place may look and who can own what of them (structured-merge-diff, schema.Atom): read from the OpenAPI schema as
 * kube-openapi's schemaconv reads it. A place without a type takes all three.
 */
export interface FieldType {
  readonly scalar?: ScalarKind;
  readonly list?: ListType;
  readonly map?: MapType;
}

export type ScalarKind = 'numeric' | 'string' | 'boolean' | 'untyped';

export interface ListType {
  /** Owned as a whole. */
  readonly atomic: boolean;
  /** By which items are told apart; none for a set. */
  readonly keys: readonly string[];
  readonly items: () => FieldType;
}

export interface MapType {
  /** Owned as a whole. */
  readonly atomic: boolean;
  /** The type of a field that the schema names. */
  readonly named: (field: string) => FieldType | undefined;
  /** What the schema fills in for an absent field: part of an item's key. */
  readonly defaultOf: (field: string) => Json | undefined;
  /** The type of all other fields; undefined where there may be none. */
  readonly others: () => FieldType | undefined;
}

/** Of which nothing is known: owned as a whole, whatever it is. */
const UNTYPED: FieldType = {
  scalar: 'untyped',
  list: { atomic: true, keys: [], items: () => UNTYPED },
  map: mapWithoutNames(true, () => UNTYPED),
};

/** Of which nothing is known, but fields of maps are owned one by one. */
const DEDUCED: FieldType = {
  scalar: 'untyped',
  list: { atomic: true, keys: [], items: () => UNTYPED },
  map: mapWithoutNames(false, () => DEDUCED),
};

function mapWithoutNames(atomic: boolean, others: () => FieldType): MapType {
  return { atomic, named: () => undefined, defaultOf: () => undefined, others };
}

const roots = new WeakMap<Schema, FieldType>();

/** The type of whole objects of that schema; without one, of objects of which nothing is known. */
export function objectType(schema: Schema | undefined): FieldType {
  if (schema === undefined) {
    return DEDUCED;
  }
  let type = roots.get(schema);
  if (type === undefined) {
    type = typeOf(resource(schema), false);
    roots.set(schema, type);
  }
  return type;
}

/** With the fields that every object has, also where the schema does not show them. */
function resource(schema: Schema): Schema {
  const { metadata, ...others } = schema.properties ?? {};
  return {
    ...schema,
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      ...others,
      metadata: metadata !== undefined && isResource(schema) ? metadata : objectMetaSchema,
    },
  };
}

/** Whether the schema itself says what metadata is. */
function isResource({ properties }: Schema): boolean {
  const metadata = properties?.['metadata'];
  const fields = metadata === undefined ? undefined : (referredTo(metadata) ?? metadata).properties;
  return fields !== undefined && 'labels' in fields;
}

const granular = new WeakMap<Schema, FieldType>();
const preserving = new WeakMap<Schema, FieldType>();

/** `preserves`: whether something above keeps fields that no schema names. */
function typeOf(schema: Schema, preserves: boolean): FieldType {
  const types = preserves ? preserving : granular;
  let type = types.get(schema);
  if (type === undefined) {
    type = readType(schema, preserves);
    types.set(schema, type);
  }
  return type;
}

function readType(schema: Schema, preserves: boolean): FieldType {
  const referred = referredTo(schema);
  if (referred !== undefined) {
    return typeOf(referred, preserves);
  }
  if (schema['x-kubernetes-embedded-resource'] === true && !isResource(schema)) {
    return typeOf(resource(schema), preserves);
  }
  const keeps = preserves || schema['x-kubernetes-preserve-unknown-fields'] === true;
  switch (schema.type) {
    case 'object':
      return { map: mapType(schema, keeps) };
    case 'array':
      return { list: listType(schema, keeps) };
    case undefined:
      return { scalar: 'untyped', list: listType(schema, keeps), map: mapType(schema, keeps) };
    case 'boolean':
    case 'integer':
    case 'number':
    case 'string':
      return { scalar: scalarKind(schema) };
    // No other types are known; a schema that came as JSON may have one all the same.
    default:
      return UNTYPED;
  }
}

/** OpenAPI v3 puts a description or a map type beside a reference by `allOf`. */
function referredTo({ type, properties, allOf, ...others }: Schema): Schema | undefined {
  const [only, ...more] = allOf ?? [];
  if (type !== undefined || properties !== undefined || only === undefined || more.length > 0) {
    return undefined;
  }
  const map = others['x-kubernetes-map-type'];
  return map === undefined ? only : { ...only, 'x-kubernetes-map-type': map };
}

function scalarKind({ type, format }: Schema): ScalarKind {
  if (type === 'boolean') {
    return 'boolean';
  }
  if (type === 'string') {
    return format === undefined || format === 'byte' ? 'string' : 'untyped';
  }
  return 'numeric';
}

function listType(schema: Schema, preserves: boolean): ListType {
  const { items } = schema;
  return {
    ...listOwnership(schema),
    items: () => (items === undefined ? UNTYPED : typeOf(items, preserves)),
  };
}

/** The list type, or where a schema has none, what the patch strategy says of it. */
function listOwnership(schema: Schema): Pick<ListType, 'atomic' | 'keys'> {
  const type = schema['x-kubernetes-list-type'];
  if (type !== undefined) {
    return {
      atomic: type === 'atomic',
      keys: type === 'map' ? (schema['x-kubernetes-list-map-keys'] ?? []) : [],
    };
  }
  const merges = schema['x-kubernetes-patch-strategy']?.split(',').includes('merge') ?? false;
  const key = schema['x-kubernetes-patch-merge-key'];
  return { atomic: !merges, keys: merges && key !== undefined ? [key] : [] };
}

function mapType(schema: Schema, preserves: boolean): MapType {
  const { properties, additionalProperties } = schema;
  const others = (): FieldType | undefined => {
    if (typeof additionalProperties === 'object') {
      return typeOf(additionalProperties, preserves);
    }
    const open = additionalProperties ?? (preserves || Object.keys(properties ?? {}).length === 0);
    return open ? DEDUCED : undefined;
  };
  return {
    atomic: schema['x-kubernetes-map-type'] === 'atomic',
    named(field) {
      const property = ownField(properties, field);
      return property === undefined ? undefined : typeOf(property, preserves);
    },
    defaultOf: (field) => ownField(properties, field)?.default,
    others,
  };
}

/** The type of a field of such maps, as far as there may be one. */
export function typeOfField(map: MapType, field: string): FieldType | undefined {
  return map.named(field) ?? map.others();
}

/** How a value of that type is to be walked. */
export type Shape =
  | { readonly kind: 'map'; readonly map: MapType }
  | { readonly kind: 'scalar'; readonly scalar: ScalarKind }
  | { readonly kind: 'list'; readonly list: ListType };

/** What the value is among what the type allows; for null, for nothing, and for what it does not allow, the type's first. */
export function shapeOf(type: FieldType, value: Json | undefined): Shape {
  const { map, scalar, list } = type;
  if (Array.isArray(value) && list !== undefined) {
    return { kind: 'list', list };
  }
  if (isScalar(value) && scalar !== undefined) {
    return { kind: 'scalar', scalar };
  }
  if (map !== undefined) {
    return { kind: 'map', map };
  }
  return list === undefined ? { kind: 'scalar', scalar: scalar ?? 'untyped' } : { kind: 'list', list };
}

export function isScalar(value: Json | undefined): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** Where no value is allowed: walked like anything else, for it can only be there by a schema that changed. */
export const UNKNOWN_FIELD: FieldType = DEDUCED;
