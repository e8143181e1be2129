import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parse } from 'yaml';
import { fieldErrorMessage } from '../../../../src/devcluster/api-server/field-error-message.ts';
import { validateCustomObject } from '../../../../src/devcluster/api-server/custom-resources/validate-object.ts';
import { applyDefaults } from '../../../../src/devcluster/api-server/schema/defaults.ts';
import { prune } from '../../../../src/devcluster/api-server/schema/prune.ts';
import { compileRules } from '../../../../src/devcluster/api-server/schema/rules.ts';
import type { JsonObject, Schema } from '../../../../src/devcluster/api-server/schema/schema.ts';
import { validate } from '../../../../src/devcluster/api-server/schema/validate.ts';

/*
 * The words were taken from kube-apiserver v1.37.2: a CustomResourceDefinition with this schema, objects sent as
 * `POST .../widgets?dryRun=All`, and `details.causes` of the answers.
 */
const schema = parse(`
type: object
properties:
  spec:
    type: object
    required: [size]
    properties:
      size: {type: integer, format: int32, minimum: 0}
      name: {type: string, maxLength: 3, minLength: 1, pattern: '^a'}
      when: {type: string, format: date-time}
      any: {x-kubernetes-int-or-string: true}
      mode: {type: string, enum: [a, b]}
      un:
        type: object
        anyOf: [{required: [x]}, {required: ["y"]}]
        properties: {x: {type: integer}, "y": {type: integer}}
      m: {type: object, additionalProperties: {type: string}}
      set: {type: array, items: {type: string}, x-kubernetes-list-type: set, maxItems: 3}
      map:
        type: array
        x-kubernetes-list-type: map
        x-kubernetes-list-map-keys: [k]
        items: {type: object, required: [k], properties: {k: {type: string}}}
    x-kubernetes-validations:
    - {rule: "self.size < 10"}
    - {rule: "!has(self.name) || self.name != 'abc'", message: no abc, fieldPath: .name, reason: FieldValueForbidden}
    - {rule: "!has(oldSelf.size) || self.size >= oldSelf.size", messageExpression: "self.size > 5 ? 'shrunk big' : 'shrunk'"}
    - {rule: "!has(self.m) || self.m['k'] != 'x'"}
`) as Schema;
const rules = compileRules(schema);

const UNASKED =
  '<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';

const cases: readonly { what: string; spec: JsonObject['spec']; says: readonly string[] }[] = [
  {
    what: 'one wrong value of each kind',
    spec: {
      size: -1,
      name: 'bcde',
      when: 'x',
      any: true,
      mode: 'c',
      un: {},
      m: { a: 1 },
      set: ['a', 'a'],
      map: [{ k: 'a' }, { k: 'a' }],
    },
    says: [
      'spec.when: Invalid value: "x": spec.when in body must be of type date-time: "x"',
      'spec.m.a: Invalid value: "integer": spec.m.a in body must be of type string: "integer"',
      'spec.name: Too long: may not be more than 3 bytes',
      'spec.mode: Unsupported value: "c": supported values: "a", "b"',
      'spec.size: Invalid value: -1: spec.size in body should be greater than or equal to 0',
      'spec.any: Invalid value: "boolean": spec.any in body must be of type integer,string: "boolean"',
      '<nil>: Invalid value: "": "spec.un" must validate at least one schema (anyOf)',
      'spec.un.x: Required value',
      'spec.set[1]: Duplicate value: "a"',
      'spec.map[1]: Duplicate value: {"k":"a"}',
      UNASKED,
    ],
  },
  {
    what: 'nulls, missing and too many values',
    spec: { name: '', when: 3, any: null, mode: null, set: ['a', 'b', 'c', 'd'], map: [{}] },
    says: [
      'spec.map[0].k: Required value',
      'spec.when: Invalid value: "int64": spec.when in body must be of type date-time: "int64"',
      'spec.name: Invalid value: "": spec.name in body should be at least 1 chars long',
      'spec.set: Too many: 4: must have at most 3 items',
      'spec.size: Required value',
      UNASKED,
    ],
  },
  {
    what: 'a number beyond its format, and a list for an object',
    spec: { size: 3_000_000_000, un: [] },
    says: [
      'spec.un: Invalid value: "array": spec.un in body must be of type object: "array"',
      '<nil>: Invalid value: "": Checked value must be of type integer with format int32 in spec.size',
      UNASKED,
    ],
  },
  {
    what: 'a list for the spec',
    spec: [],
    says: ['spec: Invalid value: "array": spec in body must be of type object: "array"', UNASKED],
  },
  {
    what: 'what rules object to, and one that cannot be evaluated',
    spec: { size: 11, name: 'abc', m: {} },
    says: [
      'spec: Invalid value: failed rule: self.size < 10',
      'spec.name: Forbidden: no abc',
      `spec: Invalid value: "object": no such key: k evaluating rule: !has(self.m) || self.m['k'] != 'x'`,
    ],
  },
  { what: 'nothing', spec: null, says: [] },
];

function objections(object: JsonObject, previous?: JsonObject): string[] {
  return validateCustomObject({ schema, rules }, object, previous === undefined ? {} : { previous }).map(
    (error) => `${error.field}: ${fieldErrorMessage(error)}`,
  );
}

describe('validation of custom objects', () => {
  for (const { what, spec, says } of cases) {
    it(`says of ${what} what kube-apiserver says`, () => {
      const object: JsonObject = { apiVersion: 'ex.dev/v1', kind: 'Widget', metadata: { name: 'a' }, spec };
      applyDefaults(object, schema);

      // Upstream's order is that of Go's maps: none.
      assert.deepEqual(objections(object).sort(), [...says].sort());
    });
  }

  it('holds an update to transition rules', () => {
    assert.deepEqual(objections({ spec: { size: 3 } }, { spec: { size: 5 } }), [
      'spec: Invalid value: shrunk',
    ]);
    assert.deepEqual(objections({ spec: { size: 7 } }, { spec: { size: 5 } }), []);
  });

  it('lets through what was wrong before and did not change', () => {
    const before = { spec: { size: 11, name: 'bcde' } };
    assert.deepEqual(objections({ spec: { size: 11, name: 'bcde' }, metadata: {} }, before), []);
    assert.deepEqual(objections({ spec: { size: 12, name: 'bcde' } }, before), [
      'spec: Invalid value: failed rule: self.size < 10',
    ]);
  });

  it('never throws, whatever JSON comes', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), (object, spec) => {
        const json = { ...object, spec } as JsonObject;
        assert.ok(Array.isArray(validate(json, schema)));
      }),
    );
  });
});

const specs = fc.record(
  {
    size: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constant(null)),
    name: fc.constantFrom('a', 'ab', null),
    un: fc.record({ x: fc.integer(), z: fc.jsonValue() }, { requiredKeys: ['x'] }),
    m: fc.dictionary(fc.string({ minLength: 1 }), fc.constantFrom('v', null)),
    stray: fc.jsonValue(),
  },
  { requiredKeys: [] },
);

const withDefaults: Schema = {
  type: 'object',
  properties: {
    spec: {
      ...schema.properties?.['spec'],
      default: {},
      properties: {
        ...schema.properties?.['spec']?.properties,
        size: { type: 'integer', default: 1 },
        kept: { type: 'string', nullable: true, default: 'k' },
      },
    },
  },
};

describe('defaults and pruning', () => {
  it('change nothing when done again, and leave what is valid valid', () => {
    fc.assert(
      fc.property(specs, (spec) => {
        const object = { spec: structuredClone(spec) } as JsonObject;
        prune(object, withDefaults);
        applyDefaults(object, withDefaults);
        const once = structuredClone(object);

        assert.deepEqual(prune(object, withDefaults), []);
        applyDefaults(object, withDefaults);

        assert.deepEqual(object, once);
        assert.deepEqual(validate(object, withDefaults), []);
      }),
    );
  });

  it('keep a null where it is allowed, and fill it in where it is not', () => {
    const object: JsonObject = { spec: { size: null, kept: null, name: null } };
    applyDefaults(object, withDefaults);
    assert.deepEqual(object, { spec: { size: 1, kept: null } });
  });

  it('tell the paths of what was dropped', () => {
    const object: JsonObject = {
      apiVersion: 'v1',
      x: 1,
      spec: { size: 1, map: [{ k: 'a', l: 1 }], m: { any: 'b' } },
    };
    assert.deepEqual(prune(object, schema), ['x', 'spec.map[0].l']);
    assert.deepEqual(object, { apiVersion: 'v1', spec: { size: 1, map: [{ k: 'a' }], m: { any: 'b' } } });
  });
});
