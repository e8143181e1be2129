import type { FieldError } from '../field-error.ts';
import { textOf } from '../json-text.ts';
import { invalidValue } from '../field-errors.ts';
import { isObject, jsonEquals } from '../schema/json.ts';
import type { JsonObject } from '../schema/schema.ts';
import { plainStrategy, type Strategy } from './strategy.ts';

/** core MaxSecretSize, of all values together. */
const MAX_BYTES = 1024 * 1024;
const IMMUTABLE = 'field is immutable when `immutable` is set';

export const configMapStrategy: Strategy = {
  ...plainStrategy,
  defaults: (configMap) => dropEmptyMaps(configMap, ['data', 'binaryData']),
  validate: ({ data, binaryData }) => [
    ...dataKeys(data, 'data').flatMap(({ key, errors }) => [
      ...errors,
      ...(isObject(binaryData) && binaryData[key] !== undefined
        ? [invalidValue(`data[${key}]`, key, 'duplicate of key present in binaryData')]
        : []),
    ]),
    ...dataKeys(binaryData, 'binaryData').flatMap(({ errors }) => errors),
    ...(bytesOf(data) + bytesOf(binaryData) > MAX_BYTES
      ? [
          {
            reason: 'FieldValueTooLong' as const,
            field: '[]',
            detail: `may not be more than ${MAX_BYTES} bytes`,
          },
        ]
      : []),
  ],
  validateUpdate: (configMap, live) => validateImmutable(configMap, live, ['data', 'binaryData']),
};

function bytesOf(data: JsonObject[string]): number {
  return Object.values(isObject(data) ? data : {}).reduce<number>(
    (sum, value) => sum + Buffer.byteLength(textOf(value)),
    0,
  );
}

/** What Go leaves out when it is empty. */
export function dropEmptyMaps(object: JsonObject, fields: readonly string[]): void {
  for (const field of fields) {
    const value = object[field];
    if (value === null || (isObject(value) && Object.keys(value).length === 0)) {
      Reflect.deleteProperty(object, field);
    }
  }
}

/** Of config maps and secrets that have been made immutable: neither that nor their data changes any more. */
export function validateImmutable(
  object: JsonObject,
  live: JsonObject,
  fields: readonly string[],
): FieldError[] {
  if (live['immutable'] !== true) {
    return [];
  }
  const changed = fields.filter((field) => !jsonEquals(object[field], live[field]));
  return [...(object['immutable'] === true ? [] : ['immutable']), ...changed].map((field) => ({
    reason: 'FieldValueForbidden',
    field,
    detail: IMMUTABLE,
  }));
}

const KEY_RULE =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

/** The keys of a map of data, with what speaks against each: they become names of files. */
export function dataKeys(data: JsonObject[string], field: string): { key: string; errors: FieldError[] }[] {
  return Object.keys(isObject(data) ? data : {}).map((key) => ({
    key,
    errors: keyProblems(key).map((detail) => invalidValue(`${field}[${key}]`, key, detail)),
  }));
}

function keyProblems(key: string): string[] {
  return [
    ...(key.length > 253 ? ['must be no more than 253 characters'] : []),
    ...(/^[-._a-zA-Z0-9]+$/.test(key) ? dotProblems(key) : [KEY_RULE]),
  ];
}

function dotProblems(key: string): string[] {
  if (key === '.' || key === '..') {
    return [`must not be '${key}'`];
  }
  return key.startsWith('..') ? [`must not start with '..'`] : [];
}
