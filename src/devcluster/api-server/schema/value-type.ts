import type { Json, Schema } from './schema.ts';
import { isSupportedFormat } from './formats.ts';
import { failed, noChecks, wrongType, type ValueResult } from './value-result.ts';

/** The types that a schema allows; none means any. */
export function typesOf(schema: Schema): readonly string[] {
  if (schema['x-kubernetes-int-or-string'] === true) {
    return ['integer', 'string'];
  }
  return schema.type === undefined ? [] : [schema.type];
}

/** The format of a schema, unless it is none that the API server checks for its type. */
export function formatOf(schema: Schema): string | undefined {
  const { format } = schema;
  if (format === undefined) {
    return undefined;
  }
  const types = typesOf(schema);
  const type = types.length === 1 ? types[0] : undefined;
  switch (type) {
    case undefined:
    case 'string':
      return isSupportedFormat(format) ? format : undefined;
    case 'integer':
      return format === 'int32' || format === 'int64' ? format : undefined;
    case 'number':
      return format === 'float' || format === 'double' ? format : undefined;
    default:
      return undefined;
  }
}

/** Checks a value's type; null is what only nullable schemas take. */
export function checkType(value: Json, schema: Schema, path: string): ValueResult {
  const types = typesOf(schema);
  if (value === null) {
    const isFine = types.length === 0 || schema.nullable === true;
    return isFine ? passed : failed(wrongType(path, types.join(','), 'null'));
  }
  const actual = typeOf(value);
  if (types.includes(actual.type) || (actual.type === 'integer' && types.includes('number'))) {
    return passed;
  }
  const format = formatOf(schema);
  if (format !== undefined) {
    return checkFormatted(actual, { types, format, path });
  }
  return types.length === 0 ? noChecks : failed(wrongType(path, types.join(','), actual.type));
}

/** Upstream looks at the format first: it is named in place of the type, and lists pass for strings of a format. */
function checkFormatted(
  actual: ActualType,
  expected: { readonly types: readonly string[]; readonly format: string; readonly path: string },
): ValueResult {
  const { types, format, path } = expected;
  if (actual.type !== 'string' && actual.type !== 'array') {
    return failed(wrongType(path, format, actual.format));
  }
  const isNumeric = types.includes('number') || types.includes('integer');
  return isNumeric ? failed(wrongType(path, types.join(','), actual.type)) : passed;
}

interface ActualType {
  readonly type: string;
  /** How Go holds it. */
  readonly format: string;
}

const passed: ValueResult = { errors: [], matches: 1 };

/** The JSON Schema type of a value, and the format by which Go holds it. */
function typeOf(value: Exclude<Json, null>): ActualType {
  if (typeof value === 'number') {
    // Beyond 64 bits, Go holds a whole number as a fraction, too.
    return Number.isInteger(value) && Math.abs(value) < 2 ** 63
      ? { type: 'integer', format: 'int64' }
      : { type: 'number', format: 'float64' };
  }
  if (Array.isArray(value)) {
    return { type: 'array', format: '' };
  }
  return { type: typeof value, format: '' };
}
