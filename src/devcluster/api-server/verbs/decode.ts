import { parse as parseYaml } from 'yaml';
import { decodeProtobuf } from '../protobuf/decode.ts';
import { invalidValue } from '../field-errors.ts';
import { builtinResources } from '../resources/builtin-resources.ts';
import { groupVersionOf, type Resource } from '../resources/resource.ts';
import { isObject } from '../schema/json.ts';
import { prune } from '../schema/prune.ts';
import type { Json, JsonObject } from '../schema/schema.ts';
import { badRequest, invalid, unsupportedMediaType } from '../status.ts';
import type { WriteOptions } from './write-options.ts';

const ACCEPTED = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';

/** The media type without its parameters. */
export function mediaTypeOf(contentType: string | undefined): string {
  return (contentType ?? 'application/json').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/**
 * Reads a body as JSON or YAML.
 * @throws StatusError 400 or 415
 */
export function decodeBody(
  body: Buffer,
  contentType: string | undefined,
  { kind, custom = false }: Pick<Resource, 'kind'> & { readonly custom?: boolean },
): JsonObject {
  const mediaType = mediaTypeOf(contentType);
  if (mediaType === 'application/vnd.kubernetes.protobuf') {
    return decodeProtobuf(body);
  }
  const text = body.toString('utf8');
  let value: Json;
  try {
    value = decodeText(text, mediaType);
  } catch (error) {
    if (error instanceof SyntaxError || (error as Error).name === 'YAMLParseError') {
      throw unrecognised(kind, text, goJsonError(text, (error as Error).message));
    }
    throw error;
  }
  if (value === null) {
    return nothing({ kind, custom });
  }
  if (!isObject(value)) {
    throw unrecognised(
      kind,
      text,
      `json: cannot unmarshal ${jsonKind(value)} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    );
  }
  return value;
}

/** Go takes `null` for an object without fields, which a custom resource may not be. */
function nothing({ kind, custom }: { kind: string; custom: boolean }): JsonObject {
  if (custom) {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${kind}): Object 'Kind' is missing in 'null' (6e756c6c)`,
    );
  }
  return {};
}

function unrecognised(kind: string, text: string, why: string): Error {
  const shown = text.length > 30 ? `${text.slice(0, 30)} ...` : shortText(text);
  return badRequest(
    `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${why} (${shown})`,
  );
}

function shortText(text: string): string {
  if (text === '') {
    return '<empty>';
  }
  return text.startsWith('{') ? text : Buffer.from(text).toString('hex');
}

function decodeText(text: string, mediaType: string): Json {
  switch (mediaType) {
    case 'application/json':
      return JSON.parse(text) as Json;
    case 'application/yaml':
      return parseYaml(text) as Json;
    default:
      throw unsupportedMediaType(
        `the body of the request was in an unknown format - accepted media types include: ${ACCEPTED}`,
      );
  }
}

/** The errors that people see most, as Go words them. */
export function goJsonError(text: string, message: string): string {
  const position = /at position (\d+)/.exec(message)?.[1];
  const isShort = position !== undefined && Number(position) >= text.trimEnd().length;
  if (text.trim() === '' || isShort || /end of JSON|Unterminated/.test(message)) {
    return 'unexpected end of JSON input';
  }
  return message.includes('after JSON') && position !== undefined
    ? `invalid character '${text.charAt(Number(position))}' after top-level value`
    : message;
}

export function jsonKind(value: Json | undefined): string {
  if (Array.isArray(value)) {
    return 'array';
  }
  return value === null ? 'null' : typeof value === 'boolean' ? 'bool' : typeof value;
}

/**
 * Sees that the object is of the resource's version and kind, both of which a built-in kind may leave out.
 * @throws StatusError 400
 */
export function checkKind(object: JsonObject, resource: Resource): void {
  const { kind, custom } = resource;
  const groupVersion = groupVersionOf(resource);
  const given = textOf(object['kind']);
  const givenVersion = textOf(object['apiVersion']);
  if (custom) {
    checkCustomKind(object, resource, { given, givenVersion });
    return;
  }
  const name = given === '' ? kind : given;
  const version = givenVersion === '' ? groupVersion : givenVersion;
  if (name === kind && version === groupVersion) {
    object['kind'] = kind;
    object['apiVersion'] = groupVersion;
    return;
  }
  const isKnown = builtinResources.some((known) => known.kind === name && groupVersionOf(known) === version);
  const internal = `${(resource.group === '' ? 'core' : resource.group.split('.', 1)[0]) ?? ''}.${kind}`;
  const why = isKnown
    ? `converting (${version.split('/').at(-1) ?? ''}.${name}) to (${internal}): unknown conversion`
    : `no kind ${JSON.stringify(name)} is registered for version ${JSON.stringify(version)} in scheme "pkg/runtime/scheme.go:111"`;
  const shortVersion = version.split('/').at(-1) ?? '';
  throw badRequest(
    `${name} in version ${JSON.stringify(shortVersion)} cannot be handled as a ${kind}: ${why}`,
  );
}

function checkCustomKind(
  object: JsonObject,
  { kind, group, version }: Resource,
  { given, givenVersion }: { given: string; givenVersion: string },
): void {
  const groupVersion = groupVersionOf({ group, version });
  if (given === '') {
    const text = JSON.stringify(object);
    const shown = text.length > 30 ? `${text.slice(0, 30)} ...` : text;
    throw badRequest(
      `the object provided is unrecognized (must be of type ${kind}): Object 'Kind' is missing in '${text}' (${shown})`,
    );
  }
  if (givenVersion !== groupVersion) {
    throw badRequest(
      `the API version in the data (${givenVersion}) does not match the expected API version (${groupVersion})`,
    );
  }
  if (given !== kind) {
    const name = isObject(object['metadata']) ? textOf(object['metadata']['name']) : '';
    throw invalid({ group, kind: given }, name, [invalidValue('kind', given, `must be ${kind}`)]);
  }
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** Of another version of a definition, nothing is known when an object is read. */
export function warnOfOtherVersion(
  object: JsonObject,
  { group, version }: Resource,
  { options, warnings }: { options: WriteOptions; warnings: string[] },
): void {
  const [givenGroup, givenVersion = version] = textOf(object['apiVersion']).split('/', 2);
  if (givenGroup === group && givenVersion !== version && options.fieldValidation === 'Warn') {
    const unknown = Object.keys(object).filter((name) => !['apiVersion', 'kind', 'metadata'].includes(name));
    warnings.push(...unknown.map((name) => `unknown field ${JSON.stringify(name)}`));
  }
}

/**
 * Drops the fields that the schema does not know and says so, as `fieldValidation` wants it.
 * @throws StatusError 400 under Strict
 */
export function dropUnknownFields(
  object: JsonObject,
  resource: Resource,
  { options, warnings }: { options: WriteOptions; warnings: string[] },
): void {
  const unknown = resource.schema === undefined ? [] : prune(object, resource.schema);
  const ordered = resource.custom ? unknown.sort() : unknown;
  const messages = ordered.map((path) => `unknown field ${JSON.stringify(path)}`);
  if (messages.length === 0 || options.fieldValidation === 'Ignore') {
    return;
  }
  if (options.fieldValidation === 'Strict') {
    throw badRequest(
      `${resource.kind} in version ${JSON.stringify(resource.version)} cannot be handled as a ${resource.kind}: strict decoding error: ${messages.join(', ')}`,
    );
  }
  warnings.push(...messages);
}
