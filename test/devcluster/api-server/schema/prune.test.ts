import assert from 'node:assert/strict';
import { prune } from '../../../../src/devcluster/api-server/schema/prune.ts';
import type { JsonObject, Schema } from '../../../../src/devcluster/api-server/schema/schema.ts';

const text: Schema = { type: 'string' };

const cases: readonly {
  readonly title: string;
  readonly schema: Schema;
  readonly object: JsonObject;
  readonly left: JsonObject;
  readonly dropped: readonly string[];
}[] = [
  {
    title: 'keeps what the schema knows, and of every object its type and metadata',
    schema: { type: 'object', properties: { a: text } },
    object: { apiVersion: 'v1', kind: 'A', metadata: { name: 'x' }, a: '1' },
    left: { apiVersion: 'v1', kind: 'A', metadata: { name: 'x' }, a: '1' },
    dropped: [],
  },
  {
    title: 'drops the rest, and tells the paths in the order of the object',
    schema: {
      type: 'object',
      properties: { list: { type: 'array', items: { type: 'object', properties: { a: text } } } },
    },
    object: { b: 1, list: [{ a: '1' }, { c: { d: 1 }, a: '2' }, 'text'], e: null },
    left: { list: [{ a: '1' }, { a: '2' }, 'text'] },
    dropped: ['b', 'list[1].c', 'e'],
  },
  {
    title: 'keeps what is preserved, but for what is described within',
    schema: {
      type: 'object',
      properties: {
        free: {
          type: 'object',
          'x-kubernetes-preserve-unknown-fields': true,
          properties: { strict: { type: 'object', properties: {} } },
        },
      },
    },
    object: { free: { any: { thing: 1 }, strict: { not: 1 } } },
    left: { free: { any: { thing: 1 }, strict: {} } },
    dropped: ['free.strict.not'],
  },
  {
    title: 'keeps type and metadata of an embedded resource',
    schema: {
      type: 'object',
      properties: { pod: { type: 'object', 'x-kubernetes-embedded-resource': true } },
    },
    object: { pod: { kind: 'Pod', metadata: { name: 'x', no: 1 }, spec: {} } },
    left: { pod: { kind: 'Pod', metadata: { name: 'x' } } },
    dropped: ['pod.metadata.no', 'pod.spec'],
  },
];

describe('prune', () => {
  for (const { title, schema, object, left, dropped } of cases) {
    it(title, () => {
      assert.deepEqual(prune(object, schema), dropped);
      assert.deepEqual(object, left);
    });
  }

  it('drops in no more time far down than near the top', () => {
    const depth = 200;
    const properties: Record<string, Schema> = {};
    const schema: Schema = { type: 'object', properties };
    properties['below'] = schema;
    let object: JsonObject = { typo: 1 };
    for (let level = 0; level < depth; level++) {
      object = { below: object };
    }
    assert.deepEqual(prune(object, schema), [`${'below.'.repeat(depth)}typo`]);
  });
});
