import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyJsonPatch } from '../../../../src/devcluster/api-server/patch/json-patch.ts';
import { PatchError } from '../../../../src/devcluster/api-server/patch/patch-error.ts';
import type { Json, JsonObject } from '../../../../src/devcluster/api-server/schema/schema.ts';

const object = { labels: { a: '1' }, list: ['x', 'y'], deep: { child: { n: 1 } } };

describe('applyJsonPatch', () => {
  const cases: [string, Json, JsonObject][] = [
    [
      'add a field',
      [{ op: 'add', path: '/labels/b', value: '2' }],
      { ...object, labels: { a: '1', b: '2' } },
    ],
    [
      'insert into a list',
      [{ op: 'add', path: '/list/1', value: 'z' }],
      { ...object, list: ['x', 'z', 'y'] },
    ],
    ['append to a list', [{ op: 'add', path: '/list/-', value: 'z' }], { ...object, list: ['x', 'y', 'z'] }],
    ['replace a field that is new', [{ op: 'replace', path: '/new', value: 1 }], { ...object, new: 1 }],
    ['test for a field that is absent', [{ op: 'test', path: '/new', value: null }], object],
    ['replace the object', [{ op: 'replace', path: '', value: { a: 1 } }], { a: 1 }],
    [
      'escaped names',
      [{ op: 'add', path: '/labels/x~1y~0z', value: '1' }],
      { ...object, labels: { a: '1', 'x/y~z': '1' } },
    ],
    [
      'a field with a name that objects inherit',
      [{ op: 'add', path: '/labels/constructor', value: '1' }],
      { ...object, labels: { a: '1', constructor: '1' } },
    ],
  ];
  for (const [name, patch, expected] of cases) {
    it(name, () => {
      assert.deepEqual(applyJsonPatch(object, patch), expected);
    });
  }

  const refused: [string, Json][] = [
    ['a list index that is none', [{ op: 'replace', path: '/list/-', value: 'z' }]],
    ['an index beyond the end', [{ op: 'add', path: '/list/3', value: 'z' }]],
    ['a parent that is absent', [{ op: 'add', path: '/no/such', value: 1 }]],
    ['a pointer without a slash', [{ op: 'add', path: 'labels', value: 1 }]],
    ['removing what objects inherit', [{ op: 'remove', path: '/labels/toString' }]],
    ['the prototype of an object', [{ op: 'add', path: '/__proto__/polluted', value: 1 }]],
    ['the prototype as a field', [{ op: 'add', path: '/labels/__proto__', value: { polluted: 1 } }]],
    ['the prototype by the constructor', [{ op: 'add', path: '/constructor/prototype/polluted', value: 1 }]],
    ['a method of lists', [{ op: 'add', path: '/list/push/polluted', value: 1 }]],
    ['moving into itself', [{ op: 'move', from: '/deep', path: '/deep/child/below' }]],
    [
      'a test after changes',
      [
        { op: 'add', path: '/n', value: 1 },
        { op: 'test', path: '/n', value: 2 },
      ],
    ],
  ];
  for (const [name, patch] of refused) {
    it(`refuses ${name}`, () => {
      assert.throws(() => applyJsonPatch(object, patch), {
        name: 'PatchError',
        code: 422,
        reason: 'Invalid',
      });
      assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
      assert.equal((Array.prototype.push as unknown as Record<string, unknown>)['polluted'], undefined);
    });
  }

  it('refuses more operations than upstream', () => {
    const patch = Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/list/0', value: 'x' }));
    assert.throws(() => applyJsonPatch(object, patch), {
      code: 413,
      message: 'The allowed maximum operations in a JSON patch is 10000, got 10001',
    });
  });

  it('never changes its inputs and throws nothing but PatchError', () => {
    const path = fc.constantFrom(
      '/labels',
      '/labels/a',
      '/list/0',
      '/list/-',
      '/deep/child/n',
      '/x',
      '',
      '/list/push',
      '/__proto__/x',
      '/deep/constructor',
    );
    const operation = fc.record(
      {
        op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test', 'bogus'),
        path,
        from: path,
        value: fc.jsonValue(),
      },
      { requiredKeys: ['op'] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.array(operation, { maxLength: 5 }), fc.jsonValue()), (patch) => {
        const target = structuredClone(object);
        const text = JSON.stringify(patch);
        const sent = JSON.parse(text) as Json;
        try {
          applyJsonPatch(target, sent);
        } catch (error) {
          assert.ok(error instanceof PatchError, String(error));
        }
        assert.deepEqual(target, object);
        assert.equal(JSON.stringify(sent), text);
      }),
    );
  });
});
