import { additionalSchema, propertySchema } from './schema-at.ts';
import type { Json, JsonObject, Schema } from './schema.ts';
import { isObject } from './json.ts';
import { objectMetaSchema } from './builtin-schemas.ts';

/** What every object has, whether its schema says so or not. */
const TYPE_AND_METADATA: readonly string[] = ['apiVersion', 'kind', 'metadata'];

/**
 * Drops from `object`, which is the caller's own copy, every field that its schema does not know, as
 * k8s.io/apiextensions-apiserver `schema/pruning` does: `x-kubernetes-preserve-unknown-fields` keeps a subtree except for what
 * its schema does describe, and an embedded resource keeps its apiVersion, kind and metadata.
 * @returns the paths of what was dropped, in the order of the object, such as `spec.template.spec.containers[0].imag`
 */
export function prune(object: JsonObject, schema: Schema): string[] {
  const dropped: string[] = [];
  pruneObject({ value: object, schema, path: '', dropped, isResource: true });
  return dropped;
}

interface Visit<Value> {
  readonly value: Value;
  readonly schema: Schema | undefined;
  readonly path: string;
  readonly dropped: string[];
  /** Whether the value is a whole object: the root, or an embedded resource. */
  readonly isResource: boolean;
}

function pruneValue(visit: Visit<Json | undefined>): void {
  const { value, schema } = visit;
  if (Array.isArray(value)) {
    const preserve = schema?.['x-kubernetes-preserve-unknown-fields'] === true;
    if (preserve && schema.items === undefined) {
      return;
    }
    for (const [index, item] of value.entries()) {
      pruneValue({ ...child(visit, schema?.items), value: item, path: `${visit.path}[${index}]` });
    }
  } else if (isObject(value)) {
    pruneObject({ ...visit, value });
  }
}

function pruneObject(visit: Visit<JsonObject>): void {
  const { value, schema, path, dropped, isResource } = visit;
  const preserve = schema?.['x-kubernetes-preserve-unknown-fields'] === true;
  for (const [name, field] of Object.entries(value)) {
    const own = propertySchema(schema, name) ?? additionalSchema(schema);
    const known = own ?? (isResource && name === 'metadata' ? objectMetaSchema() : undefined);
    if (known !== undefined) {
      pruneValue({ ...child(visit, known), value: field, path: path === '' ? name : `${path}.${name}` });
    } else if (!isKept(name, { isResource, preserve, schema })) {
      dropped.push(path === '' ? name : `${path}.${name}`);
      Reflect.deleteProperty(value, name);
    }
  }
}

function isKept(
  name: string,
  at: { isResource: boolean; preserve: boolean; schema: Schema | undefined },
): boolean {
  return (
    at.preserve ||
    at.schema?.additionalProperties === true ||
    (at.isResource && TYPE_AND_METADATA.includes(name))
  );
}

function child(parent: Visit<unknown>, schema: Schema | undefined): Omit<Visit<never>, 'value' | 'path'> {
  return { schema, dropped: parent.dropped, isResource: schema?.['x-kubernetes-embedded-resource'] === true };
}
