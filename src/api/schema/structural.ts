import * as z from 'zod';

/*
 * From a zod schema to the OpenAPI dialect of CustomResourceDefinitions ("structural schema"). zod's own JSON Schema is
 * close; what an API server would refuse, prune or silently not check is put right here, or refused with the path of the
 * field, so that it is found when the CRD is generated and not when a user applies an object.
 */

/** A node of a CRD's schema: the part of JSONSchemaProps that structural schemas may use. */
export interface StructuralSchema {
  readonly type?: string;
  readonly description?: string;
  readonly format?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly required?: readonly string[];
  readonly nullable?: boolean;
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly additionalProperties?: StructuralSchema;
  readonly items?: StructuralSchema;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: string;
  readonly 'x-kubernetes-validations'?: readonly {
    readonly rule: string;
    readonly message: string;
    readonly fieldPath?: string;
  }[];
}

type Node = Record<string, unknown>;

/** Keywords that go over as they are. */
const KEPT: ReadonlySet<string> = new Set([
  'type',
  'description',
  'default',
  'enum',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'required',
  'nullable',
  'x-kubernetes-int-or-string',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-map-type',
  'x-kubernetes-validations',
]);

/** Annotations of JSON Schema that an API server does not know. They constrain nothing. */
const DROPPED: ReadonlySet<string> = new Set([
  '$schema',
  'title',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  'contentEncoding',
  'contentMediaType',
]);

/** Keywords that no structural schema may have, and what to write instead. */
const REFUSED: Readonly<Record<string, string>> = {
  $ref: 'do not give the schema an id: CRDs have no references',
  definitions: 'do not give the schema an id: CRDs have no references',
  $defs: 'do not give the schema an id: CRDs have no references',
  oneOf: 'a union is not structural: use optional members and a CEL rule that exactly one is set',
  anyOf: 'a union is not structural: use optional members and a CEL rule that exactly one is set',
  allOf: 'merge the constraints: a schema may have one pattern',
  not: 'write a CEL rule',
};

/** Formats that the API server checks (apiextensions-apiserver, supported formats), as far as zod makes them. */
const FORMATS: readonly unknown[] = [
  'int32',
  'int64',
  'date-time',
  'date',
  'byte',
  'uuid',
  'email',
  'uri',
  'ipv4',
  'ipv6',
];

const INT32_MAX = 2 ** 31 - 1;
const INT32_MIN = -(2 ** 31);

/**
 * The structural schema of a zod schema.
 * @throws Error that names the field, when the schema says something a CRD cannot.
 */
export function structural(schema: z.ZodType): StructuralSchema {
  const raw = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema }) => {
      refuseHiddenChecks(zodSchema);
    },
  });
  return convert(raw, '');
}

/** What leaves no trace in JSON Schema: the API server would accept what our parser refuses. */
function refuseHiddenChecks(schema: z.core.$ZodTypes): void {
  const { type, checks }: z.core.$ZodTypeDef = schema._zod.def;
  if (checks?.some((check) => check._zod.def.check === 'custom') === true) {
    throw new Error('A schema has .refine(), which is lost in a CRD: write a CEL rule.');
  }
  if (type === 'pipe' || type === 'transform') {
    throw new Error(
      'A schema has .transform() or .pipe(), which is lost in a CRD: keep the value as the user writes it.',
    );
  }
  if (schema instanceof z.ZodRecord && !isPlainString(schema.keyType)) {
    throw new Error('A schema constrains the keys of a map, which is lost in a CRD: write a CEL rule.');
  }
}

function isPlainString(schema: unknown): boolean {
  return schema instanceof z.ZodString && (schema.def.checks ?? []).length === 0;
}

function convert(node: Node, path: string): StructuralSchema {
  if (node['x-kubernetes-int-or-string'] === true) {
    return intOrString(node, path);
  }
  const result: Node = {};
  for (const [keyword, value] of Object.entries(node)) {
    Object.assign(result, convertKeyword(keyword, value, node, path));
  }
  return finish(result, path);
}

/** What can be said of a node only when all its keywords are known. */
function finish(node: StructuralSchema, path: string): StructuralSchema {
  switch (node.type) {
    case undefined:
      return fail(path, 'has no type: an API server would keep anything there');
    case 'number':
      return fail(path, 'is a float: use an integer or a decimal string');
    case 'integer':
      return withIntegerFormat(node);
    case 'object':
      return withWholeDefault(node);
    default:
      return node;
  }
}

function convertKeyword(keyword: string, value: unknown, node: Node, path: string): Node {
  if (KEPT.has(keyword)) {
    return { [keyword]: value };
  }
  if (DROPPED.has(keyword)) {
    return {};
  }
  switch (keyword) {
    case 'format':
      return FORMATS.includes(value) ? { format: value } : {};
    case 'pattern':
      // A format that the API server checks needs no pattern beside it.
      return FORMATS.includes(node['format']) ? {} : { pattern: re2(value as string, path) };
    case 'properties':
      return { properties: convertProperties(value as Record<string, Node>, path) };
    case 'items':
      return { items: convert(value as Node, `${path}[]`) };
    case 'additionalProperties':
      return { additionalProperties: convertValues(value, path) };
    default:
      return fail(path, REFUSED[keyword] ?? `'${keyword}' is not known to CRDs`);
  }
}

function convertProperties(properties: Record<string, Node>, path: string): Record<string, StructuralSchema> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [name, convert(property, `${path}.${name}`)]),
  );
}

function convertValues(values: unknown, path: string): StructuralSchema {
  if (values === false) {
    return fail(
      path,
      'use z.object: API servers prune unknown fields, and refuse them when asked to be strict',
    );
  }
  return convert(values as Node, `${path}{}`);
}

/** The one union that API servers accept. The keyword alone says it: with `anyOf` beside it, errors come three times. */
function intOrString(node: Node, path: string): StructuralSchema {
  const { anyOf: _, type: _type, ...rest } = node;
  const kept: Node = {};
  for (const [keyword, value] of Object.entries(rest)) {
    Object.assign(kept, convertKeyword(keyword, value, rest, path));
  }
  return kept;
}

/** int32 when the limits say so, else int64. zod writes JavaScript's own limits when there are none: those go. */
function withIntegerFormat(node: StructuralSchema): StructuralSchema {
  const { minimum, maximum, format, ...rest } = node;
  const small =
    minimum !== undefined && maximum !== undefined && minimum >= INT32_MIN && maximum <= INT32_MAX;
  return {
    ...rest,
    ...(minimum === undefined || minimum === INT32_MIN || minimum === Number.MIN_SAFE_INTEGER
      ? {}
      : { minimum }),
    ...(maximum === undefined || maximum === INT32_MAX || maximum === Number.MAX_SAFE_INTEGER
      ? {}
      : { maximum }),
    format: format ?? (small ? 'int32' : 'int64'),
  };
}

/** An object's default with the defaults of its fields filled in: API servers check CEL rules against it as it stands. */
function withWholeDefault(node: StructuralSchema): StructuralSchema {
  if (node.default === undefined) {
    return node;
  }
  const defaults = Object.entries(node.properties ?? {}).flatMap(([name, property]) =>
    property.default === undefined ? [] : [[name, property.default] as const],
  );
  return { ...node, default: { ...Object.fromEntries(defaults), ...node.default } };
}

/** API servers use RE2, which has neither look-around nor back-references. */
function re2(pattern: string, path: string): string {
  return /\(\?[=!<]|\\[1-9]/.test(pattern) ? fail(path, `the pattern ${pattern} is not RE2`) : pattern;
}

function fail(path: string, message: string): never {
  throw new Error(`'${path === '' ? '.' : path}': ${message}`);
}
