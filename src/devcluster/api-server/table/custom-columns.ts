import type { PrinterColumn } from '../resources/resource.ts';
import type { Json, JsonObject } from '../schema/schema.ts';
import { ageOf } from './age.ts';
import { valuesAt } from './json-path.ts';

/** The cell of a column that a CustomResourceDefinition declares; null where there is nothing of the column's type. */
export function customCell({ type, jsonPath }: PrinterColumn, object: JsonObject, now: number): Json {
  const value = valuesAt(object, jsonPath)[0];
  if (value === undefined || (value === null && type !== 'string')) {
    return null;
  }
  return cellOf[type]?.(value, now) ?? null;
}

type Cell = (value: Json, now: number) => Json;

const cellOf: Readonly<Record<string, Cell>> = {
  string: printed,
  integer: (value) => (typeof value === 'number' ? Math.trunc(value) : null),
  number: (value) => (typeof value === 'number' ? value : null),
  boolean: (value) => (typeof value === 'boolean' ? value : null),
  date: (value, now) => (typeof value === 'string' ? dateCell(value, now) : null),
};

/** Texts and numbers as they are, the rest as JSON; null is nothing to print. */
function printed(value: Json): string {
  if (value === null) {
    return '<nil>';
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function dateCell(text: string, now: number): string {
  return Number.isNaN(Date.parse(text)) ? '<invalid>' : ageOf(text, now);
}
