import { isDeepStrictEqual } from 'node:util';
import type { Environment } from '@marcbachmann/cel-js';
import { isObject } from '../json.ts';
import type { Json, Schema } from '../schema.ts';
import { escapeName } from './escape.ts';

/** A schema as CEL sees it: the name of a type of the environment, and how JSON becomes values of it. */
export interface CelType {
  readonly name: string;
  fromJson(value: Json): unknown;
}

/**
 * Declares the types of a schema in `environment`, and gives them by schema; undefined for what rules cannot see, such as fields
 * of unknown type (k8s.io/apiserver pkg/cel/common SchemaDeclType).
 */
export function celTypes(environment: Environment): (schema: Schema) => CelType | undefined {
  const known = new Map<Schema, CelType | undefined>();
  let objects = 0;
  const typeOf = (schema: Schema): CelType | undefined => {
    if (!known.has(schema)) {
      known.set(schema, declare(schema));
    }
    return known.get(schema);
  };
  const declare = (schema: Schema): CelType | undefined => {
    if (schema['x-kubernetes-int-or-string'] === true) {
      return { name: 'dyn', fromJson: integerOrText };
    }
    switch (schema.type) {
      case 'array':
        return listType(schema.items && typeOf(schema.items));
      case 'object':
        return declareObject(schema);
      case 'string':
        return stringType(schema.format);
      case 'boolean':
        return { name: 'bool', fromJson: asIs };
      case 'integer':
        return { name: 'int', fromJson: integerOrText };
      case 'number':
        return { name: 'double', fromJson: asIs };
      case undefined:
        return undefined;
      default:
        return undefined;
    }
  };
  const declareObject = (schema: Schema): CelType | undefined => {
    if (typeof schema.additionalProperties === 'object') {
      return mapType(typeOf(schema.additionalProperties));
    }
    objects += 1;
    return objectType(environment, `Object${objects}`, fieldsOf(schema, typeOf));
  };
  return typeOf;
}

interface Field {
  readonly escaped: string;
  readonly type: CelType;
}

function fieldsOf(
  schema: Schema,
  typeOf: (schema: Schema) => CelType | undefined,
): ReadonlyMap<string, Field> {
  const fields = new Map<string, Field>();
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const type = typeOf(property);
    const escaped = escapeName(name);
    if (type !== undefined && escaped !== undefined) {
      fields.set(name, { escaped, type });
    }
  }
  return fields;
}

function objectType(environment: Environment, name: string, fields: ReadonlyMap<string, Field>): CelType {
  // The library tells the type of an object by its constructor: one for each type.
  const constructor = function object(): void {
    // Never called: the values are made with its prototype.
  };
  const declared = Object.fromEntries([...fields.values()].map(({ escaped, type }) => [escaped, type.name]));
  environment.registerType(name, { ctor: constructor, fields: declared });
  environment.registerOperator(`${name} == ${name}`, isDeepStrictEqual);
  return {
    name,
    fromJson(value) {
      const object: object = Object.create(constructor.prototype as object) as object;
      for (const [field, inner] of Object.entries(isObject(value) ? value : {})) {
        const known = fields.get(field);
        if (known !== undefined && inner !== undefined) {
          Object.defineProperty(object, known.escaped, {
            value: inner === null ? null : known.type.fromJson(inner),
            enumerable: true,
          });
        }
      }
      return object;
    },
  };
}

function listType(item: CelType | undefined): CelType | undefined {
  return (
    item && {
      name: `list<${item.name}>`,
      fromJson: (value) => (Array.isArray(value) ? value.map((one) => orNull(one, item)) : []),
    }
  );
}

function mapType(value: CelType | undefined): CelType | undefined {
  return (
    value && {
      name: `map<string, ${value.name}>`,
      fromJson: (json) =>
        new Map(
          Object.entries(isObject(json) ? json : {}).map(([key, one]) => [key, orNull(one ?? null, value)]),
        ),
    }
  );
}

function orNull(value: Json, type: CelType): unknown {
  return value === null ? null : type.fromJson(value);
}

function stringType(format: string | undefined): CelType {
  switch (format) {
    case 'date':
    case 'date-time':
      return { name: 'google.protobuf.Timestamp', fromJson: (value) => new Date(textOf(value)) };
    case 'byte':
      return { name: 'bytes', fromJson: (value) => new Uint8Array(Buffer.from(textOf(value), 'base64')) };
    case undefined:
    default:
      return { name: 'string', fromJson: asIs };
  }
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : '';
}

function asIs(value: Json): unknown {
  return value;
}

function integerOrText(value: Json): unknown {
  return Number.isInteger(value) ? BigInt(Number(value)) : value;
}
