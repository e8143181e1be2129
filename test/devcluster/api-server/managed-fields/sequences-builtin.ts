import type { JsonObject } from '../../../../src/devcluster/api-server/schema/schema.ts';
import type { Request, Sequence, SequenceKind } from './sequences.ts';

function of(kind: SequenceKind, name: string, ...requests: Request[]): Sequence {
  return { name, kind, requests };
}
function on(verb: Request['verb'], manager: string, body: Request['body'], force = false): Request {
  return { verb, manager, body, ...(force ? { force } : {}) };
}

const pod: JsonObject = {
  spec: {
    automountServiceAccountToken: false,
    containers: [
      {
        name: 'main',
        image: 'i:1',
        ports: [{ containerPort: 80 }],
        env: [{ name: 'A', value: '1' }],
        resources: { limits: { cpu: '1' } },
      },
    ],
    nodeSelector: { a: 'b' },
  },
};
const template = (image: string): JsonObject => ({
  metadata: { labels: { app: 'x' } },
  spec: { containers: [{ name: 'main', image }] },
});

/** Kinds whose empty objects already have structs, and whose lists have merge keys. */
export const builtins: readonly Sequence[] = [
  of(
    'ConfigMap',
    'config map',
    on('create', 'a', { data: { x: '1', y: '2' } }),
    on('apply', 'b', { data: { x: '1', z: '3' } }),
    on('apply', 'b', { data: { z: '3' } }),
    on('strategic', 'c', { data: { y: null, w: '4' } }),
  ),
  of(
    'ConfigMap',
    'reset of a config map',
    on('create', 'a', { data: { x: '1' } }),
    on('merge', 'b', { metadata: { managedFields: [] }, data: { y: '1' } }),
    on('merge', 'c', { data: { z: '1' } }),
    on('apply', 'd', { data: { z: '1' } }),
  ),
  of(
    'ConfigMap',
    'client-side apply taken over',
    on('create', 'kubectl-client-side-apply', {
      metadata: {
        annotations: {
          'kubectl.kubernetes.io/last-applied-configuration':
            '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"annotations":{},"name":"client-side-apply-taken-over","namespace":"default"},"data":{"x":"1"}}\n',
        },
      },
      data: { x: '1' },
    }),
    on('apply', 'kubectl', { data: { x: '2' } }),
    on('merge', 'u', { data: { x: '3' } }),
    on('apply', 'kubectl', { data: { x: '4' } }),
  ),
  of(
    'Pod',
    'pod created',
    on('create', 'a', pod),
    on('strategic', 'b', {
      metadata: { labels: { l: '1' } },
      spec: { containers: [{ name: 'main', image: 'i:2' }] },
    }),
  ),
  of(
    'Pod',
    'pod applied',
    on('apply', 'a', pod),
    on('apply', 'a', {
      spec: {
        containers: [
          {
            name: 'main',
            image: 'i:2',
            ports: [{ containerPort: 80, protocol: 'TCP' }],
            env: [{ name: 'A', value: '1' }],
            resources: { limits: { cpu: '1' } },
          },
        ],
        nodeSelector: { a: 'b' },
      },
    }),
  ),
  of(
    'Service',
    'service',
    on('create', 'a', { spec: { selector: { app: 'x' }, ports: [{ port: 80, name: 'web' }] } }),
    on('strategic', 'b', { spec: { ports: [{ port: 81, name: 'more' }] } }),
    on('strategic', 'b', { spec: { ports: [{ port: 80, $patch: 'delete' }] } }),
    on('apply', 'c', { spec: { ports: [{ port: 81, protocol: 'TCP', name: 'other' }] } }),
  ),
  of(
    'Service',
    'service applied',
    on('apply', 'a', {
      spec: {
        selector: { app: 'x' },
        ports: [
          { port: 80, name: 'web' },
          { port: 53, protocol: 'UDP', name: 'dns' },
        ],
      },
    }),
    on('apply', 'a', {
      spec: { selector: { app: 'y' }, ports: [{ port: 80, protocol: 'TCP', name: 'web' }] },
    }),
  ),
  of(
    'ReplicaSet',
    'replica set',
    on('create', 'a', {
      spec: { replicas: 0, selector: { matchLabels: { app: 'x' } }, template: template('i:1') },
    }),
    on('strategic', 'b', { spec: { template: { spec: { containers: [{ name: 'side', image: 's:1' }] } } } }),
    on('strategic', 'c', {
      spec: {
        template: {
          spec: {
            '$setElementOrder/containers': [{ name: 'main' }, { name: 'side' }],
            containers: [{ name: 'main', image: 'i:2' }],
          },
        },
      },
    }),
    on('strategic', 'd', { metadata: { finalizers: ['x.dev/a', 'x.dev/b'] } }),
    on('strategic', 'e', { metadata: { '$deleteFromPrimitiveList/finalizers': ['x.dev/a'] } }),
    on('strategic', 'e', {
      metadata: { finalizers: ['x.dev/c'], '$setElementOrder/finalizers': ['x.dev/c', 'x.dev/b'] },
    }),
    on('strategic', 'f', {
      spec: { template: { spec: { containers: [{ $patch: 'replace' }, { name: 'only', image: 'o:1' }] } } },
    }),
    on('merge', 'g', { metadata: { finalizers: null } }),
  ),
  of(
    'ReplicaSet',
    'replica set, refused patches',
    on('create', 'a', {
      spec: { replicas: 0, selector: { matchLabels: { app: 'x' } }, template: template('i:1') },
    }),
    on('strategic', 'b', { spec: { template: { spec: { containers: [{ image: 'no key' }] } } } }),
    on('strategic', 'b', { metadata: { $retainKeys: ['labels'], annotations: { a: 'b' } } }),
    on('strategic', 'b', { metadata: { $deleteFromPrimitiveListfinalizers: ['a'] } }),
    on('strategic', 'b', {
      spec: {
        template: {
          spec: {
            '$setElementOrder/containers': [{ name: 'b' }],
            containers: [{ name: 'main', image: 'i:3' }],
          },
        },
      },
    }),
    on('strategic', 'b', { metadata: { labels: { $patch: 'bogus' } } }),
  ),
];
