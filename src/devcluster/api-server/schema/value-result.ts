import type { FieldError } from '../field-error.ts';
import type { Json } from './schema.ts';

/**
 * What checking one value gave. `matches` counts the checks made, as kube-openapi does: of several alternatives none of which
 * holds, the one with the most is reported.
 */
export interface ValueResult {
  readonly errors: readonly FieldError[];
  readonly matches: number;
}

export const noChecks: ValueResult = { errors: [], matches: 0 };

export function failed(...errors: readonly FieldError[]): ValueResult {
  return { errors, matches: 0 };
}

/** Adds results up. An error that is there already, word for word, is not repeated. */
export function merged(results: readonly ValueResult[], ownMatches = 0): ValueResult {
  let matches = ownMatches;
  const errors = new Map<string, FieldError>();
  for (const result of results) {
    matches += result.matches;
    for (const error of result.errors) {
      const key = `${error.reason} ${error.field} ${error.detail}`;
      if (!errors.has(key)) {
        errors.set(key, error);
      }
    }
  }
  return { errors: [...errors.values()], matches };
}

/** An objection that quotes the value. */
export function invalid(path: string, value: Json, says: string): FieldError {
  return { reason: 'FieldValueInvalid', field: fieldOf(path), value, detail: `${path} in body ${says}` };
}

/** `must be of type TYPE`; `actual` is what upstream shows as the value: the type that was found, or the text itself. */
export function wrongType(path: string, type: string, actual: string): FieldError {
  return {
    reason: 'FieldValueTypeInvalid',
    field: fieldOf(path),
    value: actual,
    detail: `${path} in body must be of type ${type}: ${JSON.stringify(actual)}`,
  };
}

/** An objection of kube-openapi that names no field of its own: unions, and numbers beyond their format. */
export function unplaced(detail: string): FieldError {
  return { reason: 'FieldValueInvalid', field: '<nil>', value: '', detail };
}

/** The path of a value as a Status names it: without a leading dot, and `<nil>` for the object itself. */
export function fieldOf(path: string): string {
  const trimmed = path.replace(/^\./, '');
  return trimmed === '' ? '<nil>' : trimmed;
}
