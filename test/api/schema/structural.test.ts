import assert from 'node:assert/strict';
import * as z from 'zod';
import { structural, type StructuralSchema } from '../../../src/api/schema/structural.ts';

/** The structural schema of one field. */
function field(schema: z.ZodType): StructuralSchema | undefined {
  return structural(z.object({ field: schema })).properties?.['field'];
}

describe('structural', () => {
  const rows: readonly (readonly [string, z.ZodType, StructuralSchema])[] = [
    ['an integer without limits', z.int(), { type: 'integer', format: 'int64' }],
    ['an integer with one limit', z.int().min(0), { type: 'integer', format: 'int64', minimum: 0 }],
    ['an int32', z.int32(), { type: 'integer', format: 'int32' }],
    [
      'an int32 with limits',
      z.int32().min(1).max(64),
      { type: 'integer', format: 'int32', minimum: 1, maximum: 64 },
    ],
    ['a bounded string', z.string().min(1).max(3), { type: 'string', minLength: 1, maxLength: 3 }],
    ['a pattern', z.string().regex(/^[a-z]+$/), { type: 'string', pattern: '^[a-z]+$' }],
    ['an enum', z.enum(['On', 'Off']), { type: 'string', enum: ['On', 'Off'] }],
    ['a literal', z.literal('On'), { type: 'string', enum: ['On'] }],
    ['a date and time, without zod’s pattern', z.iso.datetime(), { type: 'string', format: 'date-time' }],
    ['a nullable', z.string().nullable(), { type: 'string', nullable: true }],
    [
      'a record',
      z.record(z.string(), z.boolean()),
      { type: 'object', additionalProperties: { type: 'boolean' } },
    ],
    [
      'an int or a string',
      z.union([z.int(), z.string().max(8)]).meta({ 'x-kubernetes-int-or-string': true, maxLength: 8 }),
      { 'x-kubernetes-int-or-string': true, maxLength: 8 },
    ],
    [
      'keywords of Kubernetes',
      z.array(z.string()).max(2).meta({ 'x-kubernetes-list-type': 'set' }),
      { type: 'array', maxItems: 2, items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
    ],
    ['a default', z.boolean().default(false), { type: 'boolean', default: false }],
    ['a description', z.boolean().describe('Whether.'), { type: 'boolean', description: 'Whether.' }],
    [
      'annotations of JSON Schema, which go',
      z.string().meta({ examples: ['a'], deprecated: true, title: 't', readOnly: true }),
      { type: 'string' },
    ],
    [
      'a format that API servers do not know, which goes',
      z.string().meta({ format: 'starts_with' }),
      { type: 'string' },
    ],
  ];
  for (const [what, schema, expected] of rows) {
    it(`converts ${what}`, () => {
      assert.deepEqual(field(schema), expected);
    });
  }

  it('requires exactly the fields without a default that are not optional', () => {
    const schema = structural(
      z.object({
        a: z.string(),
        b: z.string().exactOptional(),
        c: z.string().optional(),
        d: z.string().default(''),
      }),
    );
    assert.deepEqual(schema.required, ['a']);
  });

  it('writes out an object’s default with the defaults of its fields', () => {
    const inner = z.object({ x: z.int32().default(3), y: z.string().exactOptional() }).prefault({});
    assert.deepEqual(field(z.object({ inner, z: z.boolean().default(true) }).prefault({}))?.default, {
      inner: { x: 3 },
      z: true,
    });
  });

  it('does not touch what an object’s default says itself', () => {
    assert.deepEqual(field(z.object({ x: z.int32().default(3) }).prefault({ x: 5 }))?.default, { x: 5 });
  });

  const refused: readonly (readonly [string, z.ZodType, RegExp])[] = [
    ['a float', z.number(), /'\.field': is a float/],
    ['a union', z.union([z.string(), z.boolean()]), /'\.field': a union is not structural/],
    [
      'a discriminated union',
      z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('a'), a: z.string() }),
        z.object({ kind: z.literal('b'), b: z.string() }),
      ]),
      /a union is not structural/,
    ],
    ['two patterns', z.string().regex(/a/).regex(/b/), /merge the constraints/],
    ['a strict object', z.strictObject({ a: z.string() }), /use z\.object/],
    ['a loose object', z.looseObject({}), /'\.field\{\}': has no type/],
    ['anything', z.any(), /'\.field': has no type/],
    ['the unknown', z.array(z.unknown()), /'\.field\[\]': has no type/],
    ['a bigint', z.bigint(), /has no type/],
    ['a date', z.date(), /has no type/],
    ['a pattern with look-ahead', z.string().regex(/^(?!-)[a-z]$/), /is not RE2/],
    ['a pattern with a back-reference', z.string().regex(/^(a)\1$/), /is not RE2/],
    ['an id', z.string().meta({ id: 'StructuralTestName' }), /do not give the schema an id/],
    ['a refinement', z.string().refine((text) => text !== 'no'), /\.refine\(\).*CEL/],
    ['a transformation', z.string().transform((text) => text.length), /\.transform\(\)/],
    ['constrained keys', z.record(z.string().max(3), z.string()), /the keys of a map/],
    ['a keyword that nobody knows', z.string().meta({ contains: 1 }), /'contains' is not known/],
  ];
  for (const [what, schema, message] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(() => field(schema), message);
    });
  }
});
