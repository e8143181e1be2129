import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isObject } from '../../../../src/devcluster/api-server/patch/json-record.ts';
import { applyMergePatch } from '../../../../src/devcluster/api-server/patch/merge-patch.ts';
import type { Json, JsonObject } from '../../../../src/devcluster/api-server/schema/schema.ts';

describe('applyMergePatch', () => {
  // RFC 7396, appendix A, as far as both sides are objects.
  const cases: [JsonObject, JsonObject, JsonObject][] = [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];
  for (const [target, patch, expected] of cases) {
    it(`${JSON.stringify(target)} with ${JSON.stringify(patch)}`, () => {
      assert.deepEqual(applyMergePatch(target, patch), expected);
    });
  }

  it('takes a field named like the prototype for a field', () => {
    const patched = applyMergePatch({}, JSON.parse('{"__proto__":{"polluted":1}}') as Json);
    assert.ok(Object.hasOwn(patched, '__proto__'));
    assert.equal((patched as Record<string, unknown>)['polluted'], undefined);
  });

  // Without lists: of objects in them upstream drops nulls or not, by what was there before.
  const { object: anyObject } = fc.letrec<{ object: JsonObject; value: Json }>((tie) => ({
    value: fc.oneof({ depthSize: 'small' }, fc.constantFrom<Json>(null, 1, 'a', true), tie('object')),
    object: fc
      .dictionary(fc.constantFrom('a', 'b', '__proto__'), tie('value'))
      .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject),
  }));

  it('never changes its inputs, and does the same twice', () => {
    fc.assert(
      fc.property(anyObject, anyObject, (target, patch) => {
        const before = JSON.stringify({ target, patch });
        const once = applyMergePatch(target, patch);
        assert.equal(JSON.stringify({ target, patch }), before);
        assert.deepEqual(applyMergePatch(once, patch), once);
      }),
    );
  });

  it('shares what it does not touch', () => {
    const target = { kept: { a: 1 }, changed: { b: 1 } };
    const patched = applyMergePatch(target, { changed: { b: 2 } });
    assert.ok(isObject(patched['kept']));
    assert.equal(patched['kept'], target.kept);
  });
});
