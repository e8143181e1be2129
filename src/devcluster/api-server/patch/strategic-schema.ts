import type { Schema } from '../schema/schema.ts';
import { objectMetaSchema } from '../managed-fields/object-meta-schema.ts';
import { ownField } from './json-record.ts';

/** What a schema says of patches at one place. Where it says nothing, objects are merged and lists replaced. */
export interface PatchRules {
  readonly schema: Schema | undefined;
  /** Lists: merge instead of replace. */
  readonly merges: boolean;
  /** Objects: replace instead of merge. */
  readonly replaces: boolean;
  /** By which field the items of a list are told apart; none for plain values. */
  readonly mergeKey: string | undefined;
}

/** The rules for a field of objects of that schema. */
export function fieldRules(schema: Schema | undefined, field: string): PatchRules {
  const property = propertyOf(schema, field);
  const strategies = property?.['x-kubernetes-patch-strategy']?.split(',') ?? [];
  return {
    schema: property,
    merges: strategies.includes('merge'),
    replaces: strategies.includes('replace'),
    mergeKey: property?.['x-kubernetes-patch-merge-key'],
  };
}

/** The schema of the items of a list. */
export function itemSchema(schema: Schema | undefined): Schema | undefined {
  return schema === undefined ? undefined : resolved(schema).items;
}

function propertyOf(schema: Schema | undefined, field: string): Schema | undefined {
  if (schema === undefined) {
    return undefined;
  }
  const { properties, additionalProperties } = resolved(schema);
  const others = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  const property = ownField(properties, field) ?? others;
  return property === undefined ? undefined : withOwnRules(property);
}

/** A reference stands in `allOf`; what stands beside it belongs to the place, not to what is referred to. */
function withOwnRules(property: Schema): Schema {
  const target = resolved(property);
  return target === property ? property : { ...target, ...withoutReference(property) };
}

function withoutReference({ allOf: _, ...rules }: Schema): Schema {
  return rules;
}

function resolved(schema: Schema): Schema {
  const [only, ...more] = schema.allOf ?? [];
  const refers = schema.properties === undefined && schema.items === undefined && more.length === 0;
  return refers && only !== undefined ? resolved(only) : schema;
}

/** A schema whose metadata is what every object has, in case it does not say. */
export function withObjectMeta(schema: Schema): Schema {
  const metadata = propertyOf(schema, 'metadata');
  return metadata?.properties?.['labels'] === undefined
    ? { ...schema, properties: { ...schema.properties, metadata: objectMetaSchema } }
    : schema;
}
