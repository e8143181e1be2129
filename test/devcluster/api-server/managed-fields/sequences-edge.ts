import type { JsonObject } from '../../../../src/devcluster/api-server/schema/schema.ts';
import type { Request, Sequence } from './sequences.ts';

function widget(name: string, ...requests: Request[]): Sequence {
  return { name, kind: 'Widget', requests };
}
function on(verb: Request['verb'], manager: string, body: Request['body'], force = false): Request {
  return { verb, manager, body, ...(force ? { force } : {}) };
}
const spec = (fields: JsonObject): JsonObject => ({ spec: fields });

/** Null, where a value is expected. */
export const nulls: readonly Sequence[] = [
  widget('create with null', on('create', 'a', spec({ nullableNote: null, settings: { a: '1' } }))),
  widget(
    'apply null',
    on('apply', 'a', spec({ nullableNote: 'x' })),
    on('apply', 'a', spec({ nullableNote: null })),
  ),
  widget(
    'apply null over a map',
    on('create', 'u', spec({ free: { a: { b: 1 } } })),
    on('apply', 'a', spec({ free: { a: null } })),
    on('apply', 'a', spec({ free: { a: { b: 2 } } }), true),
  ),
  widget(
    'merge patch with null in a list',
    on('create', 'a', spec({ replicas: 1 })),
    on('merge', 'b', spec({ free: { list: [{ x: null, y: 1 }, 2], deep: { z: null } } })),
  ),
  widget(
    'merge patch over another shape',
    on('create', 'a', spec({ free: { list: [1], text: 'x', map: { a: 1 } } })),
    on(
      'merge',
      'b',
      spec({ free: { list: { a: null, b: 1 }, text: { c: 1, d: null }, map: [{ e: null }] } }),
    ),
  ),
];

/** What the API server refuses. */
export const refusals: readonly Sequence[] = [
  widget(
    'apply with managedFields',
    on('apply', 'a', { metadata: { managedFields: [] }, ...spec({ replicas: 1 }) }),
  ),
  widget('apply with duplicate keys', on('apply', 'a', spec({ containers: [{ name: 'm' }, { name: 'm' }] }))),
  widget('apply with duplicates in a set', on('apply', 'a', spec({ tags: ['x', 'x'] }))),
  widget('apply without a key', on('apply', 'a', spec({ containers: [{ image: 'x' }] }))),
  widget('apply of an unknown field', on('apply', 'a', spec({ bogus: 1, replicas: 1 }))),
  widget('apply of a wrong type', on('apply', 'a', spec({ replicas: 'two' }))),
  widget(
    'apply of several wrong types',
    on('apply', 'a', spec({ replicas: 'two', note: 1, settings: 'x', tags: { a: 1 } })),
  ),
  widget(
    'test that fails',
    on('create', 'a', spec({ replicas: 1 })),
    on('json', 'b', [{ op: 'test', path: '/spec/replicas', value: 2 }]),
  ),
  widget(
    'path that is not there',
    on('create', 'a', spec({ replicas: 1 })),
    on('json', 'b', [{ op: 'replace', path: '/spec/note', value: 'x' }]),
    on('json', 'b', [{ op: 'remove', path: '/spec/tags/0' }]),
    on('json', 'b', [{ op: 'add', path: '/spec/free/a/b', value: 1 }]),
  ),
  widget(
    'unknown operation',
    on('create', 'a', spec({ replicas: 1 })),
    on('json', 'b', [{ op: 'bogus', path: '/spec/replicas' }]),
  ),
  widget(
    'no list of operations',
    on('create', 'a', spec({ replicas: 1 })),
    on('json', 'b', { op: 'add' }),
    on('json', 'b', ['add']),
    on('json', 'b', [{ op: 1, path: '/x' }]),
  ),
  widget(
    'a merge patch that is a list',
    on('create', 'a', spec({ replicas: 1 })),
    on('merge', 'b', [{ spec: {} }]),
    on('merge', 'b', null),
  ),
  widget(
    'every operation',
    on('create', 'a', spec({ replicas: 1, tags: ['a', 'b'], settings: { 'a/b': '1', 'c~d': '2' } })),
    on('json', 'b', [
      { op: 'test', path: '/spec/replicas', value: 1 },
      { op: 'add', path: '/spec/tags/1', value: 'c' },
      { op: 'add', path: '/spec/tags/-', value: 'd' },
      { op: 'move', from: '/spec/settings/a~1b', path: '/spec/settings/moved' },
      { op: 'copy', from: '/spec/settings/c~0d', path: '/spec/note' },
      { op: 'remove', path: '/spec/tags/0' },
      { op: 'replace', path: '/spec/replicas', value: 7 },
    ]),
  ),
];

/** More writers than an object keeps apart. */
export const crowd: readonly Sequence[] = [
  widget(
    'twelve updaters',
    on('create', 'm00', spec({ settings: { k00: '1' } })),
    ...Array.from({ length: 12 }, (_, index) => String(index + 1).padStart(2, '0')).map((number) =>
      on('merge', `m${number}`, spec({ settings: { [`k${number}`]: '1' } })),
    ),
  ),
];
