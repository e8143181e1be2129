import type { JsonObject } from '../../../../src/devcluster/api-server/schema/schema.ts';
import { gadget } from '../gadget.ts';
import { configMap, pod, pool } from '../manifests.ts';
import { apply, get, jsonPatch, mergePatch, post, put, type Case, type RequestStep } from '../step.ts';
import { changed } from '../references.ts';

/** `path` applied by `manager`; with `force` it takes over what others own. */
function by(manager: string, path: string, body: JsonObject, force = false): RequestStep {
  return apply(`${path}?fieldManager=${manager}${force ? '&force=true' : ''}`, body);
}

const one = (spec: JsonObject, metadata?: JsonObject): RequestStep =>
  by('one', 'gadgets/a', gadget('a', spec, metadata));
const two = (spec: JsonObject, force = false): RequestStep =>
  by('two', 'gadgets/a', gadget('a', spec), force);

export const serverSideApply: readonly Case[] = [
  { name: 'apply creates', steps: [one({ size: 1 }), get('gadgets/a')] },
  { name: 'apply twice changes nothing', steps: [one({ size: 1 }), one({ size: 1 }), one({ size: 2 })] },
  {
    name: 'apply removes what its manager no longer says',
    steps: [one({ size: 1, title: 'abc' }), one({ size: 1 })],
  },
  {
    name: 'apply leaves what others own',
    steps: [one({ size: 1 }), two({ title: 'abc' }), one({ size: 2 }), two({})],
  },
  {
    name: 'apply conflicts',
    steps: [
      one({ size: 1, title: 'abc' }),
      two({ size: 2 }),
      two({ size: 2, title: 'xyz' }),
      two({ size: 2 }, true),
      one({ size: 1 }),
    ],
  },
  {
    name: 'apply of the same value shares',
    steps: [one({ size: 1 }), two({ size: 1 }), one({}), one({ size: 5 })],
  },
  {
    name: 'apply conflicts with an update',
    steps: [
      post('gadgets', gadget('a', { size: 3 })),
      one({ size: 4 }),
      by('one', 'gadgets/a', gadget('a', { size: 4 }), true),
    ],
  },
  {
    name: 'an update takes fields from an applier',
    steps: [
      one({ size: 1, title: 'abc' }),
      mergePatch('gadgets/a?fieldManager=writer', { spec: { size: 2 } }),
      one({ size: 1, title: 'abc' }),
      one({ title: 'abc' }),
      get('gadgets/a', { as: 'now' }),
      put('gadgets/a?fieldManager=writer', changed('now', { 'spec.title': undefined })),
    ],
  },
  {
    name: 'apply merges lists of every type',
    steps: [
      one({ tags: ['a', 'b'], plain: [1, 2], ports: [{ number: 1, name: 'x' }] }),
      two({ tags: ['b', 'c'], ports: [{ number: 2 }, { number: 1, protocol: 'UDP' }] }),
      one({ tags: ['b'], plain: [1, 2], ports: [{ number: 1, name: 'y' }] }),
      two({ plain: [3] }),
      two({ plain: [3] }, true),
      two({ tags: [] }),
    ],
  },
  {
    name: 'apply merges maps of every type',
    steps: [
      one({ map: { a: '1', b: '2' }, atomicMap: { a: '1' } }),
      two({ map: { c: '3' }, atomicMap: { b: '2' } }),
      two({ map: { c: '3' } }),
      two({ map: { a: '9' } }),
      one({ map: {} }),
      one({ atomicMap: { a: '1', c: '3' } }),
    ],
  },
  {
    name: 'apply of free fields',
    steps: [
      one({ free: { a: { b: [1, { c: 2 }] } }, half: { known: 1, other: { x: 1 } } }),
      two({ free: { a: { d: 1 } }, half: { other: { y: 2 } } }),
      two({ free: { a: { b: [1] } } }),
      one({ half: { known: 2 } }),
    ],
  },
  {
    name: 'apply with duplicates in a list',
    steps: [
      one({ tags: ['a', 'a'] }),
      one({ ports: [{ number: 1 }, { number: 1 }] }),
      one({ ports: [{ name: 'no key' }] }),
      one({ ports: 'text' }),
    ],
  },
  {
    name: 'apply of a null',
    steps: [one({ size: 1, note: null }), one({ size: 1, title: null }), one({ size: 1, tags: null })],
  },
  {
    name: 'apply refuses',
    steps: [
      apply('gadgets/a', gadget('a')),
      apply('gadgets/a?fieldManager=', gadget('a')),
      apply(`gadgets/a?fieldManager=${'x'.repeat(129)}`, gadget('a')),
      apply('gadgets/a?fieldManager=a%00b', gadget('a')),
      apply('gadgets/a?fieldManager=one&force=maybe', gadget('a')),
      by('one', 'gadgets/a', gadget('b')),
      by('one', 'gadgets/a', { kind: 'Gadget', metadata: { name: 'a' } }),
      by('one', 'gadgets/a', { apiVersion: 'gadgets.example.com/v1', metadata: { name: 'a' } }),
      by('one', 'gadgets/a', configMap('a')),
      by('one', 'gadgets/a', gadget('a', {}, { managedFields: [{ manager: 'x' }] })),
      by('one', 'gadgets/a', gadget('a', { size: 'big' })),
      by('one', 'gadgets/a', gadget('a', { unknown: 1 })),
      apply('gadgets/a?fieldManager=one', '{"a":'),
      apply('gadgets/a?fieldManager=one', '- 1\n- 2\n'),
      apply('configmaps/a?fieldManager=one', '- 1\n- 2\n'),
      apply('configmaps/a?fieldManager=one', configMap('a', { k: 5 })),
      apply('configmaps/a?fieldManager=one', { ...configMap('a'), nonsense: 1 }),
      apply('configmaps/a?fieldManager=one', configMap('b')),
      apply('configmaps/a', configMap('a')),
      mergePatch('configmaps/a?force=true', {}),
    ],
  },
  {
    name: 'apply with a resourceVersion',
    steps: [
      by('one', 'configmaps/a', configMap('a', {}, { resourceVersion: '1' })),
      post('configmaps', configMap('a'), { as: 'made' }),
      by('one', 'configmaps/a', configMap('a', { x: 'y' }, { resourceVersion: '1' })),
      by(
        'one',
        'configmaps/a',
        configMap('a', { x: 'y' }, { resourceVersion: '$made.metadata.resourceVersion' }),
      ),
      by('one', 'configmaps/a', configMap('a', { x: 'z' }, { uid: '12345678-1234-1234-1234-123456789012' })),
    ],
  },
  {
    name: 'apply of YAML',
    steps: [
      apply(
        'configmaps/a?fieldManager=one',
        'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  # a comment\n  text: |\n    two\n    lines\n',
      ),
    ],
  },
  {
    name: 'apply to a status',
    steps: [
      one({ size: 1 }),
      by('keeper', 'gadgets/a/status', {
        ...gadget('a', { size: 9 }),
        status: { phase: 'Good', conditions: [{ type: 'A', status: 'True' }] },
      }),
      by('other', 'gadgets/a/status', {
        ...gadget('a'),
        status: { conditions: [{ type: 'B', status: 'True' }] },
      }),
      by('other', 'gadgets/a/status', { ...gadget('a'), status: { phase: 'Bad' } }),
      by('keeper', 'gadgets/a/status', { ...gadget('a'), status: { phase: 'Better' } }),
      one({ size: 2 }),
    ],
  },
  {
    name: 'apply to a status of what is absent',
    steps: [by('one', 'gadgets/a/status', gadget('a')), by('one', 'pods/a/status', pod('a'))],
  },
  {
    name: 'apply to a pool',
    steps: [
      by('user', 'minerpools/a', pool('a', { replicas: 2 })),
      mergePatch('minerpools/a/scale?fieldManager=autoscaler', { spec: { replicas: 5 } }),
      by('user', 'minerpools/a', pool('a', { replicas: 2 })),
      by('user', 'minerpools/a', pool('a')),
      by(
        'user',
        'minerpools/a',
        pool('a', {
          template: {
            spec: {
              containers: [
                { name: 'miner', image: 'miner:2' },
                { name: 'side', image: 's' },
              ],
            },
          },
        }),
      ),
    ],
  },
  {
    name: 'apply to a pod',
    steps: [
      by(
        'user',
        'pods/a',
        pod('a', {
          containers: [
            { name: 'main', image: 'i', env: [{ name: 'A', value: '1' }], ports: [{ containerPort: 80 }] },
          ],
        }),
      ),
      by('other', 'pods/a', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', labels: { x: 'y' } } }),
      by('other', 'pods/a', pod('a', { containers: [{ name: 'main', image: 'j' }] })),
      by(
        'user',
        'pods/a',
        pod('a', {
          containers: [
            { name: 'main', image: 'i2', env: [{ name: 'A', value: '1' }], ports: [{ containerPort: 80 }] },
          ],
        }),
      ),
    ],
  },
  {
    name: 'apply to a config map by two',
    steps: [
      by('one', 'configmaps/a', configMap('a', { a: '1' }, { labels: { x: '1' } })),
      by('two', 'configmaps/a', configMap('a', { b: '2' }, { annotations: { y: '2' } })),
      by('two', 'configmaps/a', configMap('a', { a: '3' })),
      by('two', 'configmaps/a', configMap('a', { a: '3' }), true),
      by('one', 'configmaps/a', configMap('a', {})),
    ],
  },
  {
    name: 'apply owner references and finalizers by two',
    steps: [
      one(
        {},
        {
          finalizers: ['example.com/a'],
          ownerReferences: [{ apiVersion: 'v1', kind: 'X', name: 'x', uid: '1' }],
        },
      ),
      by(
        'two',
        'gadgets/a',
        gadget(
          'a',
          {},
          {
            finalizers: ['example.com/b'],
            ownerReferences: [{ apiVersion: 'v1', kind: 'Y', name: 'y', uid: '2' }],
          },
        ),
      ),
      one({}, { finalizers: [] }),
      mergePatch('gadgets/a', { metadata: { finalizers: [] } }),
    ],
  },
  {
    name: 'apply as a dry run',
    steps: [
      apply('gadgets/a?fieldManager=one&dryRun=All', gadget('a')),
      get('gadgets/a'),
      one({ size: 1 }),
      apply('gadgets/a?fieldManager=one&dryRun=All', gadget('a', { size: 7 })),
      get('gadgets/a'),
    ],
  },
  {
    name: 'apply through another version',
    steps: [
      one({ size: 1 }),
      by('two', 'gadgets@v2/a', {
        apiVersion: 'gadgets.example.com/v2',
        kind: 'Gadget',
        metadata: { name: 'a' },
        spec: { second: 'x', color: 'red' },
      }),
      get('gadgets/a'),
      by('one', 'gadgets@v2/a', {
        apiVersion: 'gadgets.example.com/v2',
        kind: 'Gadget',
        metadata: { name: 'a' },
        spec: { size: 2 },
      }),
    ],
  },
  {
    name: 'managed fields of every kind of write',
    steps: [
      post(
        'gadgets?fieldManager=maker',
        gadget('a', { size: 1, tags: ['a'], ports: [{ number: 1 }] }, { labels: { a: 'b' } }),
      ),
      mergePatch('gadgets/a?fieldManager=merger', { spec: { tags: ['a', 'b'] } }),
      jsonPatch('gadgets/a?fieldManager=patcher', [
        { op: 'add', path: '/metadata/annotations', value: { x: 'y' } },
      ]),
      mergePatch('gadgets/a/status?fieldManager=keeper', { status: { phase: 'Good' } }),
      mergePatch('gadgets/a?fieldManager=maker', { spec: { size: 2 } }),
      mergePatch('gadgets/a?fieldManager=remover', { spec: { tags: null }, metadata: { labels: null } }),
      mergePatch('gadgets/a', { metadata: { managedFields: [{}] } }),
      mergePatch('gadgets/a', { spec: { size: 3 } }),
    ],
  },
  {
    name: 'managed fields that a writer sets',
    steps: [
      post('configmaps', configMap('a'), { as: 'made' }),
      put('configmaps/a', changed('made', { 'metadata.managedFields': undefined, 'data.x': 'y' })),
      mergePatch('configmaps/a', {
        metadata: {
          managedFields: [
            { manager: 'x', operation: 'Twist', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: {} },
          ],
        },
      }),
      mergePatch('configmaps/a', {
        metadata: {
          managedFields: [
            {
              manager: 'x',
              operation: 'Update',
              apiVersion: 'v1',
              fieldsType: 'FieldsV1',
              fieldsV1: { 'f:data': { 'f:x': {} } },
            },
          ],
        },
      }),
      mergePatch('configmaps/a', { metadata: { managedFields: null } }),
    ],
  },
  {
    name: 'the name of a manager comes from the user agent',
    steps: [
      post('configmaps', configMap('a'), { headers: { 'user-agent': 'kubectl/v1.37 (linux/amd64)' } }),
      post('configmaps', configMap('b'), { headers: { 'user-agent': null } }),
      post('configmaps', configMap('c'), { headers: { 'user-agent': 'Mozilla' } }),
    ],
  },
];
