import type { Json } from '../schema/schema.ts';
import { fieldsOf, isObject } from './json-record.ts';

/** How Go's decoder names a JSON value in its errors. */
export function goKind(value: Json): string {
  if (Array.isArray(value)) {
    return 'array';
  }
  if (value === null) {
    return 'null';
  }
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** Go's %T of a decoded JSON value. */
export function goType(value: Json): string {
  if (Array.isArray(value)) {
    return '[]interface {}';
  }
  if (isObject(value)) {
    return 'map[string]interface {}';
  }
  if (typeof value === 'number') {
    return Number.isInteger(value) ? 'int64' : 'float64';
  }
  return typeof value === 'boolean' ? 'bool' : 'string';
}

/** Go's %v of a decoded JSON value: `map[a:1 b:[x y]]`. */
export function goText(value: Json | readonly Json[]): string {
  if (isList(value)) {
    return `[${value.map(goText).join(' ')}]`;
  }
  if (isObject(value)) {
    const fields = fieldsOf(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `map[${fields.map(([field, child]) => `${field}:${goText(child)}`).join(' ')}]`;
  }
  return value === null ? '<nil>' : String(value);
}

/** Go's %#v of a decoded JSON value: `map[string]interface {}{"a":1}`. */
export function goSyntax(value: Json): string {
  if (Array.isArray(value)) {
    return `${goType(value)}{${value.map(goSyntax).join(', ')}}`;
  }
  if (isObject(value)) {
    const fields = fieldsOf(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `${goType(value)}{${fields.map(([field, child]) => `${JSON.stringify(field)}:${goSyntax(child)}`).join(', ')}}`;
  }
  return value === null ? 'interface {}(nil)' : JSON.stringify(value);
}

/** `Array.isArray` does not know read-only lists. */
function isList(value: Json | readonly Json[]): value is readonly Json[] {
  return Array.isArray(value);
}
