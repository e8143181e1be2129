import type { FieldError } from '../field-error.ts';
import { hasFormat } from './formats.ts';
import { jsonEquals } from './json.ts';
import { regularExpression } from './pattern.ts';
import type { Json, Schema } from './schema.ts';
import { failed, fieldOf, invalid, noChecks, unplaced, wrongType, type ValueResult } from './value-result.ts';
import { formatOf, typesOf } from './value-type.ts';

/** Length and pattern; only the first that does not hold is reported. Lengths are in characters, not in UTF-16 units. */
export function checkString(value: string, schema: Schema, path: string): ValueResult {
  const length = Array.from(value).length;
  if (schema.maxLength !== undefined && length > schema.maxLength) {
    return failed({
      reason: 'FieldValueTooLong',
      field: fieldOf(path),
      detail: `may not be more than ${schema.maxLength} ${schema.maxLength === 1 ? 'byte' : 'bytes'}`,
    });
  }
  if (schema.minLength !== undefined && length < schema.minLength) {
    return failed(invalid(path, value, `should be at least ${schema.minLength} chars long`));
  }
  if (schema.pattern !== undefined && schema.pattern !== '') {
    const expression = regularExpression(schema.pattern);
    if (!expression.test(value)) {
      return failed(invalid(path, value, `should match '${schema.pattern}'`));
    }
  }
  return noChecks;
}

export function checkFormat(value: string, schema: Schema, path: string): ValueResult {
  const format = formatOf(schema);
  return format === undefined || hasFormat(value, format) ? noChecks : failed(wrongType(path, format, value));
}

const INT32 = { least: -(2 ** 31), most: 2 ** 31 - 1 };
const FLOAT32_MOST = 3.4028234663852886e38;

/** Range of the format, multiple, bounds. */
export function checkNumber(value: number, schema: Schema, path: string): ValueResult {
  const errors: FieldError[] = [];
  if (!isInRange(value, schema)) {
    const format = formatOf(schema);
    const type = `${typesOf(schema)[0] ?? ''}${format === undefined ? ' (default format)' : ` with format ${format}`}`;
    errors.push(unplaced(`Checked value must be of type ${type} in ${path}`));
  }
  // Bounds of integers are compared as integers.
  const bound = (limit: number): number => (Number.isInteger(value) ? Math.trunc(limit) : limit);
  errors.push(...checkMultiple(value, schema, path));
  if (schema.maximum !== undefined) {
    const most = bound(schema.maximum);
    const exclusive = schema.exclusiveMaximum === true;
    if (exclusive ? value >= most : value > most) {
      errors.push(
        invalid(path, value, `should be less than ${exclusive ? '' : 'or equal to '}${goNumber(most)}`),
      );
    }
  }
  if (schema.minimum !== undefined) {
    const least = bound(schema.minimum);
    const exclusive = schema.exclusiveMinimum === true;
    if (exclusive ? value <= least : value < least) {
      errors.push(
        invalid(path, value, `should be greater than ${exclusive ? '' : 'or equal to '}${goNumber(least)}`),
      );
    }
  }
  return { errors, matches: 1 };
}

function isInRange(value: number, schema: Schema): boolean {
  if (typesOf(schema).length !== 1) {
    return true;
  }
  switch (formatOf(schema)) {
    case 'int32':
      return Number.isInteger(value) && value >= INT32.least && value <= INT32.most;
    case 'float':
      return Math.abs(value) <= FLOAT32_MOST;
    case undefined:
    default:
      return true;
  }
}

function checkMultiple(value: number, schema: Schema, path: string): FieldError[] {
  if (schema.multipleOf === undefined) {
    return [];
  }
  const factor = Number.isInteger(value) ? Math.trunc(schema.multipleOf) : schema.multipleOf;
  if (factor <= 0) {
    const detail = `factor MultipleOf declared for ${path} must be positive: ${goNumber(factor)}`;
    return [{ reason: 'FieldValueInvalid', field: fieldOf(path), value: factor, detail }];
  }
  const quotient = factor < 1 ? (1 / factor) * value : value / factor;
  const isMultiple =
    Math.abs(quotient) < 2 ** 63 &&
    Math.abs(quotient - Math.round(quotient)) < 1e-9 * Math.max(1, Math.abs(quotient));
  return isMultiple ? [] : [invalid(path, value, `should be a multiple of ${goNumber(factor)}`)];
}

/** A number as Go's %v prints it: as JavaScript does, but for small ones, which get an exponent of two digits from 1e-05 on. */
function goNumber(value: number): string {
  if (value === 0 || Math.abs(value) >= 1e-4) {
    return String(value);
  }
  const [digits = '', exponent = ''] = value.toExponential().split('e-');
  return `${digits}e-${exponent.padStart(2, '0')}`;
}

/** Null never equals an allowed null: upstream compares values of a Go type, and null has none. */
export function checkEnum(value: Json, schema: Schema, path: string): ValueResult {
  const allowed = schema.enum;
  if (allowed === undefined || allowed.length === 0) {
    return noChecks;
  }
  if (value !== null && allowed.some((one) => jsonEquals(one, value))) {
    return noChecks;
  }
  const quoted = allowed.map((one) => JSON.stringify(typeof one === 'string' ? one : JSON.stringify(one)));
  return failed({
    reason: 'FieldValueNotSupported',
    field: fieldOf(path),
    value,
    detail: `supported values: ${quoted.join(', ')}`,
  });
}
