import type { Schema } from './schema.ts';

/** A schema of an OpenAPI v3 document, where others are referred to by name. */
export interface UnlinkedSchema {
  readonly $ref?: string;
  readonly allOf?: readonly UnlinkedSchema[];
  readonly properties?: Readonly<Record<string, UnlinkedSchema>>;
  readonly items?: UnlinkedSchema;
  readonly additionalProperties?: UnlinkedSchema | boolean;
  readonly [keyword: string]: unknown;
}

/** A schema while its properties are being filled in. */
type Growing = { -readonly [Keyword in keyof Schema]: Schema[Keyword] } & {
  properties?: Record<string, Schema>;
};

const PREFIX = '#/components/schemas/';
const INT_OR_STRING = 'int-or-string';

/** Unions that the documents leave without a type: a schema, or something that has no fields. */
const OR_SCHEMA = /JSONSchemaPropsOr(Array|Bool|StringArray)$/;

/** Puts the definitions themselves in the place of references; definitions that contain themselves become cycles. */
export function linkSchemas(
  definitions: Readonly<Record<string, UnlinkedSchema>>,
): ReadonlyMap<string, Schema> {
  const linked = new Map<string, Growing>();
  // Whoever refers to a definition shares its record of properties, which may still be empty then.
  for (const [name, definition] of Object.entries(definitions)) {
    linked.set(name, { ...ownKeywords(definition), ...(definition.properties && { properties: {} }) });
  }
  const link = (node: UnlinkedSchema): Schema => {
    const reference = node.$ref ?? node.allOf?.[0]?.$ref;
    if (reference !== undefined) {
      const name = reference.slice(PREFIX.length);
      if (OR_SCHEMA.test(name)) {
        const { type: _type, ...schema } = linked.get(name.replace(OR_SCHEMA, 'JSONSchemaProps')) ?? {};
        return schema;
      }
      const target = linked.get(name);
      if (target === undefined) {
        throw new Error(`A schema refers to '${reference}', which is not there.`);
      }
      return { ...target, ...ownKeywords(node) };
    }
    const grown: Growing = ownKeywords(node);
    fill(grown, node);
    return grown;
  };
  const fill = (target: Growing, { properties, items, additionalProperties }: UnlinkedSchema): void => {
    if (properties !== undefined) {
      target.properties ??= {};
      for (const [name, property] of Object.entries(properties)) {
        target.properties[name] = link(property);
      }
    }
    if (items !== undefined) {
      target.items = link(items);
    }
    if (additionalProperties !== undefined) {
      target.additionalProperties =
        typeof additionalProperties === 'boolean' ? additionalProperties : link(additionalProperties);
    }
  };
  for (const [name, definition] of Object.entries(definitions)) {
    fill(linked.get(name) ?? {}, definition);
  }
  return linked;
}

/**
 * All but what leads to other schemas. Kubernetes' OpenAPI says by a format what CustomResourceDefinitions say by a keyword, and
 * has objects without fields where anything may stand (FieldsV1, RawExtension).
 */
function ownKeywords(node: UnlinkedSchema): Growing {
  const { $ref: _ref, allOf: _allOf, properties: _properties, items: _items, ...rest } = node;
  const { additionalProperties, ...own } = rest;
  if (own['format'] === INT_OR_STRING) {
    const { format: _format, oneOf: _oneOf, ...described } = own;
    return { ...described, 'x-kubernetes-int-or-string': true };
  }
  const isOpen = own['type'] === undefined || own['type'] === 'object';
  const isOpaque = isOpen && node.properties === undefined && additionalProperties === undefined;
  return isOpaque && node.$ref === undefined && node.allOf === undefined && own['oneOf'] === undefined
    ? { ...own, 'x-kubernetes-preserve-unknown-fields': true }
    : own;
}
