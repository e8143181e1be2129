import { gadget } from '../gadget.ts';
import { configMap, lease, pod, pool, secret } from '../manifests.ts';
import { accept, get, mergePatch, post, remove, watch, type Case } from '../step.ts';

const streamed = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
const label = (value: string | null) => ({ metadata: { labels: { show: value } } });

const life = [
  post('gadgets', gadget('x')),
  mergePatch('gadgets/x', { spec: { size: 2 } }),
  mergePatch('gadgets/x', { spec: { size: 2 } }),
  remove('gadgets/x'),
];

export const watches: readonly Case[] = [
  {
    name: 'watch from a list',
    steps: [
      get('gadgets', { as: 'list' }),
      watch('gadgets?resourceVersion=$list.metadata.resourceVersion', 3, life),
    ],
  },
  {
    name: 'watch replays what came after a resourceVersion',
    steps: [
      post('gadgets', gadget('a'), { as: 'a' }),
      post('gadgets', gadget('b'), { as: 'b' }),
      ...life,
      watch('gadgets?resourceVersion=$a.metadata.resourceVersion', 4),
      watch('gadgets?resourceVersion=$b.metadata.resourceVersion', 3),
    ],
  },
  {
    name: 'watch without a resourceVersion',
    steps: [
      post('gadgets', gadget('a')),
      post('gadgets', gadget('b')),
      watch('gadgets', 2),
      watch('gadgets?resourceVersion=0', 2),
      watch('gadgets?resourceVersion=', 2),
    ],
  },
  {
    name: 'watch streams a list',
    steps: [
      post('gadgets', gadget('b')),
      post('gadgets', gadget('a')),
      watch(`gadgets?${streamed}`, 'initial events end'),
      watch(`gadgets?${streamed}&resourceVersion=0`, 'initial events end'),
      watch(`gadgets?${streamed}&labelSelector=none`, 'initial events end'),
      watch(`gadgets?${streamed}`, 4, [get('gadgets'), post('gadgets', gadget('c'))]),
    ],
  },
  {
    name: 'watch streams a list of built-in objects',
    steps: [
      post('leases', lease('b')),
      post('leases', lease('a')),
      watch(`leases?${streamed}`, 'initial events end'),
      watch('leases?sendInitialEvents=false&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true', 1, [
        post('leases', lease('c')),
      ]),
    ],
  },
  {
    name: 'watch with bad options',
    steps: [
      watch('gadgets?sendInitialEvents=true', 'end'),
      watch('gadgets?sendInitialEvents=true&resourceVersionMatch=Exact', 'end'),
      watch('gadgets?resourceVersionMatch=NotOlderThan&resourceVersion=1', 'end'),
      watch('gadgets?resourceVersion=abc', 'end'),
      watch('gadgets?timeoutSeconds=abc', 'end'),
      watch('gadgets?labelSelector=a%20b', 'end'),
      watch('gadgets?fieldSelector=spec.nothing%3D1', 'end'),
      watch('secrets?sendInitialEvents=true', 'end'),
      watch('secrets?resourceVersion=abc', 'end'),
      watch('secrets?fieldSelector=spec.nothing%3D1', 'end'),
      get('secrets?sendInitialEvents=true'),
      watch('gadgets?continue=abc&limit=1&timeoutSeconds=1', 'end'),
    ],
  },
  {
    name: 'watch with a label selector',
    steps: [
      get('gadgets', { as: 'list' }),
      watch('gadgets?labelSelector=show%3Dyes&resourceVersion=$list.metadata.resourceVersion', 5, [
        post('gadgets', gadget('a')),
        mergePatch('gadgets/a', label('yes')),
        mergePatch('gadgets/a', { spec: { size: 5 } }),
        mergePatch('gadgets/a', label('no')),
        mergePatch('gadgets/a', { spec: { size: 6 } }),
        mergePatch('gadgets/a', label('yes')),
        remove('gadgets/a'),
      ]),
    ],
  },
  {
    name: 'watch with a field selector',
    steps: [
      post('pods', pod('p'), { as: 'made' }),
      watch('pods?fieldSelector=status.phase%3DRunning&resourceVersion=$made.metadata.resourceVersion', 2, [
        mergePatch('pods/p/status', { status: { phase: 'Running' } }),
        mergePatch('pods/p/status', { status: { phase: 'Succeeded' } }),
      ]),
    ],
  },
  {
    name: 'watch one object',
    steps: [
      post('gadgets', gadget('a'), { as: 'made' }),
      watch('gadgets?fieldSelector=metadata.name%3Da&resourceVersion=$made.metadata.resourceVersion', 2, [
        post('gadgets', gadget('b')),
        mergePatch('gadgets/a', { spec: { size: 7 } }),
        remove('gadgets/b'),
        remove('gadgets/a'),
      ]),
    ],
  },
  {
    name: 'watch one object by its path',
    steps: [
      post('secrets', secret('a')),
      watch('secrets/a', 1),
      watch('/api/v1/watch/namespaces/$ns/secrets?resourceVersion=0', 1),
      watch('/api/v1/watch/namespaces/$ns/secrets/a', 1),
    ],
  },
  {
    name: 'watch that times out',
    steps: [
      post('secrets', secret('a'), { as: 'made' }),
      watch('secrets?timeoutSeconds=1&resourceVersion=$made.metadata.resourceVersion', 'end'),
      watch('gadgets?timeoutSeconds=1', 'end'),
    ],
  },
  {
    name: 'watch of all namespaces',
    steps: [
      post('gadgets', gadget('a', { size: 1 }, { labels: { only: '$ns' } }), { as: 'made' }),
      watch(
        '/apis/gadgets.example.com/v1/gadgets?labelSelector=only%3D$ns&resourceVersion=$made.metadata.resourceVersion',
        2,
        [mergePatch('gadgets/a', { spec: { size: 3 } }), remove('gadgets/a')],
      ),
    ],
  },
  {
    name: 'watch through another version',
    steps: [
      post('gadgets', gadget('a'), { as: 'made' }),
      watch('gadgets@v2?resourceVersion=$made.metadata.resourceVersion', 1, [
        mergePatch('gadgets/a', { spec: { size: 3 } }),
      ]),
      watch('gadgets@v2', 1),
    ],
  },
  {
    name: 'watch of an object with finalizers',
    steps: [
      post('gadgets', gadget('a', { size: 1 }, { finalizers: ['example.com/f'] }), { as: 'made' }),
      watch('gadgets?resourceVersion=$made.metadata.resourceVersion', 2, [
        remove('gadgets/a'),
        mergePatch('gadgets/a', { metadata: { finalizers: null } }),
      ]),
    ],
  },
  {
    name: 'watch of a pod that goes',
    steps: [
      post('pods', pod('a', { nodeName: 'nowhere-watched' }), { as: 'made' }),
      watch('pods?resourceVersion=$made.metadata.resourceVersion', 2, [
        remove('pods/a'),
        remove('pods/a?gracePeriodSeconds=0'),
      ]),
    ],
  },
  {
    name: 'watch of a pool',
    steps: [
      get('minerpools', { as: 'list' }),
      watch('minerpools?resourceVersion=$list.metadata.resourceVersion&allowWatchBookmarks=true', 4, [
        post('minerpools', pool('a')),
        mergePatch('minerpools/a/status', { status: { replicas: 1 } }),
        mergePatch('minerpools/a/scale', { spec: { replicas: 3 } }),
        remove('minerpools/a'),
      ]),
    ],
  },
  {
    name: 'watch as a table',
    steps: [
      post('gadgets', gadget('a'), { as: 'made' }),
      watch('gadgets', 2, [post('gadgets', gadget('b'))], { headers: accept.table }),
      watch('gadgets?includeObject=Object', 2, [], { headers: accept.table }),
      watch('pods?resourceVersion=$made.metadata.resourceVersion', 1, [post('pods', pod('p'))], {
        headers: accept.table,
      }),
      watch(`gadgets?${streamed}`, 3, [], { headers: accept.table }),
    ],
  },
  {
    name: 'watch of metadata alone',
    steps: [
      post('configmaps', configMap('a', {}, { labels: { only: 'this' } }), { as: 'made' }),
      watch('configmaps?labelSelector=only%3Dthis', 1, [], { headers: accept.partial }),
      watch(
        'configmaps?labelSelector=only%3Dthis&resourceVersion=$made.metadata.resourceVersion',
        1,
        [mergePatch('configmaps/a', { data: { x: 'y' } })],
        { headers: accept.partial },
      ),
    ],
  },
];
