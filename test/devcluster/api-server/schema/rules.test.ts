import assert from 'node:assert/strict';
import { parseAllDocuments } from 'yaml';
import { crdYaml, kinds } from '../../../../src/api/crds.ts';
import { compileRules } from '../../../../src/devcluster/api-server/schema/rules.ts';
import type { Schema } from '../../../../src/devcluster/api-server/schema/schema.ts';

function schemaWith(rule: string): Schema {
  return {
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        properties: {
          a: { type: 'integer' },
          s: { type: 'string' },
          any: { 'x-kubernetes-int-or-string': true },
          l: { type: 'array', items: { type: 'string' } },
        },
        'x-kubernetes-validations': [{ rule }],
      },
    },
  };
}

/* The words of kube-apiserver v1.37.2, from CustomResourceDefinitions with these rules, sent with `?dryRun=All`. */
const refused: readonly (readonly [rule: string, message: string])[] = [
  ['self.foo == 1', "1:5: undefined field 'foo'\n | self.foo == 1\n | ....^"],
  [
    "self.a == 'x'",
    "1:8: found no matching overload for '_==_' applied to '(int, string)'\n | self.a == 'x'\n | .......^",
  ],
  [
    "self.a + self.s == 'x'",
    "1:8: found no matching overload for '_+_' applied to '(int, string)'\n | self.a + self.s == 'x'\n | .......^",
  ],
  ['foo(self)', "1:4: undeclared reference to 'foo' (in container '')\n | foo(self)\n | ...^"],
  ['nope.x == 1', "1:1: undeclared reference to 'nope' (in container '')\n | nope.x == 1\n | ^"],
  [
    'self.l.all(x, x.foo == 1)',
    "1:16: type 'string' does not support field selection\n | self.l.all(x, x.foo == 1)\n | ...............^",
  ],
];

const holding: readonly string[] = [
  "self.l.isSorted() && self.l.max() == 'b' && self.l.indexOf('b') == 1",
  '[1, 2].sum() == 3',
  "self.s.find('[0-9]+') == '12' && self.s.findAll('[a-z]') == ['a', 'b']",
  "'%s-%d'.format([self.s, 3]) == 'ab12-3'",
  "url('https://h:8/p?x=1').getPort() == '8' && isIP('::1') && !isURL('x')",
  "quantity('1Gi').isGreaterThan(quantity('1G')) && quantity('1').add(2).asInteger() == 3",
  "quantity('1k') == quantity('1000') && !isQuantity('1 Gi')",
  "self.s.replace('a', 'c').charAt(0) == 'c' && self.s.upperAscii() == 'AB12'",
  'type(self.any) == int && self.any > 3',
];

describe('CEL rules', () => {
  for (const [rule, message] of refused) {
    it(`refuse '${rule}' in cel-go's words`, () => {
      assert.deepEqual(
        compileRules(schemaWith(rule)).problems.map(({ detail }) => detail),
        [`compilation failed: ERROR: <input>:${message}`],
      );
    });
  }

  it('are compiled once for equal schemas, and anew for others', () => {
    const schema = schemaWith('self.a == 1');
    assert.equal(compileRules(structuredClone(schema)), compileRules(schema));
    assert.notEqual(compileRules(schemaWith('self.a == 2')), compileRules(schema));
  });

  it('refuse what yields no bool', () => {
    assert.deepEqual(
      compileRules(schemaWith('self.a')).problems.map(({ detail }) => detail),
      ['cel expression must evaluate to a bool'],
    );
  });

  for (const rule of holding) {
    it(`know the functions of '${rule}'`, () => {
      const rules = compileRules(schemaWith(rule));
      assert.deepEqual(rules.problems, []);
      assert.deepEqual(rules.validate({ spec: { a: 1, s: 'ab12', any: 5, l: ['a', 'b'] } }), []);
    });
  }

  it('word errors of evaluation as upstream does', () => {
    const rules = compileRules(schemaWith("self.any > 3 && self.l[3] == 'a'"));
    assert.deepEqual(rules.validate({ spec: { any: 5, l: ['a'] } }), [
      {
        reason: 'FieldValueInvalid',
        field: 'spec',
        value: 'object',
        detail: "index out of bounds: 3 evaluating rule: self.any > 3 && self.l[3] == 'a'",
      },
    ]);
  });

  it('of our own definitions compile', () => {
    const documents = parseAllDocuments(crdYaml()).map(
      (document) => document.toJS() as { spec: { versions: { schema: { openAPIV3Schema: Schema } }[] } },
    );
    assert.equal(documents.length, kinds.length);
    for (const { spec } of documents) {
      const { problems, isNeeded } = compileRules(spec.versions[0]!.schema.openAPIV3Schema);
      assert.ok(isNeeded);
      assert.deepEqual(problems, []);
    }
  });
});
