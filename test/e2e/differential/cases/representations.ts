import { gadget } from '../gadget.ts';
import { configMap, lease, node, pod, pool, secret } from '../manifests.ts';
import type { Json } from '../../../../src/devcluster/api-server/schema/schema.ts';
import { accept, apply, get, mergePatch, post, put, remove, request, type Case } from '../step.ts';

const yaml = { 'content-type': 'application/yaml' };
const v1 = (kind: string, name: string, more = {}) => ({
  apiVersion: 'v1',
  kind,
  metadata: { name },
  ...more,
});

/** One object of each kind with cells worth seeing. */
const tables: readonly [collection: string, name: string, object: ReturnType<typeof pod>][] = [
  ['configmaps', 'a', configMap('a', { a: '1', b: '2' }, { labels: { table: 'yes' } })],
  [
    'secrets',
    'a',
    secret('a', { type: 'example.com/t', stringData: { a: 'b' } }, { labels: { table: 'yes' } }),
  ],
  ['leases', 'a', lease('a', { labels: { table: 'yes' } })],
  [
    'pods',
    'a',
    pod(
      'a',
      { nodeName: 'elsewhere', readinessGates: [{ conditionType: 'x' }] },
      { labels: { table: 'yes' } },
    ),
  ],
  [
    'services',
    'a',
    {
      ...v1('Service', 'a', { spec: { clusterIP: 'None', selector: { x: 'y' }, ports: [{ port: 80 }] } }),
      metadata: { name: 'a', labels: { table: 'yes' } },
    },
  ],
  [
    'serviceaccounts',
    'a',
    { ...v1('ServiceAccount', 'a'), metadata: { name: 'a', labels: { table: 'yes' } } },
  ],
  [
    'controllerrevisions',
    'a',
    {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        name: 'a',
        labels: { table: 'yes' },
        ownerReferences: [
          { apiVersion: 'v1', kind: 'Namespace', name: '$ns', uid: '$owner.metadata.uid', controller: true },
        ],
      },
      revision: 3,
      data: {},
    },
  ],
  [
    'priorityclasses',
    '$ns',
    {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: '$ns', labels: { table: '$ns' } },
      value: 7,
    },
  ],
  ['minerpools', 'a', pool('a', { gpus: { models: ['x', 'y'] } }, { labels: { table: 'yes' } })],
  [
    'gadgets',
    'a',
    gadget(
      'a',
      {
        size: 5,
        tags: ['a', 'b'],
        ports: [{ number: 1 }, { number: 2 }],
        enabled: true,
        when: '2020-01-01T00:00:00Z',
      },
      { labels: { table: 'yes' } },
    ),
  ],
];

/** A table whose rows show their cells only: to a node's object its controllers write meanwhile. */
function withoutObjects(table: Json): Json {
  const { rows, ...rest } = table as { rows: { cells: Json }[] };
  return { ...rest, rows: rows.map(({ cells }) => ({ cells })) };
}

export const representations: readonly Case[] = [
  ...tables.map(([collection, name, object]): Case => {
    const selector = `labelSelector=table%3D${name === 'a' ? 'yes' : '$ns'}`;
    return {
      name: `table of ${collection}`,
      steps: [
        get('namespaces/$ns', { as: 'owner', pick: () => null }),
        post(collection, object, { pick: () => null }),
        get(`${collection}/${name}`, { headers: accept.table }),
        get(`${collection}?${selector}`, { headers: accept.table }),
        get(`${collection}?${selector}&includeObject=Object`, { headers: accept.table }),
        get(`${collection}?${selector}&includeObject=None`, { headers: accept.table }),
        get(`${collection}/zzz`, { headers: accept.table }),
        get(`${collection}?labelSelector=none%3Dsuch`, { headers: accept.table }),
      ],
    };
  }),
  {
    name: 'table of events',
    steps: [
      post('events', {
        ...v1('Event', 'a'),
        involvedObject: { kind: 'Pod', namespace: '$ns', name: 'p' },
        reason: 'R',
        message: 'm',
        type: 'Normal',
        firstTimestamp: '2020-01-01T00:00:00Z',
        lastTimestamp: '2020-01-01T00:00:00Z',
        count: 3,
        source: { component: 'c', host: 'h' },
      }),
      get('events/a', {
        headers: accept.table,
        pick: (body) =>
          JSON.parse(JSON.stringify(body).replaceAll(/"6y\d+d"|"\d+y\d*d?"/g, '"<age>"')) as typeof body,
      }),
    ],
  },
  {
    name: 'table of a namespace and a node',
    steps: [
      get('namespaces/$ns', { headers: accept.table }),
      post(
        'nodes',
        node('$ns', { unschedulable: true }, { labels: { 'node-role.kubernetes.io/worker': '' } }),
        { pick: () => null },
      ),
      get('nodes/$ns', {
        headers: accept.table,
        pick: withoutObjects,
      }),
    ],
  },
  {
    name: 'table of pods in every state',
    steps: [
      ...['Running', 'Succeeded', 'Failed', 'Unknown'].flatMap((phase, index) => [
        post('pods', pod(`p${index}`, { initContainers: [{ name: 'init', image: 'i' }] })),
        mergePatch(
          `pods/p${index}/status`,
          {
            status: {
              phase,
              podIP: '1.2.3.4',
              podIPs: [{ ip: '1.2.3.4' }],
              containerStatuses: [
                {
                  name: 'main',
                  ready: index === 0,
                  restartCount: index,
                  image: 'i',
                  imageID: '',
                  state:
                    [
                      { running: {} },
                      { terminated: { exitCode: 0, reason: 'Completed' } },
                      { terminated: { exitCode: 3 } },
                      { waiting: { reason: 'CrashLoopBackOff' } },
                    ][index] ?? {},
                },
              ],
            },
          },
          { pick: () => null },
        ),
      ]),
      post('pods', pod('going', { nodeName: 'x' }), { pick: () => null }),
      remove('pods/going', undefined, { pick: () => null }),
      get('pods', { headers: accept.table }),
    ],
  },
  {
    name: 'table through other accept headers',
    steps: [
      post('gadgets', gadget('a')),
      get('gadgets', {
        headers: {
          accept:
            'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json',
        },
      }),
      get('gadgets', { headers: { accept: 'application/json;as=Table;v=v1beta1;g=meta.k8s.io' } }),
      get('gadgets', { headers: { accept: 'application/json;as=Table;v=v2;g=meta.k8s.io' } }),
      get('gadgets', { headers: { accept: 'application/json;as=Chair;v=v1;g=meta.k8s.io' } }),
      get('gadgets', {
        headers: { accept: 'application/json;as=Chair;v=v1;g=meta.k8s.io, application/json' },
      }),
      get('gadgets?includeObject=Maybe', { headers: accept.table }),
      get('gadgets@v2', { headers: accept.table }),
      post('gadgets', gadget('b'), { headers: accept.table }),
    ],
  },
  {
    name: 'metadata alone',
    steps: [
      post('configmaps', configMap('a', {}, { labels: { x: 'y' } })),
      get('configmaps/a', { headers: accept.partial }),
      get('configmaps?labelSelector=x%3Dy', { headers: accept.partialList }),
      get('configmaps?labelSelector=x%3Dy', { headers: accept.partial }),
      get('configmaps/a', { headers: accept.partialList }),
      post('gadgets', gadget('a')),
      get('gadgets/a', { headers: accept.partial }),
      get('gadgets', { headers: accept.partialList }),
      mergePatch('gadgets/a', { spec: { size: 2 } }, { headers: accept.partial }),
    ],
  },
  {
    name: 'content types that are accepted',
    steps: [
      post('configmaps', configMap('a')),
      ...[
        '*/*',
        'application/*',
        'application/json, */*',
        '',
        'text/html',
        'application/xml',
        'application/json;q=0.5',
        'text/html, application/json;q=0.9',
        null,
      ].map((type) => get('configmaps/a', { headers: { accept: type } })),
      post('gadgets', gadget('a')),
      get('gadgets/a', { headers: { accept: 'text/html' } }),
      get('gadgets/a', { headers: { accept: 'application/vnd.kubernetes.protobuf' } }),
      get('gadgets/a', { headers: { accept: '*/*' } }),
      get('configmaps/a', { headers: { accept: 'application/yaml' } }),
      get('gadgets/a', { headers: { accept: 'application/yaml' } }),
    ],
  },
  {
    name: 'content types of bodies',
    steps: [
      post('configmaps', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {k: v}\n', {
        headers: yaml,
      }),
      post(
        'gadgets',
        'apiVersion: gadgets.example.com/v1\nkind: Gadget\nmetadata: {name: a}\nspec: {size: 5}\n',
        { headers: yaml },
      ),
      put(
        'gadgets/a',
        'apiVersion: gadgets.example.com/v1\nkind: Gadget\nmetadata: {name: a}\nspec: {size: 6}\n',
        { headers: yaml },
      ),
      post('configmaps', 'kind: [', { headers: yaml }),
      post('gadgets', 'kind: [', { headers: yaml }),
      post('configmaps', JSON.stringify(configMap('b')), { headers: { 'content-type': null } }),
      post('configmaps', JSON.stringify(configMap('c')), { headers: { 'content-type': 'text/plain' } }),
      post('configmaps', JSON.stringify(configMap('d')), {
        headers: { 'content-type': 'application/json; charset=utf-8' },
      }),
      post('configmaps', JSON.stringify(configMap('e')), { headers: { 'content-type': 'nonsense' } }),
      post('gadgets', JSON.stringify(gadget('c')), { headers: { 'content-type': 'text/plain' } }),
      put('configmaps/a', JSON.stringify(configMap('a')), { headers: { 'content-type': 'application/xml' } }),
    ],
  },
  {
    name: 'dry runs',
    steps: [
      post('configmaps?dryRun=All', configMap('a')),
      get('configmaps/a'),
      post('configmaps', configMap('a')),
      post('configmaps?dryRun=All', configMap('a')),
      put('configmaps/a?dryRun=All', configMap('a', { x: 'y' })),
      mergePatch('configmaps/a?dryRun=All', { data: { z: 'y' } }),
      get('configmaps/a'),
      post('gadgets?dryRun=All', gadget('a')),
      get('gadgets/a'),
      post('gadgets?dryRun=Some', gadget('a')),
      post('configmaps?dryRun=', configMap('b')),
      post(
        'gadgets?dryRun=All',
        gadget(undefined as unknown as string, { size: 1 }, { generateName: 'made-' }),
      ),
      post('gadgets?dryRun=All', gadget('a', { size: 1000 })),
    ],
  },
  ...(['Strict', 'Warn', 'Ignore', '', 'Maybe'] as const).map((validation): Case => {
    const query = `fieldValidation=${validation}`;
    return {
      name: `field validation ${validation === '' ? 'left out' : validation}`,
      steps: [
        post(`configmaps?${query}`, { ...configMap('a'), nonsense: 1, more: { x: 1 } }),
        post(
          `pods?${query}`,
          pod('a', { nonsense: 1, containers: [{ name: 'main', image: 'i', imag: 'x' }] }),
        ),
        post(`gadgets?${query}`, gadget('a', { size: 1, nonsense: 1, nested: { other: 2 } })),
        post(`minerpools?${query}`, pool('a', { replica: 1 })),
        post(
          `configmaps?${query}`,
          '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"},"data":{"a":"1","a":"2"}}',
        ),
        post(
          `gadgets?${query}`,
          '{"apiVersion":"gadgets.example.com/v1","kind":"Gadget","metadata":{"name":"b"},"spec":{"size":1,"size":2}}',
        ),
        put(`configmaps/a?${query}`, { ...configMap('a'), nonsense: 1 }),
        put(`gadgets/a?${query}`, gadget('a', { size: 1, nonsense: 1 })),
        mergePatch(`configmaps/a?${query}`, { nonsense: 1 }),
        mergePatch(`gadgets/a?${query}`, { spec: { nonsense: 1 } }),
        apply(`gadgets/c?fieldManager=x&${query}`, gadget('c', { nonsense: 1 })),
        request('PATCH', `gadgets/a?${query}`, [{ op: 'add', path: '/spec/nonsense', value: 1 }], {
          headers: { 'content-type': 'application/json-patch+json' },
        }),
      ],
    };
  }),
];
