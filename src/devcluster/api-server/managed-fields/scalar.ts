import type { Json } from '../schema/schema.ts';
import { goSyntax, goText, goType } from '../patch/go-text.ts';
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
      return typeof value === 'string'
        ? undefined
        : `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `expected boolean, got &{${goText(value)}}`;
    case 'untyped':
      return isScalar(value) ? undefined : `expected any scalar, got &{${goText(value)}}`;
  }
}
