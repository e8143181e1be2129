import { isObject } from '../schema/json.ts';
import type { Json, JsonObject, Schema } from '../schema/schema.ts';
import { additionalSchema, propertySchema } from '../schema/schema-at.ts';
import { badRequest } from '../status.ts';
import { jsonKind } from './decode.ts';

/**
 * Sees that every value of a built-in object has the type that its field has, as Go's decoder does before anything is
 * validated.
 * @throws StatusError 400 in Go's words
 */
export function checkTypes(
  object: JsonObject,
  schema: Schema,
  kind: { kind: string; version: string },
): void {
  const problem = mismatch(object, schema, { path: [], struct: kind.kind });
  if (problem !== undefined) {
    throw badRequest(
      `${kind.kind} in version ${JSON.stringify(kind.version)} cannot be handled as a ${kind.kind}: ${problem}`,
    );
  }
}

interface Place {
  readonly path: readonly string[];
  /** The Go type around the field. */
  readonly struct: string;
}

function mismatch(value: Json | undefined, schema: Schema | undefined, place: Place): string | undefined {
  if (value === null || value === undefined || schema?.type === undefined || isFree(schema)) {
    return undefined;
  }
  switch (schema.type) {
    case 'object':
      return isObject(value) ? inObject(value, schema, place) : wrongType(value, schema, place);
    case 'array':
      return Array.isArray(value)
        ? first(value, (item) => mismatch(item, schema.items, place))
        : wrongType(value, schema, place);
    case 'integer':
    case 'number':
      return isNumberFor(schema, value) ? undefined : wrongType(value, schema, place);
    case 'string':
      return typeof value === 'string' ? wrongText(value, schema) : wrongType(value, schema, place);
    case 'boolean':
      return typeof value === 'boolean' ? undefined : wrongType(value, schema, place);
  }
}

/** Quantities and ports may be numbers or texts. */
function isFree(schema: Schema): boolean {
  return (
    schema['x-kubernetes-int-or-string'] === true ||
    schema.format === 'int-or-string' ||
    schema.oneOf !== undefined
  );
}

function isNumberFor({ type, format }: Schema, value: Json): boolean {
  return (
    typeof value === 'number' &&
    (type === 'number' || (Number.isInteger(value) && (format !== 'int32' || Math.abs(value) < 2 ** 31)))
  );
}

function inObject(object: JsonObject, schema: Schema, place: Place): string | undefined {
  const isStruct = schema.properties !== undefined;
  const struct = isStruct ? structName(place) : place.struct;
  return first(Object.entries(object), ([name, value]) => {
    const known = propertySchema(schema, name) ?? additionalSchema(schema);
    return mismatch(value, known, { path: isStruct ? [...place.path, name] : place.path, struct });
  });
}

/** Go types whose names do not follow from the field's. */
const STRUCTS: Readonly<Record<string, string>> = {
  metadata: 'ObjectMeta',
  ports: 'ContainerPort',
  env: 'EnvVar',
  resources: 'ResourceRequirements',
  selector: 'LabelSelector',
  template: 'PodTemplateSpec',
};

function structName({ path, struct }: Place): string {
  const field = path.at(-1);
  if (field === undefined) {
    return struct;
  }
  if (field === 'spec' || field === 'status') {
    return struct.endsWith('TemplateSpec') ? 'PodSpec' : `${struct}${capital(field)}`;
  }
  return STRUCTS[field] ?? capital(field.replace(/ies$/, 'y').replace(/s$/, ''));
}

function capital(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

function wrongType(value: Json, schema: Schema, { path, struct }: Place): string {
  const isFraction = typeof value === 'number' && (schema.type === 'integer' || schema.type === 'number');
  const given = isFraction ? `number ${value}` : jsonKind(value);
  return `json: cannot unmarshal ${given} into Go struct field ${struct}.${path.join('.')} of type ${goType(schema, path)}`;
}

function goType(schema: Schema | undefined, path: readonly string[]): string {
  switch (schema?.type) {
    case 'integer':
      return schema.format ?? 'int64';
    case 'number':
      return 'float64';
    case 'boolean':
      return 'bool';
    case 'array':
      return `[]${goType(schema.items, path)}`;
    case 'object':
      return schema.properties === undefined
        ? `map[string]${goType(additionalSchema(schema), path)}`
        : `v1.${structName({ path, struct: '' })}`;
    default:
      return schema?.format === 'byte' ? '[]uint8' : 'string';
  }
}

/** RFC 3339; a MicroTime has exactly six digits after the point. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

function wrongText(text: string, { format }: Schema): string | undefined {
  if (format === 'byte') {
    const good = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(
      text.replace(/[\r\n]/g, ''),
    );
    return good ? undefined : `illegal base64 data at input byte ${firstBadByte(text)}`;
  }
  if (format === 'date-time' && !TIME.test(text)) {
    return `parsing time ${JSON.stringify(text)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(text)} as "2006"`;
  }
  return undefined;
}

function firstBadByte(text: string): number {
  const bad = text.search(/[^A-Za-z0-9+/=]/);
  return bad < 0 ? text.length - (text.length % 4) + Math.max(0, (text.length % 4) - 1) : bad;
}

function first<T>(items: Iterable<T>, find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}
