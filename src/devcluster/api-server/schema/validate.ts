import type { FieldError } from '../field-error.ts';
import { previousField, previousItem } from './correlation.ts';
import { validateEmbedded } from './embedded.ts';
import { isObject, jsonEquals } from './json.ts';
import { duplicateItems } from './list-types.ts';
import { additionalSchema, propertySchema } from './schema-at.ts';
import type { Json, JsonObject, Schema } from './schema.ts';
import { checkUnions } from './unions.ts';
import { checkEnum, checkFormat, checkNumber, checkString } from './value-bounds.ts';
import { fieldOf, invalid, merged, noChecks, type ValueResult } from './value-result.ts';
import { checkType, formatOf, typesOf } from './value-type.ts';

/**
 * Checks an object against its schema and says what kube-apiserver says: types, formats, bounds, unions, embedded resources, and
 * the uniqueness of list-type set and map. Of the object's own metadata only `name` and `generateName` are looked at, because a
 * CustomResourceDefinition may restrict nothing else; the rest is the API server's, not the schema's.
 * @param previous the stored object that this one replaces: what is wrong in a part that did not change is let through
 *   (validation ratcheting)
 */
export function validate(object: JsonObject, schema: Schema, previous?: JsonObject): FieldError[] {
  const root = withMetadataNames(schema);
  const { errors } = checkValue({ value: object, schema: root, path: '', previous });
  return [...errors, ...validateEmbedded(object, root), ...duplicateItems(object, root)];
}

function withMetadataNames(schema: Schema): Schema {
  const metadata = propertySchema(schema, 'metadata');
  if (metadata === undefined) {
    return schema;
  }
  const { name, generateName } = metadata.properties ?? {};
  const names = { ...(name && { name }), ...(generateName && { generateName }) };
  return { ...schema, properties: { ...schema.properties, metadata: { type: 'object', properties: names } } };
}

interface Visit<Value extends Json = Json> {
  readonly value: Value;
  readonly schema: Schema;
  /** Such as `spec.containers[0].image`; empty at the root. */
  readonly path: string;
  /** What stood here before; undefined where nothing did, or where old and new cannot be told to be the same thing. */
  readonly previous: Json | undefined;
}

function checkValue(visit: Visit): ValueResult {
  const result = checkAgainst(visit);
  const isUnchanged =
    result.errors.length > 0 && visit.previous !== undefined && jsonEquals(visit.value, visit.previous);
  return isUnchanged ? { errors: [], matches: result.matches } : result;
}

function checkAgainst(visit: Visit): ValueResult {
  const { value, schema, path } = visit;
  if (value === null) {
    return merged([checkType(value, schema, path), checkEnum(value, schema, path)]);
  }
  const hasType = typesOf(schema).length > 0 || formatOf(schema) !== undefined;
  const results = [
    ...(hasType ? [checkType(value, schema, path)] : []),
    checkUnions(schema, path, (alternative) => checkAgainst({ ...visit, schema: alternative })),
    ...checksOfKind(visit),
    checkEnum(value, schema, path),
  ];
  // Every check counts, and so does having been here.
  return merged(results, results.length + 1);
}

function checksOfKind(visit: Visit): ValueResult[] {
  const { value, schema, path } = visit;
  if (typeof value === 'string') {
    const text = checkString(value, schema, path);
    return formatOf(schema) === undefined ? [text] : [text, checkFormat(value, schema, path)];
  }
  if (typeof value === 'number') {
    return [checkNumber(value, schema, path)];
  }
  if (Array.isArray(value)) {
    return [checkArray({ ...visit, value })];
  }
  return isObject(value) ? [checkObject({ ...visit, value })] : [];
}

function checkArray({ value, schema, path, previous }: Visit<Json[]>): ValueResult {
  const { items } = schema;
  const results =
    items === undefined
      ? []
      : value.map((item, index) =>
          checkValue({
            value: item,
            schema: items,
            path: `${path}[${index}]`,
            previous: previousItem(previous, schema, item),
          }),
        );
  return merged([...results, { errors: checkItemCount(value, schema, path), matches: 1 }]);
}

function checkItemCount(value: readonly Json[], schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (schema.minItems !== undefined && value.length < schema.minItems) {
    errors.push(invalid(path, value.length, `should have at least ${schema.minItems} items`));
  }
  if (schema.maxItems !== undefined && value.length > schema.maxItems) {
    errors.push(tooMany(path, value.length, schema.maxItems));
  }
  if (schema.uniqueItems === true && value.some((item, index) => isRepeated(item, value.slice(0, index)))) {
    errors.push(invalid(path, '', "shouldn't contain duplicates"));
  }
  return errors;
}

function isRepeated(item: Json, earlier: readonly Json[]): boolean {
  return earlier.some((other) => jsonEquals(item, other));
}

function checkObject(visit: Visit<JsonObject>): ValueResult {
  const { value, schema, path } = visit;
  const results: ValueResult[] = [{ errors: checkPropertyCount(value, schema, path), matches: 0 }];
  for (const [name, field] of Object.entries(value)) {
    if (field !== undefined) {
      results.push(checkField(visit, name, field));
    }
  }
  const missing = (schema.required ?? []).filter((name) => value[name] === undefined);
  const errors = missing.map((name): FieldError => ({
    reason: 'FieldValueRequired',
    field: fieldOf(`${path}.${name}`),
    detail: '',
  }));
  return merged([...results, { errors, matches: 0 }]);
}

function checkField(
  { value: object, schema, path, previous }: Visit<JsonObject>,
  name: string,
  value: Json,
): ValueResult {
  const property = propertySchema(schema, name);
  const known = property ?? additionalSchema(schema);
  if (known === undefined) {
    return schema.additionalProperties === false && Object.hasOwn(object, name)
      ? { errors: [forbidden(path, name)], matches: 0 }
      : noChecks;
  }
  const place = property !== undefined && path === '' ? name : `${path}.${name}`;
  const isTypeMeta = path === '' && (name === 'apiVersion' || name === 'kind');
  const before = isTypeMeta ? undefined : previousField(previous, schema, name);
  return checkValue({ value, schema: known, path: place, previous: before });
}

function forbidden(path: string, name: string): FieldError {
  const detail = `${path}.${name} in body is a forbidden property`;
  return { reason: 'FieldValueInvalid', field: fieldOf(path), value: name, detail };
}

function checkPropertyCount(value: JsonObject, schema: Schema, path: string): FieldError[] {
  const count = Object.keys(value).length;
  const errors: FieldError[] = [];
  if (schema.minProperties !== undefined && count < schema.minProperties) {
    errors.push(invalid(path, count, `should have at least ${schema.minProperties} properties`));
  }
  if (schema.maxProperties !== undefined && count > schema.maxProperties) {
    errors.push(tooMany(path, count, schema.maxProperties));
  }
  return errors;
}

function tooMany(path: string, count: number, most: number): FieldError {
  const detail = `must have at most ${most} ${most === 1 ? 'item' : 'items'}`;
  return { reason: 'FieldValueTooMany', field: fieldOf(path), value: count, detail };
}
