import type { Schema } from './schema.ts';
import { merged, noChecks, unplaced, type ValueResult } from './value-result.ts';

/** Checks the value at hand against another schema. */
type Check = (schema: Schema) => ValueResult;

/** anyOf, oneOf, allOf and not. Of alternatives that all fail, the one that got furthest is reported. */
export function checkUnions(schema: Schema, path: string, check: Check): ValueResult {
  return merged(
    [
      checkAnyOf(schema.anyOf ?? [], path, check),
      checkOneOf(schema.oneOf ?? [], path, check),
      checkAllOf(schema.allOf ?? [], path, check),
      checkNot(schema.not, path, check),
    ],
    1,
  );
}

function checkAnyOf(alternatives: readonly Schema[], path: string, check: Check): ValueResult {
  const failures: ValueResult[] = [];
  for (const alternative of alternatives) {
    const result = check(alternative);
    if (result.errors.length === 0) {
      return result;
    }
    failures.push(result);
  }
  if (failures.length === 0) {
    return noChecks;
  }
  const objection = unplaced(`${JSON.stringify(path)} must validate at least one schema (anyOf)`);
  return merged([{ errors: [objection], matches: 0 }, furthest(failures)]);
}

function checkOneOf(alternatives: readonly Schema[], path: string, check: Check): ValueResult {
  if (alternatives.length === 0) {
    return noChecks;
  }
  const results = alternatives.map(check);
  const [first, ...others] = results.filter(({ errors }) => errors.length === 0);
  if (first !== undefined && others.length === 0) {
    return first;
  }
  const found = first === undefined ? 'Found none valid' : `Found ${others.length + 1} valid alternatives`;
  const objection = unplaced(
    `${JSON.stringify(path)} must validate one and only one schema (oneOf). ${found}`,
  );
  const rest = first === undefined ? [furthest(results)] : [];
  return merged([{ errors: [objection], matches: 0 }, ...rest]);
}

function checkAllOf(parts: readonly Schema[], path: string, check: Check): ValueResult {
  const results = parts.map(check);
  const valid = results.filter(({ errors }) => errors.length === 0).length;
  if (valid === parts.length) {
    return merged(results);
  }
  const none = valid === 0 ? '. None validated' : '';
  const objection = unplaced(`${JSON.stringify(path)} must validate all the schemas (allOf)${none}`);
  return merged([...results, { errors: [objection], matches: 0 }]);
}

function checkNot(schema: Schema | undefined, path: string, check: Check): ValueResult {
  if (schema === undefined || check(schema).errors.length > 0) {
    return noChecks;
  }
  return { errors: [unplaced(`${JSON.stringify(path)} must not validate the schema (not)`)], matches: 0 };
}

function furthest(failures: readonly ValueResult[]): ValueResult {
  return failures.reduce((best, next) => (next.matches > best.matches ? next : best), {
    errors: failures[0]?.errors ?? [],
    matches: failures[0]?.matches ?? 0,
  });
}
