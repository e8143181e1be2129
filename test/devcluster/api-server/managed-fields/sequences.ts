import type { Json, JsonObject } from '../../../../src/devcluster/api-server/schema/schema.ts';
import { crowd, nulls, refusals } from './sequences-edge.ts';
import { builtins } from './sequences-builtin.ts';

/** One request of a sequence; the object's name and namespace are filled in. */
export interface Request {
  readonly verb: 'create' | 'update' | 'merge' | 'json' | 'strategic' | 'apply';
  /** `fieldManager` of the request. */
  readonly manager: string;
  /** The object, or the patch. */
  readonly body: Json;
  readonly force?: boolean;
  readonly subresource?: 'status' | 'scale';
}

/** Requests about one object, in order. */
export interface Sequence {
  readonly name: string;
  readonly kind: SequenceKind;
  readonly requests: readonly Request[];
}

export type SequenceKind = 'Widget' | 'Gadget' | 'MinerPool' | 'ConfigMap' | 'Pod' | 'Service' | 'ReplicaSet';

export function create(manager: string, body: JsonObject): Request {
  return { verb: 'create', manager, body };
}
export function update(manager: string, body: JsonObject, subresource?: Request['subresource']): Request {
  return { verb: 'update', manager, body, ...(subresource === undefined ? {} : { subresource }) };
}
export function merge(manager: string, body: JsonObject, subresource?: Request['subresource']): Request {
  return { verb: 'merge', manager, body, ...(subresource === undefined ? {} : { subresource }) };
}
export function json(manager: string, body: Json): Request {
  return { verb: 'json', manager, body };
}
export function apply(
  manager: string,
  body: JsonObject,
  options: Pick<Request, 'force' | 'subresource'> = {},
): Request {
  return { verb: 'apply', manager, body, ...options };
}
const spec = (fields: JsonObject): JsonObject => ({ spec: fields });
const labels = (fields: JsonObject): JsonObject => ({ metadata: { labels: fields } });

function widget(name: string, ...requests: Request[]): Sequence {
  return { name, kind: 'Widget', requests };
}

const updates: readonly Sequence[] = [
  widget(
    'create',
    create('a', { ...labels({ x: '1' }), ...spec({ replicas: 2, note: 'n', tags: ['b', 'a'] }) }),
  ),
  widget(
    'update by another',
    create('a', spec({ replicas: 2, note: 'n' })),
    update('b', spec({ replicas: 3, note: 'n' })),
  ),
  widget(
    'update back',
    create('a', spec({ replicas: 2 })),
    update('b', spec({ replicas: 3 })),
    update('a', spec({ replicas: 2 })),
  ),
  widget('update without change', create('a', spec({ replicas: 2 })), update('b', spec({ replicas: 2 }))),
  widget(
    'update removes all of one',
    create('a', spec({ replicas: 2 })),
    merge('b', spec({ note: 'x' })),
    merge('c', spec({ note: null })),
  ),
  widget(
    'update of labels',
    create('a', labels({ x: '1', y: '1' })),
    merge('b', labels({ y: '2', z: '3' })),
    merge('c', labels({ x: null })),
  ),
  widget(
    'finalizers and owners',
    create('a', { metadata: { finalizers: ['x.dev/a'] } }),
    json('b', [{ op: 'add', path: '/metadata/finalizers/-', value: 'x.dev/b' }]),
    merge('c', { metadata: { finalizers: ['x.dev/b'] } }),
    merge('d', { metadata: { finalizers: null } }),
  ),
  widget(
    'owner references',
    create('a', {
      metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid: 'u-1' }] },
    }),
    merge('b', {
      metadata: {
        ownerReferences: [
          { apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid: 'u-1', controller: true },
          { apiVersion: 'v1', kind: 'ConfigMap', name: 'p', uid: 'u-2' },
        ],
      },
    }),
  ),
  widget(
    'keyed list items',
    create(
      'a',
      spec({
        containers: [
          { name: 'm', image: '1' },
          { name: 's', image: '1', args: ['x'] },
        ],
      }),
    ),
    json('b', [
      { op: 'replace', path: '/spec/containers/0/image', value: '2' },
      { op: 'remove', path: '/spec/containers/1' },
    ]),
  ),
  widget(
    'keys with defaults',
    create('a', spec({ ports: [{ port: 80 }, { port: 80, protocol: 'UDP' }, { port: 9, name: 'x' }] })),
    merge(
      'b',
      spec({
        ports: [
          { port: 80, name: 'web' },
          { port: 80, protocol: 'UDP' },
        ],
      }),
    ),
  ),
  widget(
    'sets',
    create('a', spec({ tags: ['x', 'y'], numbers: [3, 10, 2] })),
    merge('b', spec({ tags: ['y', 'z'], numbers: [10] })),
  ),
  widget(
    'atomic lists',
    create('a', spec({ steps: [{ run: 'a' }, { run: 'b' }] })),
    merge('b', spec({ steps: [{ run: 'a' }] })),
  ),
  widget(
    'atomic maps',
    create('a', spec({ selector: { matchLabels: { a: 'b' } } })),
    merge('b', spec({ selector: { matchLabels: { c: 'd' } } })),
  ),
  widget(
    'granular maps',
    create('a', spec({ settings: { a: '1', b: '2' }, limits: { gpu: { soft: 1 } } })),
    merge('b', spec({ settings: { a: '2' }, limits: { gpu: { hard: 2 }, cpu: { soft: 1 } } })),
    merge('c', spec({ settings: null })),
  ),
  widget(
    'unknown fields that are kept',
    create('a', spec({ free: { a: { b: 1, c: [1, 2] }, d: 'x' }, anything: [1, { a: 1 }] })),
    merge('b', spec({ free: { a: { b: 2 } }, anything: { z: 1 } })),
  ),
  widget('int or string', create('a', spec({ size: 1 })), merge('b', spec({ size: '10%' }))),
  widget(
    'empty maps and lists',
    create('a', spec({ settings: {}, tags: [], containers: [], nested: {}, steps: [] })),
    merge('b', spec({ settings: { a: '1' }, tags: ['x'], nested: { a: { b: { c: '1' } } } })),
    merge('c', spec({ settings: { a: null }, tags: [], nested: { a: null } })),
  ),
  widget(
    'status through its subresource',
    create('a', spec({ replicas: 1 })),
    merge('b', { status: { phase: 'Up', conditions: [{ type: 'Ready', status: 'True' }] } }, 'status'),
    merge('c', { status: { phase: 'Down' }, spec: { replicas: 9 } }, 'status'),
  ),
  widget(
    'status through the main resource',
    create('a', { ...spec({ replicas: 1 }), status: { phase: 'Up' } }),
    merge('b', { status: { phase: 'Down' } }),
  ),
  widget(
    'metadata through status',
    create('a', spec({ replicas: 1 })),
    merge('b', { metadata: { labels: { x: '1' } }, status: { ready: 1 } }, 'status'),
  ),
  widget(
    'one manager through both',
    create('a', spec({ replicas: 1 })),
    merge('a', { status: { ready: 1 } }, 'status'),
    update('a', { ...spec({ replicas: 2 }) }),
  ),
  widget(
    'reset',
    create('a', spec({ replicas: 1 })),
    merge('b', { metadata: { managedFields: [] } }),
    merge('b', spec({ replicas: 2 })),
    apply('c', spec({ note: 'x' })),
  ),
  widget(
    'reset by one empty entry',
    create('a', spec({ replicas: 1 })),
    merge('b', { metadata: { managedFields: [{}] } }),
  ),
  widget(
    'managedFields of the request',
    create('a', spec({ replicas: 1, note: 'x' })),
    update('b', {
      metadata: {
        managedFields: [
          {
            manager: 'z',
            operation: 'Update',
            apiVersion: 'example.dev/v1',
            fieldsType: 'FieldsV1',
            fieldsV1: { 'f:spec': { 'f:note': {} } },
            time: '2020-01-01T00:00:00Z',
          },
        ],
      },
      ...spec({ replicas: 2, note: 'x' }),
    }),
  ),
  widget(
    'managedFields of a create',
    create('a', {
      metadata: {
        managedFields: [
          {
            manager: 'z',
            operation: 'Apply',
            apiVersion: 'example.dev/v1',
            fieldsType: 'FieldsV1',
            fieldsV1: { 'f:spec': { 'f:note': {} } },
          },
        ],
      },
      ...spec({ note: 'x' }),
    }),
  ),
  widget(
    'remove spec',
    create('a', spec({ replicas: 1, nested: { a: { b: { c: '1', d: '2' } } } })),
    merge('b', spec({ nested: { a: { b: null } } })),
    merge('c', { spec: null }),
  ),
  widget(
    'scaled',
    create('a', spec({ replicas: 1, note: 'x' })),
    merge('b', spec({ replicas: 2 }), 'scale'),
    merge('c', spec({ note: 'y' })),
    merge('b', spec({ replicas: 3 }), 'scale'),
    apply('d', spec({ replicas: 3 })),
    merge('b', spec({ replicas: 4 }), 'scale'),
  ),
  widget(
    'scaled without a change',
    apply('a', spec({ replicas: 1, note: 'x' })),
    merge('u', spec({ replicas: 1 }), 'scale'),
    merge('u', { spec: { replicas: 2, note: 'y' } }),
    merge('s', spec({ replicas: 2 }), 'scale'),
  ),
  {
    name: 'without status subresource',
    kind: 'Gadget',
    requests: [
      create('a', { ...spec({ x: 'y' }), status: { phase: 'Up' } }),
      merge('b', { status: { phase: 'Down' } }),
      apply('c', { status: { phase: 'Down' }, spec: { x: 'y' } }),
    ],
  },
];

const applies: readonly Sequence[] = [
  widget(
    'apply creates',
    apply('a', {
      ...labels({ x: '1' }),
      ...spec({ replicas: 2, settings: { a: '1' }, containers: [{ name: 'm', image: '1' }] }),
    }),
  ),
  widget(
    'apply twice',
    apply('a', spec({ replicas: 2, tags: ['x'] })),
    apply('a', spec({ replicas: 2, tags: ['x'] })),
  ),
  widget(
    'apply drops a field',
    apply('a', spec({ replicas: 2, note: 'x' })),
    apply('a', spec({ replicas: 2 })),
  ),
  widget(
    'apply drops a field that another owns',
    apply('a', spec({ replicas: 2, note: 'x' })),
    apply('b', spec({ note: 'x' })),
    apply('a', spec({ replicas: 2 })),
  ),
  widget(
    'apply drops a field that an update owns',
    apply('a', spec({ replicas: 2, note: 'x' })),
    merge('u', spec({ note: 'y' })),
    apply('a', spec({ replicas: 2 })),
  ),
  widget(
    'apply conflicts with an update',
    create('kubectl', spec({ replicas: 1, note: 'x' })),
    apply('a', spec({ replicas: 2 })),
    apply('a', spec({ replicas: 2 }), { force: true }),
  ),
  widget(
    'apply conflicts with two',
    create('u', spec({ replicas: 1, note: 'x' })),
    apply('b', { ...labels({ k: 'v' }), ...spec({ size: 1 }) }),
    apply('a', { ...labels({ k: 'w' }), ...spec({ replicas: 2, note: 'y', size: 2 }) }),
    apply('a', { ...labels({ k: 'w' }), ...spec({ replicas: 2, note: 'y', size: 2 }) }, { force: true }),
  ),
  widget(
    'apply conflicts with status',
    create('u', spec({ replicas: 1 })),
    merge('s', { status: { phase: 'Up', ready: 1 } }, 'status'),
    apply('a', { status: { phase: 'Down' } }, { subresource: 'status' }),
    apply('a', { status: { phase: 'Down' } }, { subresource: 'status', force: true }),
  ),
  widget(
    'apply of a status',
    apply('a', spec({ replicas: 1 })),
    apply(
      'a',
      { status: { phase: 'Up', conditions: [{ type: 'Ready', status: 'True' }] } },
      { subresource: 'status' },
    ),
    apply('a', { status: { conditions: [{ type: 'Ready', status: 'False' }] } }, { subresource: 'status' }),
    apply('a', spec({ replicas: 2 })),
  ),
  widget(
    'apply of status by the main resource',
    apply('a', { ...spec({ replicas: 1 }), status: { phase: 'Up' } }),
  ),
  widget(
    'co-owned',
    apply('a', spec({ replicas: 2, note: 'x' })),
    apply('b', spec({ replicas: 2 })),
    apply('a', spec({ note: 'x' })),
    apply('b', spec({ note: 'x' })),
  ),
  widget(
    'update of a co-owned field',
    apply('a', spec({ replicas: 2 })),
    apply('b', spec({ replicas: 2 })),
    merge('u', spec({ replicas: 3 })),
  ),
  widget(
    'apply after own update',
    create('a', spec({ replicas: 2, note: 'x' })),
    apply('a', spec({ replicas: 3 }), { force: true }),
    apply('a', spec({ replicas: 4 })),
  ),
  widget(
    'apply by two of list items',
    apply('a', spec({ containers: [{ name: 'm', image: '1' }] })),
    apply('b', spec({ containers: [{ name: 's', image: '1' }] })),
    apply('a', spec({ containers: [{ name: 'n', image: '1' }] })),
    apply('b', spec({ containers: [] })),
  ),
  widget(
    'apply part of an item',
    apply('a', spec({ containers: [{ name: 'm', image: '1' }] })),
    apply('b', spec({ containers: [{ name: 'm', args: ['x'] }] })),
    apply('b', spec({ containers: [{ name: 'm', env: [{ name: 'A', value: '1' }] }] })),
    apply('b', spec({ replicas: 1 })),
  ),
  widget(
    'apply drops an item with content of another',
    apply('a', spec({ containers: [{ name: 'm', image: '1' }] })),
    merge('u', spec({ containers: [{ name: 'm', image: '1', args: ['x'] }] })),
    apply('a', spec({ containers: [] })),
  ),
  widget(
    'order of items',
    create(
      'u',
      spec({ containers: [{ name: 'x' }, { name: 'a' }, { name: 'y' }, { name: 'b' }, { name: 'z' }] }),
    ),
    apply('a', spec({ containers: [{ name: 'b' }, { name: 'n' }, { name: 'a' }] })),
    apply('a', spec({ containers: [{ name: 'a' }, { name: 'n' }, { name: 'z' }, { name: 'b' }] })),
  ),
  widget(
    'order of a set',
    create('u', spec({ tags: ['x', 'a', 'y', 'b'] })),
    apply('a', spec({ tags: ['b', 'n', 'a'] })),
    apply('a', spec({ tags: ['n'] })),
  ),
  widget(
    'order with more of them',
    create('u', spec({ tags: ['1', '2', '3', '4', '5', '6'] })),
    apply('a', spec({ tags: ['6', 'n', '3', 'm', '1', 'o'] })),
    apply('b', spec({ tags: ['o', '2', 'p', '5'] })),
  ),
  widget(
    'apply keys with defaults',
    apply('a', spec({ ports: [{ port: 80 }, { port: 81, protocol: 'UDP' }] })),
    apply('a', spec({ ports: [{ port: 80, protocol: 'TCP', name: 'x' }] })),
    apply('b', spec({ ports: [{ port: 80, name: 'y' }] })),
  ),
  widget(
    'apply of atomic things',
    apply('a', spec({ steps: [{ run: 'a' }], selector: { matchLabels: { a: 'b' } } })),
    apply('b', spec({ steps: [{ run: 'b' }], selector: { matchLabels: { c: 'd' } } })),
    apply('b', spec({ steps: [{ run: 'b' }], selector: { matchLabels: { c: 'd' } } }), { force: true }),
    apply('b', spec({ replicas: 1 })),
  ),
  widget(
    'apply of maps',
    apply('a', spec({ settings: { a: '1', b: '2' }, limits: { gpu: { soft: 1, hard: 2 } } })),
    apply('b', spec({ settings: { c: '3' }, limits: { gpu: { hard: 2 }, cpu: {} } })),
    apply('a', spec({ settings: { b: '2' } })),
    apply('b', {}),
  ),
  widget(
    'apply of kept unknown fields',
    apply('a', spec({ free: { a: { b: 1 }, l: [1] }, anything: { k: 'v' } })),
    apply('b', spec({ free: { a: { c: 1 } }, anything: { k: 'w' } })),
    apply('b', spec({ free: { a: { c: 1 } } })),
    apply('a', spec({ free: { l: [2] } })),
  ),
  widget(
    'apply of another shape',
    apply('a', spec({ anything: { k: 'v' } })),
    apply('a', spec({ anything: 'text' })),
    apply('a', spec({ anything: [1, 2] })),
    apply('b', spec({ anything: { z: 1 } }), { force: true }),
  ),
  widget(
    'apply of empty things',
    apply('a', spec({ settings: {}, tags: [], nested: {}, containers: [] })),
    apply('b', spec({ settings: { x: '1' }, nested: { a: {} } })),
    apply('a', spec({})),
    apply('b', { spec: {} }),
  ),
  widget('apply of nothing', apply('a', spec({ replicas: 1, note: 'x' })), apply('a', {})),
  widget(
    'apply nested',
    apply('a', spec({ nested: { a: { b: { c: '1', d: '2' } } } })),
    apply('b', spec({ nested: { a: { b: { c: '1' } } } })),
    apply('a', spec({})),
    apply('b', spec({})),
  ),
  widget(
    'force takes from all',
    apply('a', spec({ replicas: 1, note: 'x' })),
    apply('b', spec({ replicas: 1 })),
    merge('u', spec({ size: 1 })),
    apply('c', spec({ replicas: 2, note: 'z', size: 2 }), { force: true }),
  ),
  widget(
    'owner dropped by force then free',
    apply('a', spec({ replicas: 1 })),
    apply('b', spec({ replicas: 2 }), { force: true }),
    apply('b', {}),
    apply('a', spec({ replicas: 1 })),
  ),
  widget(
    'apply metadata',
    apply('a', { metadata: { labels: { x: '1' }, annotations: { 'a/b': 'c' }, finalizers: ['x.dev/a'] } }),
    apply('b', { metadata: { finalizers: ['x.dev/b'], labels: { x: '1' } } }),
    apply('a', { metadata: { labels: {} } }),
    merge('u', { metadata: { finalizers: null } }),
  ),
  {
    name: 'pool and its autoscaler',
    kind: 'MinerPool',
    requests: [
      apply(
        'gitops',
        spec({
          replicas: 2,
          template: {
            spec: { containers: [{ name: 'miner', image: 'i:1', ports: [{ containerPort: 80 }] }] },
          },
        }),
      ),
      merge('hpa', spec({ replicas: 5 })),
      apply(
        'gitops',
        spec({ replicas: 2, template: { spec: { containers: [{ name: 'miner', image: 'i:1' }] } } }),
      ),
      apply('gitops', spec({ template: { spec: { containers: [{ name: 'miner', image: 'i:2' }] } } })),
    ],
  },
  {
    name: 'pool updated by the operator',
    kind: 'MinerPool',
    requests: [
      create(
        'kubectl-create',
        spec({ replicas: 2, template: { spec: { containers: [{ name: 'miner', image: 'i:1' }] } } }),
      ),
      merge(
        'headframe',
        {
          status: {
            replicas: 2,
            readyReplicas: 1,
            conditions: [
              {
                type: 'Ready',
                status: 'False',
                reason: 'Starting',
                message: '',
                lastTransitionTime: '2026-01-01T00:00:00Z',
              },
            ],
          },
        },
        'status',
      ),
      merge('headframe', { status: { readyReplicas: 2 } }, 'status'),
    ],
  },
];

/** All of them; names are unique. */
export const sequences: readonly Sequence[] = [
  ...updates,
  ...applies,
  ...nulls,
  ...refusals,
  ...crowd,
  ...builtins,
];
