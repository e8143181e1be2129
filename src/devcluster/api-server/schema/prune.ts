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
  pruneObject(object, schema, { isResource: true, path: () => '', dropped });
  return dropped;
}

interface Place {
  /** Whether the value is a whole object: the root, or an embedded resource. */
  readonly isResource: boolean;
  /** Asked for only where something is dropped: most objects have nothing to drop. */
  readonly path: () => string;
  readonly dropped: string[];
}

function pruneValue(value: Json | undefined, schema: Schema | undefined, place: Place): void {
  if (Array.isArray(value)) {
    const preserve = schema?.['x-kubernetes-preserve-unknown-fields'] === true;
    if (preserve && schema.items === undefined) {
      return;
    }
    value.forEach((item, index) => {
      pruneValue(
        item,
        schema?.items,
        below(place, schema?.items, () => `${place.path()}[${index}]`),
      );
    });
  } else if (isObject(value)) {
    pruneObject(value, schema, place);
  }
}

function pruneObject(value: JsonObject, schema: Schema | undefined, place: Place): void {
  const preserve = schema?.['x-kubernetes-preserve-unknown-fields'] === true;
  for (const name of Object.keys(value)) {
    const own = propertySchema(schema, name) ?? additionalSchema(schema);
    const known = own ?? (place.isResource && name === 'metadata' ? objectMetaSchema() : undefined);
    const field = value[name];
    if (known !== undefined) {
      // Half of all fields are texts and numbers, which hold nothing to drop.
      if (typeof field === 'object') {
        pruneValue(
          field,
          known,
          below(place, known, () => fieldPath(place, name)),
        );
      }
    } else if (!isKept(name, { isResource: place.isResource, preserve, schema })) {
      place.dropped.push(fieldPath(place, name));
      Reflect.deleteProperty(value, name);
    }
  }
}

function fieldPath(place: Place, name: string): string {
  const parent = place.path();
  return parent === '' ? name : `${parent}.${name}`;
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

function below({ dropped }: Place, schema: Schema | undefined, path: () => string): Place {
  return { isResource: schema?.['x-kubernetes-embedded-resource'] === true, path, dropped };
}
