import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  difference,
  EMPTY_SET,
  hasPath,
  intersection,
  isEmpty,
  pathsOf,
  recursiveDifference,
  sameSet,
  setOf,
  union,
} from '../../../../src/devcluster/api-server/managed-fields/field-set.ts';
import { fromFieldsV1, toFieldsV1 } from '../../../../src/devcluster/api-server/managed-fields/fields-v1.ts';
import {
  compareElements,
  FieldsFormatError,
  pathText,
} from '../../../../src/devcluster/api-server/managed-fields/path-element.ts';
import type { Json } from '../../../../src/devcluster/api-server/schema/schema.ts';

const element = fc.constantFrom(
  'f:a',
  'f:b',
  'f:.',
  'k:{"name":"x"}',
  'k:{"name":"x","port":80}',
  'v:"s"',
  'v:1',
  'i:0',
);
const path = fc.array(element, { minLength: 1, maxLength: 4 });
const set = fc.array(path, { maxLength: 6 }).map((paths) => setOf(...paths));

describe('field sets', () => {
  it('obey the laws of sets', () => {
    fc.assert(
      fc.property(set, set, set, (a, b, c) => {
        assert.ok(sameSet(union(a, b), union(b, a)));
        assert.ok(sameSet(intersection(a, b), intersection(b, a)));
        assert.ok(sameSet(union(a, union(b, c)), union(union(a, b), c)));
        assert.ok(sameSet(intersection(a, union(b, c)), union(intersection(a, b), intersection(a, c))));
        assert.ok(sameSet(difference(a, union(b, c)), difference(difference(a, b), c)));
        assert.ok(sameSet(union(difference(a, b), intersection(a, b)), a));
        assert.ok(isEmpty(difference(a, a)) && sameSet(union(a, EMPTY_SET), a));
      }),
    );
  });

  it('have what they were made of, path by path', () => {
    fc.assert(
      fc.property(fc.array(path), fc.array(path), (first, second) => {
        const a = setOf(...first);
        const b = setOf(...second);
        for (const each of [...first, ...second]) {
          assert.ok(hasPath(union(a, b), each));
          assert.equal(hasPath(difference(a, b), each), hasPath(a, each) && !hasPath(b, each));
        }
        assert.ok(sameSet(setOf(...pathsOf(a)), a));
      }),
    );
  });

  it('lose with a path what is below it in a recursive difference', () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        const rest = recursiveDifference(a, b);
        assert.ok(isEmpty(difference(rest, difference(a, b))));
        for (const each of pathsOf(rest)) {
          assert.ok(!each.some((_, index) => hasPath(b, each.slice(0, index + 1))));
        }
      }),
    );
  });

  it('come back from FieldsV1 as they were', () => {
    fc.assert(
      fc.property(set, (a) =>
        assert.ok(sameSet(fromFieldsV1(JSON.parse(JSON.stringify(toFieldsV1(a))) as Json), a)),
      ),
    );
  });

  it('refuse what is not FieldsV1, and only that', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        try {
          fromFieldsV1(value);
        } catch (error) {
          assert.ok(error instanceof FieldsFormatError);
        }
      }),
    );
    for (const value of [
      null,
      [],
      'x',
      { nocolon: {} },
      { 'k:{': {} },
      { 'i:x': {} },
      { 'f:a': 1 },
    ] as Json[]) {
      assert.throws(() => fromFieldsV1(value), FieldsFormatError, JSON.stringify(value));
    }
  });

  it('pass over steps of kinds that do not exist yet', () => {
    assert.deepEqual(toFieldsV1(fromFieldsV1({ 'z:new': {}, 'f:a': { 'z:new': {} } })), { 'f:a': {} });
  });

  it('take keys for the same in any order and spacing', () => {
    const one = fromFieldsV1({ 'k:{"protocol":"TCP","port":80}': {} });
    assert.deepEqual(toFieldsV1(one), { 'k:{"port":80,"protocol":"TCP"}': {} });
  });

  it('show paths as upstream does', () => {
    const cases: [string[], string][] = [
      [['f:spec', 'f:containers', 'k:{"name":"m"}', 'f:image'], '.spec.containers[name="m"].image'],
      [['f:spec', 'f:ports', 'k:{"port":80,"protocol":"TCP"}'], '.spec.ports[port=80,protocol="TCP"]'],
      [['f:metadata', 'f:finalizers', 'v:"a/b"'], '.metadata.finalizers[="a/b"]'],
      [['f:list', 'i:3'], '.list[3]'],
    ];
    for (const [given, text] of cases) {
      assert.equal(pathText(given), text);
    }
  });

  it('order steps by kind, then by content, numbers by size', () => {
    const ordered = [
      'f:a',
      'f:b',
      'k:{"port":9}',
      'k:{"port":80}',
      'k:{"port":80,"protocol":"TCP"}',
      'v:2',
      'v:10',
      'i:0',
    ];
    assert.deepEqual([...ordered].reverse().sort(compareElements), ordered);
  });
});
