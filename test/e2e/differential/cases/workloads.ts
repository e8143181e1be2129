import type { JsonObject } from '../../../../src/devcluster/api-server/schema/schema.ts';
import { at } from '../references.ts';
import { configMap, node, pod } from '../manifests.ts';
import { get, gone, jsonPatch, mergePatch, post, put, remove, until, type Case } from '../step.ts';
import { changed } from '../references.ts';

const main = { name: 'main', image: 'image:1' };

/** Pod specs that are refused, or that come back with defaults. */
const specs: readonly [what: string, ...specs: JsonObject[]][] = [
  [
    'defaults',
    {},
    { containers: [{ name: 'main', image: 'image' }] },
    { containers: [{ name: 'main', image: 'image:latest' }] },
  ],
  [
    'defaults of ports and environment',
    {
      containers: [
        {
          ...main,
          ports: [{ containerPort: 80 }],
          env: [
            { name: 'A', value: '1' },
            { name: 'B', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
          ],
        },
      ],
    },
  ],
  [
    'defaults of probes',
    {
      containers: [
        {
          ...main,
          livenessProbe: { httpGet: { port: 80 } },
          readinessProbe: { exec: { command: ['x'] } },
          startupProbe: { tcpSocket: { port: 'http' } },
          ports: [{ name: 'http', containerPort: 80 }],
        },
      ],
    },
  ],
  [
    'defaults of volumes',
    {
      volumes: [
        { name: 'c', configMap: { name: 'x' } },
        { name: 's', secret: { secretName: 'x' } },
        { name: 'e', emptyDir: {} },
        { name: 'h', hostPath: { path: '/x' } },
        { name: 'd', downwardAPI: { items: [{ path: 'p', fieldRef: { fieldPath: 'metadata.labels' } }] } },
        { name: 'p', projected: { sources: [{ configMap: { name: 'x' } }] } },
      ],
    },
  ],
  [
    'resources',
    {
      containers: [
        {
          ...main,
          resources: { limits: { cpu: '1', memory: '1Gi', 'nvidia.com/gpu': 2 }, requests: { cpu: 0.5 } },
        },
      ],
    },
    {
      containers: [
        { ...main, resources: { limits: { 'nvidia.com/gpu': '1' }, requests: { 'nvidia.com/gpu': '2' } } },
      ],
    },
    { containers: [{ ...main, resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } }] },
    { containers: [{ ...main, resources: { requests: { cpu: 'x' } } }] },
    { containers: [{ ...main, resources: { limits: { 'nvidia.com/gpu': '1500m' } } }] },
    { containers: [{ ...main, resources: { requests: { cpu: '-1' } } }] },
  ],
  [
    'containers',
    { containers: [] },
    { containers: [{ name: 'main' }] },
    { containers: [{ image: 'x' }] },
    { containers: [main, main] },
    { containers: [{ ...main, name: 'Bad_Name' }] },
    { containers: [{ ...main, imagePullPolicy: 'Sometimes' }] },
  ],
  [
    'ports',
    { containers: [{ ...main, ports: [{ containerPort: 0 }] }] },
    { containers: [{ ...main, ports: [{ containerPort: 80, protocol: 'X' }] }] },
    {
      containers: [
        {
          ...main,
          ports: [
            { containerPort: 80, name: 'a' },
            { containerPort: 81, name: 'a' },
          ],
        },
      ],
    },
  ],
  [
    'environment',
    { containers: [{ ...main, env: [{ value: '1' }] }] },
    { containers: [{ ...main, env: [{ name: 'a=b', value: '1' }] }] },
    {
      containers: [
        { ...main, env: [{ name: 'A', value: '1', valueFrom: { fieldRef: { fieldPath: 'x' } } }] },
      ],
    },
    { containers: [{ ...main, env: [{ name: 'A', valueFrom: {} }] }] },
  ],
  [
    'mounts',
    { containers: [{ ...main, volumeMounts: [{ name: 'x', mountPath: '/x' }] }] },
    { volumes: [{ name: 'x', emptyDir: {} }], containers: [{ ...main, volumeMounts: [{ name: 'x' }] }] },
    { volumes: [{ name: 'x' }] },
    { volumes: [{ name: 'x', emptyDir: {}, hostPath: { path: '/' } }] },
    {
      volumes: [
        { name: 'x', emptyDir: {} },
        { name: 'x', emptyDir: {} },
      ],
    },
  ],
  [
    'policies',
    { restartPolicy: 'Maybe' },
    { dnsPolicy: 'Maybe' },
    { restartPolicy: 'Never', terminationGracePeriodSeconds: -1 },
    { activeDeadlineSeconds: 0 },
    { restartPolicy: 'OnFailure', terminationGracePeriodSeconds: 0 },
  ],
  [
    'tolerations and affinity',
    { tolerations: [{ key: 'a', operator: 'Exists', value: 'x' }] },
    { tolerations: [{ operator: 'Equal' }] },
    { tolerations: [{ key: 'a', effect: 'X' }] },
    { tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 }] },
    {
      affinity: {
        nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } },
      },
    },
    {
      affinity: {
        podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: {} }] },
      },
    },
    { nodeSelector: { 'a b': 'c' } },
  ],
  [
    'priorities',
    { priorityClassName: 'none-such' },
    { priorityClassName: 'system-node-critical' },
    { priority: 5 },
  ],
  ['service accounts', { serviceAccountName: 'none-such' }, { serviceAccountName: 'default' }],
  [
    'probes that are wrong',
    { containers: [{ ...main, livenessProbe: {} }] },
    { containers: [{ ...main, livenessProbe: { httpGet: { port: 80 }, exec: { command: ['x'] } } }] },
    { containers: [{ ...main, readinessProbe: { httpGet: { port: 0 } } }] },
    { containers: [{ ...main, readinessProbe: { httpGet: { port: 80 }, periodSeconds: -1 } }] },
  ],
  [
    'host names',
    { hostname: 'Bad_' },
    { subdomain: 'a.b' },
    { hostname: 'good', subdomain: 'fine', setHostnameAsFQDN: true },
    { hostNetwork: true, containers: [{ ...main, ports: [{ containerPort: 80 }] }] },
  ],
  [
    'types',
    { containers: 'x' },
    { containers: [{ ...main, command: 'x' }] },
    { terminationGracePeriodSeconds: 'x' },
    { containers: [5] },
  ],
];

/** Changes to a pod. */
const changes: readonly [what: string, change: JsonObject][] = [
  ['the image', { spec: { containers: [{ ...main, image: 'image:2' }] } }],
  ['the command', { spec: { containers: [{ ...main, command: ['x'] }] } }],
  ['the node', { spec: { nodeName: 'x' } }],
  ['a toleration more', { spec: { tolerations: [{ key: 'x', operator: 'Exists' }] } }],
  ['a container more', { spec: { containers: [main, { name: 'two', image: 'i' }] } }],
  ['the deadline', { spec: { activeDeadlineSeconds: 5 } }],
  ['the grace period', { spec: { terminationGracePeriodSeconds: 1 } }],
  ['the restart policy', { spec: { restartPolicy: 'Never' } }],
  ['labels', { metadata: { labels: { x: 'y' } } }],
  ['an empty image', { spec: { containers: [{ ...main, image: '' }] } }],
];

const binding = (target: JsonObject, name = 'a'): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Binding',
  metadata: { name },
  target,
});
const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'a' } };

export const workloads: readonly Case[] = [
  ...specs.map(([what, ...each]): Case => ({
    name: `pod with ${what}`,
    steps: each.map((spec, index) => post('pods', pod(`p${index}`, spec))),
  })),
  {
    name: 'pod with changes',
    steps: [post('pods', pod('a')), ...changes.map(([, change]) => mergePatch('pods/a', change))],
  },
  {
    name: 'pod as users write it',
    steps: [
      post(
        'pods',
        {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'a' },
          spec: { schedulerName: 'nobody', containers: [main] },
        },
        {
          pick: (body) =>
            [
              'serviceAccountName',
              'serviceAccount',
              'tolerations',
              'priority',
              'preemptionPolicy',
              'enableServiceLinks',
              'restartPolicy',
              'dnsPolicy',
              'securityContext',
            ].map((key) => at(body, ['spec', key])),
        },
      ),
    ],
  },
  {
    name: 'pod bound to a node',
    steps: [
      post('pods', pod('a')),
      post('pods/a/binding', binding({ kind: 'Node' })),
      post('pods/a/binding', binding({ kind: 'Pod', name: 'x' })),
      post('pods/a/binding', binding({ kind: 'Node', name: 'x' }, 'b')),
      post('pods/b/binding', binding({ kind: 'Node', name: 'x' }, 'b')),
      post('pods/a/binding', {
        ...binding({ kind: 'Node', name: 'x' }),
        metadata: { name: 'a', annotations: { x: 'y' }, uid: '12345678-1234-1234-1234-123456789012' },
      }),
      post('pods/a/binding', binding({ apiVersion: 'v1', kind: 'Node', name: 'x' })),
      post('pods/a/binding', binding({ kind: 'Node', name: 'y' })),
      get('pods/a'),
    ],
  },
  {
    name: 'pod evicted',
    steps: [
      post('pods', pod('a')),
      post('pods/a/eviction', { ...eviction, metadata: { name: 'b' } }),
      post('pods/b/eviction', { ...eviction, metadata: { name: 'b' } }),
      post('pods/a/eviction?dryRun=All', eviction),
      post('pods/a/eviction', eviction),
      get('pods/a'),
    ],
  },
  {
    name: 'pod with no logs yet',
    steps: [
      post('pods', pod('a', { containers: [main, { name: 'two', image: 'i' }] })),
      post('pods', pod('b')),
      post('pods', pod('c', { nodeName: 'no-such-node' })),
      get('pods/a/log'),
      get('pods/a/log?container=zzz'),
      get('pods/a/log?container=main'),
      get('pods/b/log'),
      get('pods/c/log'),
      get('pods/zzz/log'),
      get('pods/b/log?tailLines=-1'),
      get('pods/b/log?sinceSeconds=0'),
      get('pods/b/log?limitBytes=0'),
      get('pods/b/log?tailLines=x'),
      get('pods/b/log?sinceSeconds=5&sinceTime=2026-01-01T00:00:00Z'),
      get('pods/b/log?follow=maybe'),
    ],
  },
  {
    name: 'node with a taint of its own',
    steps: [
      post('nodes', node('$ns'), { pick: (body) => at(body, ['spec']) }),
      post('nodes', node('$ns')),
      mergePatch(
        'nodes/$ns',
        { spec: { unschedulable: true } },
        { pick: (body) => at(body, ['spec', 'unschedulable']) },
      ),
      mergePatch('nodes/$ns', { spec: { taints: [{ key: 'a', effect: 'X' }] } }),
      mergePatch('nodes/$ns', { spec: { taints: [{ key: 'a b', effect: 'NoSchedule' }] } }),
      mergePatch('nodes/$ns', {
        spec: {
          taints: [
            { key: 'a', effect: 'NoSchedule' },
            { key: 'a', effect: 'NoSchedule' },
          ],
        },
      }),
      mergePatch('nodes/$ns', { spec: { podCIDR: 'x' } }),
      mergePatch(
        'nodes/$ns',
        { spec: { providerID: 'a' } },
        { pick: (body) => at(body, ['spec', 'providerID']) },
      ),
      mergePatch('nodes/$ns', { spec: { providerID: 'b' } }),
      remove('nodes/$ns'),
      get('nodes/$ns'),
    ],
  },
  {
    name: 'namespace that is made',
    steps: [
      post('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: '$ns-made' } }),
      get('namespaces/$ns-made', {
        pick: (body) => [at(body, ['spec']), at(body, ['status']), at(body, ['metadata', 'labels'])],
      }),
      post('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'Bad_' } }),
      post('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a'.repeat(64) } }),
      post('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a.b' } }),
      mergePatch(
        'namespaces/$ns-made',
        { metadata: { labels: { x: 'y', 'kubernetes.io/metadata.name': null } } },
        { pick: (body) => at(body, ['metadata', 'labels']) },
      ),
      mergePatch('namespaces/$ns-made', { spec: { finalizers: [] } }, { pick: (body) => at(body, ['spec']) }),
    ],
  },
  {
    name: 'namespace that goes',
    steps: [
      post('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: '$ns-old' } }),
      until('/api/v1/namespaces/$ns-old/serviceaccounts/default', (status) => status === 200, {
        pick: () => null,
      }),
      post('/api/v1/namespaces/$ns-old/secrets', {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'held', finalizers: ['example.com/hold'] },
      }),
      post('/apis/headframe.dev/v1alpha1/namespaces/$ns-old/minerpools', {
        apiVersion: 'headframe.dev/v1alpha1',
        kind: 'MinerPool',
        metadata: { name: 'p' },
        spec: { template: { spec: { containers: [main] } } },
      }),
      remove('namespaces/$ns-old', undefined, {
        pick: (body) => [at(body, ['kind']), at(body, ['status', 'phase'])],
      }),
      post('/api/v1/namespaces/$ns-old/configmaps', configMap('late')),
      post('/apis/gadgets.example.com/v1/namespaces/$ns-old/gadgets', {
        apiVersion: 'gadgets.example.com/v1',
        kind: 'Gadget',
        metadata: { name: 'late' },
      }),
      gone('/apis/headframe.dev/v1alpha1/namespaces/$ns-old/minerpools/p'),
      until(
        '/api/v1/namespaces/$ns-old/secrets/held',
        (_, body) => at(body, ['metadata', 'deletionTimestamp']) !== null,
        { pick: () => null },
      ),
      mergePatch(
        '/api/v1/namespaces/$ns-old/secrets/held',
        { metadata: { finalizers: null } },
        { pick: () => null },
      ),
      gone('namespaces/$ns-old'),
    ],
  },
  {
    name: 'namespace that must stay',
    steps: ['default', 'kube-system', 'kube-public'].flatMap((name) => [
      remove(`namespaces/${name}`),
      get(`namespaces/${name}`, { pick: (body) => at(body, ['status']) }),
    ]),
  },
  {
    name: 'namespace finalized by hand',
    steps: [
      post(
        'namespaces',
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: '$ns-hand' } },
        { as: 'made', pick: () => null },
      ),
      put(
        'namespaces/$ns-hand/finalize',
        {
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { name: '$ns-hand' },
          spec: { finalizers: ['example.com/x', 'kubernetes'] },
        },
        { pick: (body) => at(body, ['spec']) },
      ),
      get('namespaces/$ns-hand', { as: 'now', pick: () => null }),
      put('namespaces/$ns-hand/finalize', changed('now', { 'spec.finalizers': [] }), {
        pick: (body) => at(body, ['spec']),
      }),
    ],
  },
  {
    name: 'pod scheduled to a node that fits',
    steps: [
      post('nodes', node('$ns', {}, { labels: { only: '$ns' } }), { pick: () => null }),
      mergePatch(
        'nodes/$ns/status',
        {
          status: {
            capacity: { cpu: '4', memory: '1Gi', pods: '10', 'nvidia.com/gpu': '2' },
            allocatable: { cpu: '4', memory: '1Gi', pods: '10', 'nvidia.com/gpu': '2' },
            conditions: [
              {
                type: 'Ready',
                status: 'True',
                reason: 'R',
                lastHeartbeatTime: '2026-01-01T00:00:00Z',
                lastTransitionTime: '2026-01-01T00:00:00Z',
              },
            ],
          },
        },
        { pick: () => null },
      ),
      until('nodes/$ns', (_, body) => !JSON.stringify(at(body, ['spec', 'taints'])).includes('not-ready'), {
        pick: () => null,
      }),
      post(
        'pods',
        {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'fits' },
          spec: {
            automountServiceAccountToken: false,
            nodeSelector: { only: '$ns' },
            containers: [{ ...main, resources: { limits: { 'nvidia.com/gpu': 2 } } }],
          },
        },
        { pick: () => null },
      ),
      until('pods/fits', (_, body) => at(body, ['spec', 'nodeName']) !== null, {
        pick: (body) => [
          at(body, ['spec', 'nodeName']),
          (at(body, ['status', 'conditions']) as JsonObject[]).map(({ type, status }) => [
            type ?? null,
            status ?? null,
          ]),
        ],
      }),
      post(
        'pods',
        {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'waits' },
          spec: {
            automountServiceAccountToken: false,
            nodeSelector: { only: '$ns' },
            containers: [{ ...main, resources: { limits: { 'nvidia.com/gpu': 1 } } }],
          },
        },
        { pick: () => null },
      ),
      until(
        'pods/waits',
        (_, body) => at(body, ['status', 'conditions', '0', 'reason']) === 'Unschedulable',
        {
          pick: (body) => [at(body, ['spec', 'nodeName']), at(body, ['status', 'conditions', '0', 'reason'])],
        },
      ),
    ],
  },
  {
    name: 'events of both groups are the same objects',
    steps: [
      post('events', {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: 'a' },
        involvedObject: { kind: 'Pod', namespace: '$ns', name: 'p' },
        reason: 'R',
        message: 'm',
        type: 'Normal',
      }),
      post('events', {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: 'b' },
        involvedObject: { kind: 'Pod', namespace: 'default', name: 'p' },
        reason: 'R',
      }),
      post('events', {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: 'c' },
        involvedObject: { kind: 'Node', name: 'n' },
        reason: 'R',
      }),
      get('events@events.k8s.io/a'),
      post('events@events.k8s.io', {
        apiVersion: 'events.k8s.io/v1',
        kind: 'Event',
        metadata: { name: 'd' },
        regarding: { kind: 'Pod', namespace: '$ns', name: 'p' },
        reason: 'R',
        action: 'A',
        note: 'n',
        type: 'Normal',
        eventTime: '2026-01-01T00:00:00.000000Z',
        reportingController: 'example.com/c',
        reportingInstance: 'i',
      }),
      post('events@events.k8s.io', {
        apiVersion: 'events.k8s.io/v1',
        kind: 'Event',
        metadata: { name: 'e' },
        regarding: { kind: 'Pod', namespace: '$ns', name: 'p' },
      }),
      get('events/d'),
      jsonPatch('events/a', [{ op: 'add', path: '/count', value: 5 }]),
    ],
  },
];
