import type { Json } from '../schema/schema.ts';
import { isObject } from '../patch/json-record.ts';
import { isScalar, type ScalarKind } from './field-type.ts';

/** Why the value is no scalar of that kind, worded as upstream words it; undefined when it is one, or null, or absent. */
export function scalarMismatch(kind: ScalarKind, value: Json | undefined): string | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  switch (kind) {
    case 'numeric':
      return typeof value === 'number' ? undefined : `expected numeric (int or float), got ${goType(value)}`;
    case 'string':
      return typeof value === 'string' ? undefined : `expected string, got ${goSyntax(value)}`;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `expected boolean, got ${goSyntax(value)}`;
    case 'untyped':
      return isScalar(value) ? undefined : `expected any scalar, got ${goSyntax(value)}`;
  }
}

/** Go's %T of a decoded JSON value. */
function goType(value: Json): string {
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

/** How Go's %v shows such a value inside its wrapper. */
export function goSyntax(value: Json): string {
  return `&value.valueUnstructured{Value:${typeof value === 'string' ? JSON.stringify(value) : shown(value)}}`;
}

function shown(value: Json): string {
  return isScalar(value) ? String(value) : `${goType(value)}${JSON.stringify(value)}`;
}
