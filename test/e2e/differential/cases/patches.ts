import type { Json, JsonObject } from '../../../../src/devcluster/api-server/schema/schema.ts';
import { gadget } from '../gadget.ts';
import { configMap, pod } from '../manifests.ts';
import { get, jsonPatch, mergePatch, post, request, strategicPatch, type Case, type Step } from '../step.ts';

const jsonPatches: readonly [what: string, ...patches: Json[]][] = [
  ['add and remove', [{ op: 'add', path: '/data/x', value: 'y' }], [{ op: 'remove', path: '/data/x' }]],
  ['replace', [{ op: 'replace', path: '/data/k', value: 'w' }]],
  [
    'a test that holds',
    [
      { op: 'test', path: '/data/k', value: 'v' },
      { op: 'remove', path: '/data/k' },
    ],
  ],
  ['a test that fails', [{ op: 'test', path: '/data/k', value: 'x' }]],
  [
    'copy and move',
    [
      { op: 'copy', from: '/data/k', path: '/data/c' },
      { op: 'move', from: '/data/k', path: '/data/m' },
    ],
  ],
  ['remove of what is absent', [{ op: 'remove', path: '/data/nothing' }]],
  ['replace of what is absent', [{ op: 'replace', path: '/data/nothing', value: 'x' }]],
  ['test of what is absent', [{ op: 'test', path: '/data/nothing', value: 'x' }]],
  ['add below what is absent', [{ op: 'add', path: '/nothing/below', value: 'x' }]],
  ['copy from what is absent', [{ op: 'copy', from: '/data/nothing', path: '/data/c' }]],
  ['an unknown operation', [{ op: 'twist', path: '/data/k' }]],
  ['an operation without a path', [{ op: 'add', value: 'x' }]],
  ['an add without a value', [{ op: 'add', path: '/data/x' }]],
  ['a path without a slash', [{ op: 'add', path: 'data', value: 'x' }]],
  ['no list', { op: 'add', path: '/data/x', value: 'y' }],
  ['no JSON', '[{'],
  [
    'an escaped path',
    [{ op: 'add', path: '/metadata/annotations', value: { 'a/b~c': '1' } }],
    [{ op: 'replace', path: '/metadata/annotations/a~1b~0c', value: '2' }],
  ],
  ['a value of a wrong type', [{ op: 'add', path: '/data/x', value: 5 }]],
  ['nothing', []],
  ['a name that changes', [{ op: 'replace', path: '/metadata/name', value: 'other' }]],
  ['a uid that does not fit', [{ op: 'test', path: '/metadata/uid', value: 'other' }]],
];

const mergePatches: readonly [what: string, ...patches: Json[]][] = [
  ['changes and removes', { data: { k: null, x: 'y' } }],
  ['removes a map', { data: null }],
  ['nothing', {}],
  ['a stale resourceVersion', { metadata: { resourceVersion: '1' }, data: { x: 'y' } }],
  [
    'the right resourceVersion',
    { metadata: { resourceVersion: '$made.metadata.resourceVersion' }, data: { x: 'y' } },
  ],
  ['a list', [{ data: {} }]],
  ['a string', '"text"'],
  ['no JSON', '{"a":'],
  ['a wrong type', { data: 'text' }],
  ['a null that was never there', { metadata: { labels: { gone: null } } }],
];

function onBoth(patch: typeof jsonPatch, patches: readonly Json[]): Step[] {
  return [
    post('configmaps', configMap('a'), { as: 'made' }),
    ...patches.map((each) => patch('configmaps/a', each)),
    post('gadgets', { ...gadget('a', { size: 1, map: { k: 'v' } }), data: { k: 'v' } }, { as: 'made' }),
    ...patches.map((each) =>
      patch(
        'gadgets/a',
        typeof each === 'string'
          ? each
          : (JSON.parse(
              JSON.stringify(each).replaceAll('/data/', '/spec/map/').replaceAll('"data":', '"spec":'),
            ) as Json),
      ),
    ),
  ];
}

const rich = pod(
  'a',
  {
    containers: [
      {
        name: 'one',
        image: 'a:1',
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
        ports: [{ containerPort: 80 }],
      },
      { name: 'two', image: 'b:1' },
    ],
    tolerations: [{ key: 'x', operator: 'Exists' }],
    volumes: [{ name: 'v', emptyDir: {} }],
  },
  { labels: { a: 'b' }, finalizers: ['example.com/one'] },
);

/** Applied to {@link rich}; strategic merge knows the merge keys of built-in lists. */
const strategic: readonly [what: string, ...patches: JsonObject[]][] = [
  ['one container by its name', { spec: { containers: [{ name: 'two', image: 'b:2' }] } }],
  ['an image by a new container', { spec: { containers: [{ name: 'three', image: 'c' }] } }],
  ['a container deleted', { spec: { containers: [{ name: 'two', $patch: 'delete' }] } }],
  ['an order of containers', { spec: { $setElementOrder: 'wrong', containers: [] } }],
  ['finalizers merged', { metadata: { finalizers: ['example.com/two'] } }],
  ['finalizers deleted', { metadata: { '$deleteFromPrimitiveList/finalizers': ['example.com/one'] } }],
  ['labels replaced', { metadata: { labels: { $patch: 'replace', c: 'd' } } }],
  ['a label removed', { metadata: { labels: { a: null, c: 'd' } } }],
  [
    'an element order',
    {
      '$setElementOrder/x': [],
      metadata: {
        '$setElementOrder/finalizers': ['example.com/two', 'example.com/one'],
        finalizers: ['example.com/two'],
      },
    },
  ],
  ['a toleration more', { spec: { tolerations: [{ key: 'y', operator: 'Exists' }] } }],
  ['an unknown directive', { metadata: { labels: { $patch: 'twist' } } }],
  ['a container without a name', { spec: { containers: [{ image: 'x' }] } }],
  ['conditions by type', { status: { conditions: [{ type: 'x', status: 'True' }] } }],
];

const strategicOfStatus: readonly JsonObject[] = [
  {
    status: {
      conditions: [
        { type: 'Ready', status: 'False', reason: 'One' },
        { type: 'Other', status: 'True' },
      ],
    },
  },
  { status: { conditions: [{ type: 'Ready', status: 'True' }] } },
  { status: { conditions: [{ type: 'Other', $patch: 'delete' }], phase: 'Running' } },
  { status: { $retainKeys: ['phase'], phase: 'Failed' } },
  { status: { podIPs: [{ ip: '10.1.1.1' }], podIP: '10.1.1.1' } },
];

export const patches: readonly Case[] = [
  {
    name: 'JSON patch: indexes from the end',
    steps: [
      post('gadgets', gadget('a', { plain: [1, 2, 3] })),
      jsonPatch('gadgets/a', [{ op: 'replace', path: '/spec/plain/-1', value: 4 }]),
      jsonPatch('gadgets/a', [{ op: 'remove', path: '/spec/plain/-2' }]),
      jsonPatch('gadgets/a', [{ op: 'add', path: '/spec/plain/-1', value: 5 }]),
      jsonPatch('gadgets/a', [{ op: 'test', path: '/spec/plain/-3', value: 1 }]),
      jsonPatch('gadgets/a', [{ op: 'remove', path: '/spec/plain/-9' }]),
    ],
  },
  ...jsonPatches.map(([what, ...each]): Case => ({
    name: `JSON patch: ${what}`,
    steps: onBoth(jsonPatch, each),
  })),
  ...mergePatches.map(([what, ...each]): Case => ({
    name: `merge patch: ${what}`,
    steps: onBoth(mergePatch, each),
  })),
  ...strategic.map(([what, ...each]): Case => ({
    name: `strategic patch: ${what}`,
    steps: [post('pods', rich), ...each.map((patch) => strategicPatch('pods/a', patch))],
  })),
  {
    name: 'strategic patch: the status of a pod',
    steps: [post('pods', rich), ...strategicOfStatus.map((patch) => strategicPatch('pods/a/status', patch))],
  },
  {
    name: 'strategic patch: a custom resource has none',
    steps: [post('gadgets', gadget('a')), strategicPatch('gadgets/a', { spec: { size: 2 } })],
  },
  {
    name: 'a patch of no known type',
    steps: [
      post('configmaps', configMap('a')),
      ...['application/json', 'text/plain', 'application/x-yaml', ''].map((type) =>
        request('PATCH', 'configmaps/a', '{}', { headers: { 'content-type': type } }),
      ),
      post('gadgets', gadget('a')),
      request('PATCH', 'gadgets/a', '{}', { headers: { 'content-type': 'application/json' } }),
      mergePatch('configmaps/a', undefined),
      mergePatch('configmaps/a', '{}', {
        headers: { 'content-type': 'application/merge-patch+json; charset=utf-8' },
      }),
      request('PATCH', 'configmaps', '{}', { headers: { 'content-type': 'application/merge-patch+json' } }),
    ],
  },
  {
    name: 'patches follow each other',
    steps: [
      post('gadgets', gadget('a', { size: 1, tags: ['a'], plain: [1, 2], ports: [{ number: 1 }] })),
      jsonPatch('gadgets/a', [{ op: 'add', path: '/spec/tags/-', value: 'b' }]),
      jsonPatch('gadgets/a', [{ op: 'add', path: '/spec/plain/0', value: 9 }]),
      jsonPatch('gadgets/a', [{ op: 'add', path: '/spec/plain/9', value: 9 }]),
      jsonPatch('gadgets/a', [{ op: 'remove', path: '/spec/ports/0/protocol' }]),
      jsonPatch('gadgets/a', [{ op: 'replace', path: '', value: { spec: {} } }]),
      mergePatch('gadgets/a', { spec: { ports: [{ number: 2 }], color: null, nested: null } }),
      get('gadgets/a'),
    ],
  },
];
