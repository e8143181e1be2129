import type { FieldError } from '../field-error.ts';
import { invalidValue, required } from '../field-errors.ts';
import { textOf } from '../json-text.ts';
import { isObject } from '../schema/json.ts';
import type { JsonObject } from '../schema/schema.ts';
import { dataKeys, validateImmutable } from './config-map.ts';

/** What secrets of the well-known types must have. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
};

export function validateSecret({ type, data }: JsonObject): FieldError[] {
  const given = isObject(data) ? data : {};
  return [
    ...dataKeys(data, 'data').flatMap(({ errors }) => errors),
    ...(NEEDED[textOf(type)] ?? [])
      .filter((key) => given[key] === undefined)
      .map((key) => required(`data[${key}]`)),
  ];
}

export function validateSecretUpdate(secret: JsonObject, live: JsonObject): FieldError[] {
  const { type = '' } = secret;
  return [
    ...(type === live['type'] ? [] : [invalidValue('type', type, 'field is immutable')]),
    ...validateImmutable(secret, live, ['data']),
  ];
}
