import type { JsonObject } from '../../../../src/devcluster/api-server/schema/schema.ts';
import { gadget } from '../gadget.ts';
import { configMap, lease, node, pod, pool, secret } from '../manifests.ts';
import { changed } from '../references.ts';
import { get, mergePatch, post, put, remove, type Case } from '../step.ts';

const meta = (apiVersion: string, kind: string, name: string, more: JsonObject = {}): JsonObject => ({
  apiVersion,
  kind,
  metadata: { name },
  ...more,
});

/** One object of each kind, and a field to change. Names of cluster-scoped objects hold the namespace. */
const kinds: readonly [path: string, object: JsonObject, change: JsonObject][] = [
  ['configmaps/a', configMap('a'), { 'data.k': 'w' }],
  ['secrets/a', secret('a', { data: { k: 'dg==' } }), { 'stringData.other': 'text' }],
  ['pods/a', pod('a'), { 'spec.containers.0.image': 'image:2' }],
  ['leases/a', lease('a'), { 'spec.holderIdentity': 'you' }],
  ['nodes/$ns', node(), { 'metadata.labels.x': 'y' }],
  ['namespaces/$ns-new', meta('v1', 'Namespace', '$ns-new'), { 'metadata.labels.x': 'y' }],
  ['serviceaccounts/a', meta('v1', 'ServiceAccount', 'a'), { automountServiceAccountToken: false }],
  [
    'services/a',
    meta('v1', 'Service', 'a', { spec: { clusterIP: 'None', selector: { a: 'b' }, ports: [{ port: 80 }] } }),
    { 'spec.ports.0.targetPort': 8080 },
  ],
  [
    'controllerrevisions/a',
    meta('apps/v1', 'ControllerRevision', 'a', { data: { spec: { x: 1 } }, revision: 1 }),
    { revision: 2 },
  ],
  [
    'priorityclasses/$ns',
    meta('scheduling.k8s.io/v1', 'PriorityClass', '$ns', { value: 10, description: 'ten' }),
    { description: 'the ten' },
  ],
  [
    'events/a',
    meta('v1', 'Event', 'a', {
      involvedObject: { kind: 'Pod', namespace: '$ns', name: 'p', apiVersion: 'v1' },
      reason: 'Because',
      message: 'it happened',
      type: 'Normal',
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:00:00Z',
      count: 1,
      source: { component: 'test' },
    }),
    { count: 2 },
  ],
  ['minerpools/a', pool('a'), { 'spec.replicas': 4 }],
  ['gadgets/a', gadget('a'), { 'spec.size': 2 }],
  [
    'customresourcedefinitions/things.$ns.example.com',
    meta('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'things.$ns.example.com', {
      spec: {
        group: '$ns.example.com',
        scope: 'Namespaced',
        names: { plural: 'things', kind: 'Thing' },
        versions: [
          { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } },
        ],
      },
    }),
    { 'metadata.labels': { x: 'y' } },
  ],
];

/** Written by controllers at any moment. */
const unsettled = (path: string): boolean => /^(customresourcedefinitions|nodes)/.test(path);

const lives: readonly Case[] = kinds.map(([path, object, change]) => {
  const [collection = ''] = path.split('/');
  const again = get(path, { as: 'made' });
  return {
    name: `${collection} live`,
    steps: [
      post(collection, object, { as: 'made' }),
      post(collection, object),
      ...(unsettled(path)
        ? []
        : [again, put(path, changed('made', change)), put(path, changed('made', change))]),
      ...(unsettled(path) || collection === 'namespaces'
        ? []
        : [
            get(path, { as: 'now' }),
            put(path, changed('now', {})),
            mergePatch(path, { metadata: { annotations: { note: 'new' } } }),
            remove(path, undefined, { headers: { accept: 'application/json' } }),
            get(path),
            remove(path),
          ]),
    ],
  };
});

const absent = [
  'configmaps/x',
  'pods/x',
  'nodes/$ns',
  'minerpools/x',
  'leases/x',
  'gadgets/x',
  'gadgets@v2/x',
];

export const verbs: readonly Case[] = [
  {
    name: 'a config map lives',
    steps: [
      post('configmaps', configMap('a'), { as: 'made' }),
      get('configmaps/a'),
      put('configmaps/a', changed('made', { 'data.k': 'w', 'metadata.labels': { x: 'y' } }), { as: 'made' }),
      put('configmaps/a', changed('made', {})),
      remove('configmaps/a'),
      get('configmaps/a'),
      remove('configmaps/a'),
    ],
  },
  {
    name: 'a stale replace is a conflict',
    steps: [
      post('leases', lease('a'), { as: 'made' }),
      put('leases/a', changed('made', { 'spec.holderIdentity': 'you' })),
      put('leases/a', changed('made', { 'spec.holderIdentity': 'them' })),
      put(
        'leases/a',
        changed('made', { 'metadata.resourceVersion': undefined, 'spec.holderIdentity': 'all' }),
      ),
      put('leases/a', changed('made', { 'metadata.resourceVersion': 'abc' })),
    ],
  },
  ...lives,
  {
    name: 'what is absent',
    steps: absent.flatMap((path) => [
      get(path),
      remove(path),
      mergePatch(path, {}),
      put(path, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } }),
    ]),
  },
  {
    name: 'replace of what is absent creates some kinds',
    steps: [
      put('leases/a', lease('a')),
      put('configmaps/a', configMap('a')),
      put('minerpools/a', pool('a')),
      put('gadgets/a', gadget('a', { size: 1 }, { resourceVersion: '5' })),
      put('pods/a', pod('a')),
      put('secrets/a', secret('a')),
      put('events/a', { apiVersion: 'v1', kind: 'Event', metadata: { name: 'a' } }),
      put('leases/b', lease('b', { uid: '12345678-1234-1234-1234-123456789012' })),
    ],
  },
  {
    name: 'a body of another kind',
    steps: [
      post('configmaps', secret('a')),
      post('configmaps', { apiVersion: 'v2', kind: 'ConfigMap', metadata: { name: 'a' } }),
      post('configmaps', { apiVersion: 'apps/v1', kind: 'ConfigMap', metadata: { name: 'a' } }),
      post('minerpools', gadget('a')),
      post('minerpools', { ...pool('a'), apiVersion: 'headframe.dev/v2' }),
      post('minerpools', { ...pool('a'), kind: 'Pool' }),
      post('configmaps', { metadata: { name: 'no-type' }, data: { a: 'b' } }),
      post('minerpools', { metadata: { name: 'no-type' } }),
      post('gadgets', { apiVersion: 'gadgets.example.com/v2', kind: 'Gadget', metadata: { name: 'a' } }),
    ],
  },
  {
    name: 'a body with another name or namespace',
    steps: [
      post('configmaps', configMap('a', {}, { namespace: 'default' })),
      post('minerpools', pool('a', {}, { namespace: 'default' })),
      post('nodes', node('$ns', {}, { namespace: 'default' })),
      post('configmaps', configMap('a')),
      put('configmaps/a', configMap('b')),
      put('configmaps/a', configMap('a', {}, { namespace: 'default' })),
      post('gadgets', gadget('a')),
      put('gadgets/a', gadget('b')),
      put('gadgets/a', gadget('a', {}, { namespace: 'default' })),
      put('configmaps/a', { apiVersion: 'v1', kind: 'ConfigMap' }),
    ],
  },
  {
    name: 'what a creator may not set',
    steps: [
      post('configmaps', configMap('a', {}, { resourceVersion: '1' })),
      post('gadgets', gadget('a', { size: 1 }, { resourceVersion: '1' })),
      post(
        'configmaps',
        configMap(
          'b',
          {},
          {
            uid: '12345678-1234-1234-1234-123456789012',
            creationTimestamp: '2020-01-01T00:00:00Z',
            deletionTimestamp: '2020-01-01T00:00:00Z',
            generation: 9,
            selfLink: '/x',
          },
        ),
      ),
      post(
        'gadgets',
        gadget('b', { size: 1 }, { generation: 9, deletionGracePeriodSeconds: 5, selfLink: '/x' }),
      ),
      post('minerpools', { ...pool('b'), status: { replicas: 9 } }),
      post('pods', { ...pod('b'), status: { phase: 'Running', podIP: '1.2.3.4' } }),
    ],
  },
  {
    name: 'what an update may not change',
    steps: [
      post('configmaps', configMap('a'), { as: 'made' }),
      put('configmaps/a', changed('made', { 'metadata.uid': '12345678-1234-1234-1234-123456789012' })),
      put('configmaps/a', changed('made', { 'metadata.creationTimestamp': '2020-01-01T00:00:00Z' })),
      put('configmaps/a', changed('made', { 'metadata.generation': 5, 'data.x': 'y' })),
      mergePatch('configmaps/a', { metadata: { uid: '12345678-1234-1234-1234-123456789012' } }),
      mergePatch('configmaps/a', { metadata: { name: 'other' } }),
      mergePatch('configmaps/a', { metadata: { namespace: 'other' } }),
      mergePatch('configmaps/a', { kind: 'Secret', data: null }),
      mergePatch('configmaps/a', { metadata: { managedFields: [] } }),
      post('gadgets', gadget('a')),
      mergePatch('gadgets/a', { metadata: { uid: '12345678-1234-1234-1234-123456789012' } }),
      mergePatch('gadgets/a', { metadata: { name: 'other' } }),
      mergePatch('gadgets/a', { kind: 'Other' }),
      mergePatch('gadgets/a', { apiVersion: 'gadgets.example.com/v3' }),
      mergePatch('gadgets/a', { metadata: { creationTimestamp: null } }),
      mergePatch('gadgets/a', { metadata: { generation: 77 } }),
    ],
  },
  {
    name: 'generations count changes of the spec',
    steps: [
      post('gadgets', gadget('a')),
      mergePatch('gadgets/a', { spec: { size: 2 } }),
      mergePatch('gadgets/a', { metadata: { labels: { x: 'y' } } }),
      mergePatch('gadgets/a', { status: { phase: 'ignored' } }),
      mergePatch('gadgets/a/status', { status: { phase: 'Good' }, spec: { size: 9 } }),
      mergePatch('gadgets/a', { spec: { size: 2 } }),
    ],
  },
  {
    name: 'immutable config maps and secrets',
    steps: [
      post('configmaps', { ...configMap('a'), immutable: true }),
      mergePatch('configmaps/a', { data: { k: 'other' } }),
      mergePatch('configmaps/a', { immutable: false }),
      mergePatch('configmaps/a', { binaryData: { b: 'dg==' } }),
      mergePatch('configmaps/a', { metadata: { labels: { still: 'mutable' } } }),
      post('secrets', secret('a', { immutable: true, stringData: { k: 'v' } })),
      mergePatch('secrets/a', { stringData: { k: 'other' } }),
      mergePatch('secrets/a', { type: 'other' }),
    ],
  },
  {
    name: 'config maps and secrets are validated',
    steps: [
      post('configmaps', configMap('a', { 'bad key!': 'v' })),
      post('configmaps', configMap('a', { '..': 'v' })),
      post('configmaps', { ...configMap('a', { k: 'v' }), binaryData: { k: 'dg==' } }),
      post('configmaps', { ...configMap('a'), binaryData: { b: 'not base64!' } }),
      post('configmaps', configMap('a', { k: 5 })),
      post('secrets', secret('a', { data: { k: 'not base64!' } })),
      post('secrets', secret('a', { type: 'kubernetes.io/tls', data: { 'tls.crt': '' } })),
      post('secrets', secret('a', { type: 'kubernetes.io/dockerconfigjson' })),
      post('secrets', secret('a', { data: { 'bad key!': '' } })),
      post('secrets', secret('b', { stringData: { a: 'x' }, data: { a: 'eQ==', b: 'eQ==' } })),
    ],
  },
  {
    name: 'leases and priority classes are validated',
    steps: [
      post('leases', lease('a', {}, { leaseDurationSeconds: 0 })),
      post('leases', lease('a', {}, { leaseTransitions: -1 })),
      post('leases', lease('a', {}, { renewTime: 'yesterday' })),
      post(
        'leases',
        lease('a', {}, { renewTime: '2026-01-01T00:00:00Z', acquireTime: '2026-01-01T00:00:00.123456Z' }),
      ),
      post('priorityclasses', meta('scheduling.k8s.io/v1', 'PriorityClass', '$ns', { value: 2_000_000_000 })),
      post('priorityclasses', meta('scheduling.k8s.io/v1', 'PriorityClass', '$ns', { value: 5 })),
      mergePatch('priorityclasses/$ns', { value: 6 }),
      post('priorityclasses', meta('scheduling.k8s.io/v1', 'PriorityClass', 'system-$ns', { value: 5 })),
      post('controllerrevisions', meta('apps/v1', 'ControllerRevision', 'a', { revision: -1, data: {} })),
      post(
        'controllerrevisions',
        meta('apps/v1', 'ControllerRevision', 'b', { revision: 1, data: { x: 1 } }),
      ),
      mergePatch('controllerrevisions/b', { data: { x: 2 } }),
    ],
  },
  {
    name: 'services are validated',
    steps: [
      post('services', meta('v1', 'Service', 'a')),
      post('services', meta('v1', 'Service', 'a', { spec: { clusterIP: 'None', ports: [{ port: 70000 }] } })),
      post('services', meta('v1', 'Service', 'A', { spec: { clusterIP: 'None' } })),
      post(
        'services',
        meta('v1', 'Service', 'b', { spec: { ports: [{ port: 80, name: 'http', targetPort: 'web' }] } }),
      ),
      post(
        'services',
        meta('v1', 'Service', 'c', { spec: { clusterIP: 'None', ports: [{ port: 80 }, { port: 81 }] } }),
      ),
    ],
  },
];
