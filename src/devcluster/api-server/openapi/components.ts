import type { Resource } from '../resources/resource.ts';
import { builtinSchemas } from '../schema/builtin-schemas.ts';
import { isObject } from '../schema/json.ts';
import type { Json, JsonObject, Schema } from '../schema/schema.ts';

const PREFIX = '#/components/schemas/';
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';

/** The schemas of the resources' kinds and lists, and all that these refer to. */
export function componentsOf(resources: readonly Resource[]): JsonObject {
  const components: JsonObject = {};
  for (const resource of resources) {
    const name = schemaName(resource);
    if (resource.custom) {
      components[name] = customSchema(resource);
    } else {
      addBuiltin(components, name);
    }
    components[`${name}List`] = listSchema(resource, name);
  }
  for (const name of ['ObjectMeta', 'ListMeta', 'DeleteOptions']) {
    addBuiltin(components, `${META}.${name}`);
  }
  return components;
}

/** Under which a kind's schema is found: a built-in one's Go package, a custom one's group from the end. */
export function schemaName({ group, version, kind, custom }: Resource): string {
  const reversed = `${group.split('.').reverse().join('.')}.${version}.${kind}`;
  return custom ? reversed : (builtinSchemas().kinds[`${group}/${version}/${kind}`] ?? reversed);
}

function addBuiltin(components: JsonObject, name: string): void {
  const definition = builtinSchemas().definitions[name];
  if (definition === undefined || components[name] !== undefined) {
    return;
  }
  const json = definition as JsonObject;
  components[name] = json;
  for (const reference of references(json)) {
    addBuiltin(components, reference);
  }
}

function references(value: Json | undefined): string[] {
  if (Array.isArray(value)) {
    return value.flatMap(references);
  }
  return isObject(value)
    ? Object.entries(value).flatMap(([name, inner]) =>
        name === '$ref' && typeof inner === 'string' ? [inner.slice(PREFIX.length)] : references(inner),
      )
    : [];
}

function customSchema(resource: Resource): JsonObject {
  const { metadata, ...properties } = resource.schema?.properties ?? {};
  const described = metadata?.description === undefined ? {} : { description: metadata.description };
  return {
    ...published({ ...resource.schema, properties: {} }),
    properties: { ...publishedFields(properties), metadata: { ...described, ...reference('ObjectMeta') } },
    ...kindOf(resource, resource.kind),
  };
}

/** What clients see of a custom schema: what may be an integer or a string says so in plain OpenAPI too. */
function published(schema: Schema): JsonObject {
  const { properties, items, additionalProperties, ...own } = schema;
  return {
    ...(own as JsonObject),
    ...(schema['x-kubernetes-int-or-string'] === true && {
      anyOf: [{ type: 'integer' }, { type: 'string' }],
    }),
    ...(items !== undefined && { items: published(items) }),
    ...(additionalProperties !== undefined && {
      additionalProperties:
        typeof additionalProperties === 'boolean' ? additionalProperties : published(additionalProperties),
    }),
    ...(properties !== undefined && { properties: publishedFields(properties) }),
  };
}

function publishedFields(properties: Readonly<Record<string, Schema>>): JsonObject {
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [name, published(property)]),
  );
}

function listSchema(resource: Resource, name: string): JsonObject {
  const text = { type: 'string' };
  return {
    description: `${resource.listKind} is a list of ${resource.kind}`,
    type: 'object',
    required: ['items'],
    properties: {
      apiVersion: text,
      kind: text,
      items: { type: 'array', items: { allOf: [{ $ref: `${PREFIX}${name}` }] } },
      metadata: reference('ListMeta'),
    },
    ...kindOf(resource, resource.listKind),
  };
}

function reference(name: string): JsonObject {
  return { allOf: [{ $ref: `${PREFIX}${META}.${name}` }] };
}

function kindOf({ group, version }: Resource, kind: string): JsonObject {
  return { 'x-kubernetes-group-version-kind': [{ group, version, kind }] };
}
