import type { JsonObject } from '../../../../src/devcluster/api-server/schema/schema.ts';
import { gadget } from '../gadget.ts';
import { configMap, node, pod, pool } from '../manifests.ts';
import { changed } from '../references.ts';
import {
  accept,
  apply,
  get,
  jsonPatch,
  mergePatch,
  post,
  put,
  remove,
  strategicPatch,
  type Case,
} from '../step.ts';

const scale = (name: string, fields: JsonObject = {}): JsonObject => ({
  apiVersion: 'autoscaling/v1',
  kind: 'Scale',
  metadata: { name, namespace: '$ns' },
  ...fields,
});

export const subresources: readonly Case[] = [
  {
    name: 'scale of a pool',
    steps: [
      post('minerpools', pool('a', { replicas: 2 })),
      get('minerpools/a/scale', { as: 'scale' }),
      put('minerpools/a/scale', changed('scale', { 'spec.replicas': 3 })),
      put('minerpools/a/scale', changed('scale', { 'spec.replicas': 4 })),
      put('minerpools/a/scale', scale('a', { spec: { replicas: 5 } })),
      mergePatch('minerpools/a/scale', { spec: { replicas: 6 } }),
      jsonPatch('minerpools/a/scale', [{ op: 'replace', path: '/spec/replicas', value: 7 }]),
      mergePatch('minerpools/a/status', { status: { replicas: 2, selector: 'a=b' } }),
      get('minerpools/a/scale'),
      get('minerpools/a'),
    ],
  },
  {
    name: 'scale that is refused',
    steps: [
      post('minerpools', pool('a')),
      put('minerpools/a/scale', scale('a', { spec: { replicas: -1 } })),
      put('minerpools/a/scale', scale('a', { spec: { replicas: 20000 } })),
      put('minerpools/a/scale', scale('b', { spec: { replicas: 1 } })),
      put('minerpools/a/scale', pool('a')),
      put('minerpools/a/scale', scale('a', { spec: { replicas: 'x' } })),
      mergePatch('minerpools/a/scale', { spec: { replicas: null } }),
      strategicPatch('minerpools/a/scale', { spec: { replicas: 3 } }),
      get('minerpools/b/scale'),
      put('minerpools/b/scale', scale('b')),
      post('minerpools/a/scale', scale('a')),
      remove('minerpools/a/scale'),
      put('minerpools/a/scale?dryRun=All', scale('a', { spec: { replicas: 9 } })),
      get('minerpools/a', { pick: (body) => (body as { spec: JsonObject }).spec['replicas'] ?? null }),
    ],
  },
  {
    name: 'scale of a gadget',
    steps: [
      post('gadgets', gadget('a')),
      get('gadgets/a/scale'),
      mergePatch('gadgets/a/scale', { spec: { replicas: 3 } }),
      apply('gadgets/a/scale?fieldManager=x', scale('a', { spec: { replicas: 4 } })),
      get('gadgets/a/scale', { headers: accept.table }),
      get('gadgets@v2/a/scale'),
    ],
  },
  {
    name: 'a status is written apart',
    steps: [
      post('minerpools', pool('a'), { as: 'made' }),
      put('minerpools/a/status', changed('made', { status: { replicas: 3 }, 'spec.replicas': 9 })),
      put('minerpools/a/status', changed('made', { status: { replicas: 4 } })),
      mergePatch('minerpools/a', { status: { replicas: 5 } }),
      mergePatch('minerpools/a/status', { status: { replicas: -1 } }),
      mergePatch('minerpools/a/status', { metadata: { labels: { x: 'y' }, finalizers: ['a.b/c'] } }),
      mergePatch('minerpools/a/status', {
        status: {
          conditions: [
            {
              type: 'Ready',
              status: 'True',
              reason: 'Fine',
              message: '',
              lastTransitionTime: '2026-01-01T00:00:00Z',
            },
          ],
        },
      }),
      get('minerpools/a/status'),
      get('minerpools/b/status'),
      mergePatch('minerpools/b/status', {}),
      post('minerpools/a/status', pool('a')),
      remove('minerpools/a/status'),
    ],
  },
  {
    name: 'subresources that do not exist',
    steps: [
      post('minerpools', pool('a')),
      post('configmaps', configMap('a')),
      post('pods', pod('a')),
      get('minerpools/a/nothing'),
      get('configmaps/a/status'),
      get('configmaps/a/scale'),
      get('pods/a/scale'),
      get('pods/a/nothing'),
      get('gadgets@v2/a/status'),
      get('minerpools/a/status/more'),
    ],
  },
  {
    name: 'a status of a pod',
    steps: [
      post('pods', pod('a')),
      mergePatch('pods/a/status', {
        status: { phase: 'Running', podIP: '10.1.1.1', startTime: '2026-01-01T00:00:00Z' },
      }),
      mergePatch('pods/a/status', { spec: { nodeName: 'x' }, metadata: { labels: { a: 'b' } } }),
      mergePatch('pods/a/status', { status: { podIP: 'x' } }),
      mergePatch('pods/a/status', { status: { nonsense: 1 } }),
      mergePatch('pods/a/status', {
        status: {
          containerStatuses: [
            {
              name: 'main',
              ready: true,
              restartCount: 0,
              image: 'i',
              imageID: '',
              state: { running: { startedAt: '2026-01-01T00:00:00Z' } },
            },
          ],
        },
      }),
      mergePatch('pods/a/status', { status: { conditions: [{ type: 'Ready', status: 'True' }] } }),
      get('pods/a/status'),
    ],
  },
  {
    name: 'a status of a node',
    steps: [
      post('nodes', node('$ns', {}, { labels: { a: 'b' } }), {
        pick: (body) => (body as JsonObject)['spec'] ?? null,
      }),
      mergePatch(
        'nodes/$ns/status',
        { status: { capacity: { cpu: '4', memory: '1Gi', 'nvidia.com/gpu': '8' } } },
        { pick: (body) => (body as JsonObject)['status'] ?? null },
      ),
      // The message shows the node, with what controllers have written to it by then.
      mergePatch(
        'nodes/$ns/status',
        { status: { capacity: { cpu: 'x' } } },
        { pick: (body) => (body as JsonObject)['reason'] ?? null },
      ),
      strategicPatch(
        'nodes/$ns/status',
        { status: { conditions: [{ type: 'Own', status: 'True' }] } },
        { pick: (body) => JSON.stringify(body).includes('"Own"') },
      ),
      strategicPatch(
        'nodes/$ns/status',
        { status: { addresses: [{ type: 'InternalIP', address: '127.0.0.1' }] } },
        { pick: (body) => (body as { status: JsonObject }).status['addresses'] ?? null },
      ),
    ],
  },
];
