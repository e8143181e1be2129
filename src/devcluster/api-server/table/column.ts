import type { Json, JsonObject } from '../schema/schema.ts';

/** A column of a built-in kind. */
export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'boolean' | 'date';
  readonly format?: string;
  readonly description: string;
  /** 1 for what only `-o wide` shows. */
  readonly priority: 0 | 1;
  cell(object: JsonObject, now: number): Json;
}

type Cell = (object: JsonObject, now: number) => Json;

/** A column that is always shown. `description` is a text, or where in the kind's schema it stands: `['status', 'podIP']`. */
export function column(name: string, description: string, cell: Cell): Column {
  return { name, type: 'string', description, priority: 0, cell };
}

export function integerColumn(name: string, description: string, cell: Cell): Column {
  return { name, type: 'integer', description, priority: 0, cell };
}

/** A column that `-o wide` shows. */
export function wideColumn(name: string, description: string, cell: Cell): Column {
  return { name, type: 'string', description, priority: 1, cell };
}
