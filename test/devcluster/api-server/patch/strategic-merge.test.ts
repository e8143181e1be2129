import assert from 'node:assert/strict';
import fc from 'fast-check';
import { PatchError } from '../../../../src/devcluster/api-server/patch/patch-error.ts';
import { applyStrategicMergePatch } from '../../../../src/devcluster/api-server/patch/strategic-merge.ts';
import type { Json, JsonObject, Schema } from '../../../../src/devcluster/api-server/schema/schema.ts';
import { searches, searchTimeout } from '../../../support/searches.ts';

const items: Schema = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    image: { type: 'string' },
    args: { type: 'array', items: { type: 'string' } },
  },
};
const schema: Schema = {
  type: 'object',
  properties: {
    containers: {
      type: 'array',
      items,
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    },
    replaced: { type: 'array', items },
    set: { type: 'array', items: { type: 'string' }, 'x-kubernetes-patch-strategy': 'merge' },
    strategy: {
      type: 'object',
      'x-kubernetes-patch-strategy': 'retainKeys',
      properties: { type: { type: 'string' } },
    },
    selector: {
      type: 'object',
      'x-kubernetes-patch-strategy': 'replace',
      additionalProperties: { type: 'string' },
    },
  },
};
const object: JsonObject = {
  containers: [
    { name: 'a', image: '1', args: ['x'] },
    { name: 'b', image: '1' },
  ],
  replaced: [{ name: 'a' }],
  set: ['x', 'y'],
  strategy: { type: 'Rolling', rolling: { max: 1 } },
  selector: { a: '1' },
  labels: { k: 'v' },
};

describe('applyStrategicMergePatch', function () {
  this.timeout(searchTimeout(10_000));

  const cases: [string, JsonObject, JsonObject][] = [
    [
      'merges an item by its key',
      { containers: [{ name: 'b', image: '2' }] },
      {
        containers: [
          { name: 'a', image: '1', args: ['x'] },
          { name: 'b', image: '2' },
        ],
      },
    ],
    [
      'puts new items first',
      { containers: [{ name: 'c' }] },
      { containers: [{ name: 'c' }, { name: 'a', image: '1', args: ['x'] }, { name: 'b', image: '1' }] },
    ],
    [
      'deletes an item',
      { containers: [{ name: 'a', $patch: 'delete' }] },
      { containers: [{ name: 'b', image: '1' }] },
    ],
    [
      'replaces all items',
      { containers: [{ $patch: 'replace' }, { name: 'z' }] },
      { containers: [{ name: 'z' }] },
    ],
    [
      'deletes a field of an item',
      { containers: [{ name: 'a', args: null }] },
      {
        containers: [
          { name: 'a', image: '1' },
          { name: 'b', image: '1' },
        ],
      },
    ],
    [
      'orders items',
      { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] },
      {
        containers: [
          { name: 'b', image: '1' },
          { name: 'a', image: '1', args: ['x'] },
        ],
      },
    ],
    ['replaces a list without a strategy', { replaced: [{ name: 'z' }] }, { replaced: [{ name: 'z' }] }],
    ['adds to a set', { set: ['z', 'x'] }, { set: ['z', 'x', 'y'] }],
    ['deletes from a set', { '$deleteFromPrimitiveList/set': ['x', 'q'] }, { set: ['y'] }],
    [
      'replaces an object by directive',
      { strategy: { $patch: 'replace', type: 'Recreate' } },
      { strategy: { type: 'Recreate' } },
    ],
    ['empties an object', { strategy: { $patch: 'delete' } }, { strategy: {} }],
    [
      'retains keys',
      { strategy: { $retainKeys: ['type'], type: 'Recreate' } },
      { strategy: { type: 'Recreate' } },
    ],
    ['replaces an object by strategy', { selector: { b: '2' } }, { selector: { b: '2' } }],
    ['merges maps', { labels: { k: null, l: 'w' } }, { labels: { l: 'w' } }],
    [
      'adds an object without nulls and directives',
      { added: { a: null, b: 1, c: { $patch: 'delete' } } },
      { added: { b: 1 } },
    ],
  ];
  for (const [name, patch, changed] of cases) {
    it(name, () => {
      assert.deepEqual(applyStrategicMergePatch(object, patch, schema), { ...object, ...changed });
    });
  }

  const refused: [string, Json, number, RegExp][] = [
    ['what is no object', [], 400, /cannot unmarshal/],
    [
      'an item without its key',
      { containers: [{ image: '1' }] },
      500,
      /map\[image:1\] does not contain declared merge key: name/,
    ],
    [
      'an unknown directive',
      { labels: { $patch: 'bogus' } },
      500,
      /unknown patch type: bogus in map: map\[\$patch:bogus\]/,
    ],
    [
      'a directive for lists that nobody knows',
      { containers: [{ name: 'a', $patch: 'merge' }] },
      500,
      /merging lists/,
    ],
    [
      'another order than it says',
      { '$setElementOrder/set': ['b', 'a'], set: ['a', 'b'] },
      500,
      /^The order in patch list/,
    ],
    ['an order of no list', { $setElementOrder: [] }, 400, /setElementOrder list/],
    ['fields that are not retained', { strategy: { $retainKeys: ['a'], b: 1 } }, 400, /retainKeys/],
    ['lists of lists', { set: [['a']] }, 422, /the server rejected/],
    ['items of several kinds', { set: [{ name: 'a' }] }, 500, /not identical/],
  ];
  for (const [name, patch, code, message] of refused) {
    it(`refuses ${name}`, () => {
      assert.throws(() => applyStrategicMergePatch(object, patch, schema), {
        name: 'PatchError',
        code,
        message,
      });
    });
  }

  it('never changes its inputs and throws nothing but PatchError', () => {
    const field = fc.constantFrom(
      'containers',
      'set',
      'labels',
      'strategy',
      'name',
      '$patch',
      '$retainKeys',
      '$setElementOrder/containers',
      '$deleteFromPrimitiveList/set',
      '__proto__',
    );
    const value = fc.letrec<{ json: Json }>((tie) => ({
      json: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom<Json>(null, 'a', 'b', 'delete', 'replace', 1, true),
        fc.array(tie('json'), { maxLength: 3 }),
        fc.dictionary(field, tie('json'), { maxKeys: 3 }) as fc.Arbitrary<Json>,
      ),
    })).json;
    fc.assert(
      fc.property(value, (patch) => {
        const target = structuredClone(object);
        const text = JSON.stringify(patch);
        const sent = JSON.parse(text) as Json;
        try {
          applyStrategicMergePatch(target, sent, schema);
        } catch (error) {
          assert.ok(error instanceof PatchError, String(error));
        }
        assert.deepEqual(target, object);
        assert.equal(JSON.stringify(sent), text);
      }),
      { numRuns: searches(63) },
    );
  });
});
