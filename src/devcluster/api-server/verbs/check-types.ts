import { parseQuantity } from '../../../api/quantity.ts';
import { objectMetaSchema } from '../schema/builtin-schemas.ts';
import { textOf } from '../json-text.ts';
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

/** {@link checkTypes} for the metadata of a custom resource. @throws StatusError 400 */
export function checkMetadataTypes(object: JsonObject, { kind }: { kind: string }): void {
  const { metadata } = object;
  const problem =
    metadata === undefined || metadata === null || isObject(metadata)
      ? mismatch(metadata, objectMetaSchema(), { path: [], struct: 'ObjectMeta' })
      : `json: cannot unmarshal ${jsonKind(metadata)} into Go value of type v1.ObjectMeta`;
  if (problem !== undefined) {
    const version = textOf(object['apiVersion']).split('/').at(-1) ?? '';
    throw badRequest(
      `${textOf(object['kind'])} in version ${JSON.stringify(version)} cannot be handled as a ${kind}: ${problem}`,
    );
  }
}

interface Place {
  readonly path: readonly string[];
  /** The Go type around the field. */
  readonly struct: string;
}

function mismatch(value: Json | undefined, schema: Schema | undefined, place: Place): string | undefined {
  if (value === null || value === undefined || schema === undefined) {
    return undefined;
  }
  if (isIntOrString(schema) || schema.oneOf !== undefined) {
    return isIntOrString(schema) ? undefined : wrongQuantity(value);
  }
  return wrongValue(value, schema, place);
}

function wrongValue(value: Json, schema: Schema, place: Place): string | undefined {
  if (isObject(value) && schema.type === 'object') {
    return inObject(value, schema, place);
  }
  if (Array.isArray(value) && schema.type === 'array') {
    return first(value, (item) => mismatch(item, schema.items, place));
  }
  if (typeof value === 'string' && schema.type === 'string') {
    return wrongText(value, schema, PRECISE_TIMES.has(place.path.at(-1) ?? ''));
  }
  return fits(value, schema) ? undefined : wrongType(value, schema, place);
}

function fits(value: Json, schema: Schema): boolean {
  return (
    schema.type === undefined ||
    (schema.type === 'boolean' && typeof value === 'boolean') ||
    isNumberFor(schema, value)
  );
}

/** Ports may be numbers or names. */
function isIntOrString(schema: Schema): boolean {
  return schema['x-kubernetes-int-or-string'] === true || schema.format === 'int-or-string';
}

/** Built-in schemas leave no other choice between a text and a number. */
function wrongQuantity(value: Json): string | undefined {
  if (typeof value === 'string' || typeof value === 'number') {
    try {
      parseQuantity(value);
      return undefined;
    } catch {
      // Said below, in upstream's words.
    }
  }
  return "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
}

function isNumberFor({ type, format }: Schema, value: Json): boolean {
  return (
    typeof value === 'number' &&
    (type === 'number' ||
      (type === 'integer' && Number.isInteger(value) && (format !== 'int32' || Math.abs(value) < 2 ** 31)))
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
  const { type, format, items, properties } = schema ?? {};
  if (type === 'object') {
    return properties === undefined
      ? `map[string]${goType(additionalSchema(schema), path)}`
      : `v1.${structName({ path, struct: '' })}`;
  }
  if (type === 'array') {
    return `[]${goType(items, path)}`;
  }
  if (type === 'integer') {
    return format ?? 'int64';
  }
  const scalars: Readonly<Record<string, string>> = { number: 'float64', boolean: 'bool' };
  return scalars[type ?? ''] ?? (format === 'byte' ? '[]uint8' : 'string');
}

/** Fields of the type MicroTime. */
const PRECISE_TIMES = new Set(['acquireTime', 'renewTime', 'eventTime', 'lastObservedTime']);

/** RFC 3339; a MicroTime has exactly six digits after the point. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

function wrongText(text: string, { format }: Schema, precise: boolean): string | undefined {
  if (format === 'byte') {
    const good = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(
      text.replace(/[\r\n]/g, ''),
    );
    return good ? undefined : `illegal base64 data at input byte ${firstBadByte(text)}`;
  }
  return format === 'date-time' ? wrongTime(text, precise) : undefined;
}

/** Objections to a time in the words of Go's parser, which tells how far it came. */
function wrongTime(text: string, precise: boolean): string | undefined {
  const layout = `2006-01-02T15:04:05${precise ? '.000000' : ''}Z07:00`;
  const failed = (rest: string, part: string): string =>
    `parsing time ${JSON.stringify(text)} as "${layout}": cannot parse ${JSON.stringify(rest)} as "${part}"`;
  if (!TIME.test(text)) {
    return failed(text, '2006');
  }
  const rest = text.slice('2006-01-02T15:04:05'.length);
  return precise && !/^\.\d{6}/.test(rest) ? failed(rest, '.000000') : undefined;
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
