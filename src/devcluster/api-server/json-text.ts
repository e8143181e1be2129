import type { Json } from './schema/schema.ts';

/** A value as text: a string as it is, nothing as the empty string, anything else as JSON. */
export function textOf(value: Json | undefined): string {
  if (typeof value === 'string') {
    return value;
  }
  return value === undefined || value === null ? '' : JSON.stringify(value);
}
