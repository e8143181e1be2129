import type { Json, JsonObject } from '../../../../src/devcluster/api-server/schema/schema.ts';
import { gadget } from '../gadget.ts';
import { pool } from '../manifests.ts';
import { get, mergePatch, post, put, type Case } from '../step.ts';

/** Specs of a gadget, tried one after the other: what the schema makes of them, or why it refuses them. */
const specs: readonly [what: string, ...specs: Json[]][] = [
  [
    'defaults',
    {},
    { size: 1, nested: { deeper: {} } },
    { size: 1, ports: [{ number: 1 }] },
    { size: 1, nested: {} },
  ],
  [
    'nulls',
    { size: 1, note: null, noteWithDefault: null },
    { size: 1, color: null },
    { size: 1, title: null },
    { size: null },
  ],
  [
    'pruned fields',
    { size: 1, unknown: 1, nested: { unknown: { a: 1 } }, ports: [{ number: 1, unknown: 2 }] },
  ],
  [
    'free fields',
    {
      size: 1,
      free: { a: [{ b: null }] },
      half: { known: 1, other: { x: [1] }, inner: { a: 'x', dropped: 1 } },
    },
  ],
  ['half-free fields of a wrong type', { size: 1, half: { known: 'x' } }],
  [
    'embedded resources',
    {
      size: 1,
      template: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', bad: 1 }, data: { a: 1 } },
    },
    { size: 1, template: { kind: 'ConfigMap' } },
    { size: 1, template: { apiVersion: 'a/b/c', kind: '', metadata: { name: 5 } } },
    { size: 1, template: { apiVersion: 'v1', kind: 'X', metadata: { labels: { 'a b': 'c' } } } },
  ],
  [
    'int or string',
    { size: 1, port: 80 },
    { size: 1, port: 'http' },
    { size: 1, port: 1.5 },
    { size: 1, port: true },
    { size: 1, limit: '5m' },
    { size: 1, limit: 'x' },
    { size: 1, limit: 7 },
  ],
  ['required', { pair: {} }, { pair: { left: 'x' } }],
  [
    'types',
    { size: '1' },
    { size: 1.5 },
    { size: true },
    { size: 1, title: 5 },
    { size: 1, enabled: 'yes' },
    { size: 1, tags: 'a' },
    { size: 1, nested: [] },
    { size: 1, map: { a: 1 } },
    { size: 1, tags: [1] },
  ],
  ['the spec itself', 'text', [], 5, null],
  [
    'bounds',
    { size: -1 },
    { size: 101 },
    { size: 1, ratio: 0 },
    { size: 1, ratio: 1 },
    { size: 1, ratio: 0.5 },
    { size: 1, step: 7 },
    { size: 1, step: 10 },
  ],
  [
    'big numbers',
    { size: 2147483648 },
    { size: 1, big: 9007199254740991 },
    { size: 1e20 },
    { size: 1, ratio: 1e-7 },
  ],
  ['enums', { size: 1, color: 'pink' }, { size: 1, color: 'blue' }, { size: 1, color: 5 }],
  ['patterns', { size: 1, code: 'abc' }, { size: 1, code: 'ABCD' }, { size: 1, code: 'ABC' }],
  ['lengths', { size: 1, title: 'a' }, { size: 1, title: 'abcdefghi' }, { size: 1, title: 'äöüß' }],
  [
    'formats',
    {
      size: 1,
      when: '2026-01-01T00:00:00Z',
      day: '2026-01-01',
      wait: '1h30m',
      address: '1.2.3.4',
      link: 'https://a/b',
      blob: 'dg==',
      identity: '12345678-1234-1234-1234-123456789012',
      mail: 'a@b.example',
    },
    { size: 1, when: 'yesterday' },
    { size: 1, day: '2026-13-01' },
    { size: 1, wait: 'soon' },
    { size: 1, address: '1.2.3' },
    { size: 1, link: 'no link' },
    { size: 1, blob: '!' },
    { size: 1, identity: 'x' },
    { size: 1, mail: 'x' },
  ],
  [
    'maps',
    { size: 1, map: { a: 'b' } },
    { size: 1, map: { a: 'too long' } },
    { size: 1, map: { a: '', b: '', c: '', d: '' } },
  ],
  [
    'sets',
    { size: 1, tags: ['a', 'b'] },
    { size: 1, tags: ['a', 'a'] },
    { size: 1, tags: ['a', 'b', 'c', 'd', 'e', 'f'] },
    { size: 1, tags: ['a', 'a', 'b', 'b'] },
  ],
  [
    'lists',
    { size: 1, plain: [] },
    { size: 1, plain: [1, 1] },
    { size: 1, plain: [1, 2, 3, 4] },
    { size: 1, plain: ['a'] },
    { size: 1, plain: [null] },
  ],
  [
    'lists that are maps',
    { size: 1, ports: [{ number: 1 }, { number: 1, protocol: 'UDP' }] },
    { size: 1, ports: [{ number: 1 }, { number: 1 }] },
    { size: 1, ports: [{ name: 'x' }] },
    { size: 1, ports: [{}, {}] },
  ],
  [
    'one of',
    { size: 1, choice: { a: 'x' } },
    { size: 1, choice: {} },
    { size: 1, choice: { a: 'x', b: 'y' } },
  ],
  ['any of', { size: 1, either: { a: 1 } }, { size: 1, either: {} }],
  ['all of and not', { size: 1, both: { a: 3 } }, { size: 1, both: { a: 1 } }, { size: 1, both: { a: 5 } }],
  ['many errors at once', { size: 500, color: 'pink', title: 'a', tags: ['a', 'a'], ports: [{}] }],
];

/** Objects tried one after the other against the rules of their kind. */
const rules: readonly [what: string, first: JsonObject, ...then: JsonObject[]][] = [
  [
    'a field that may not change',
    { fixed: 'a' },
    { fixed: 'b' },
    { fixed: 'a', size: 2 },
    { fixed: null },
    { fixed: 'c' },
  ],
  ['a message that is computed', { grows: 5 }, { grows: 4 }, { grows: 0 }, { grows: 6 }],
  ['an optional old self', { once: 'old' }, { once: 'new' }, { once: 'old' }],
  [
    'a field path and a reason',
    { range: { from: 5, to: 1 } },
    { range: { from: 1, to: 5 } },
    { range: { from: 1, to: 1000 } },
    { range: { from: 2000, to: 1000 } },
  ],
  [
    'an error while it runs',
    { range: {} },
    { range: { from: 1 } },
    { division: { by: 0 } },
    { division: { by: 9 } },
    { division: { by: 2 } },
    { division: {} },
  ],
  ['quantities', { quantity: '2Gi' }, { quantity: '1Mi' }, { quantity: 'x' }, { quantity: '1.5Gi' }],
  ['items', { words: ['abc', 'def'] }, { words: ['Abc', 'd'] }, { words: ['a1', 'B'] }],
  ['rules and schema together', { size: 500, range: { from: 2, to: 1 } }, { size: 'x', quantity: '1' }],
];

/** Specs of a pool. */
const pools: readonly [what: string, ...specs: JsonObject[]][] = [
  ['defaults', {}, { gpus: {} }, { updateStrategy: {} }],
  [
    'gpus',
    { gpus: { vendor: 'Intel' } },
    { gpus: { countPerReplica: 0 } },
    { gpus: { minMemory: '40Gi' } },
    { gpus: { minMemory: 'x' } },
    { gpus: { models: ['a', 'a'] } },
  ],
  [
    'strategies',
    { updateStrategy: { type: 'OnDelete' } },
    { updateStrategy: { type: 'OnDelete', rollingUpdate: { partition: 1 } } },
    { updateStrategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 0 } } },
    { updateStrategy: { rollingUpdate: { maxUnavailable: '25%' } } },
    { updateStrategy: { rollingUpdate: { maxUnavailable: 'x' } } },
  ],
  [
    'templates',
    { template: {} },
    { template: { spec: { containers: [] } } },
    { template: { spec: { containers: [{ name: 'a' }, { name: 'a' }] } } },
    { template: { spec: { containers: [{ name: 'a', imag: 'b' }] } } },
    { template: { spec: { nodeName: 'x', containers: [{ name: 'a' }] } } },
    { template: { spec: { containers: [{ name: 'a', resources: { limits: { 'nvidia.com/gpu': 1 } } }] } } },
  ],
  [
    'numbers',
    { replicas: -1 },
    { replicas: 10001 },
    { replicas: 1.5 },
    { replicas: 'x' },
    { nodeLostGraceSeconds: -1 },
  ],
];

export const schemas: readonly Case[] = [
  ...specs.map(([what, ...each]): Case => ({
    name: `schema: ${what}`,
    steps: each.map((spec, index) => post('gadgets', { ...gadget(`g${index}`), spec })),
  })),
  ...rules.map(([what, first, ...then]): Case => ({
    name: `rule: ${what}`,
    steps: [
      post('gadgets', gadget('a', { size: 1, ...first })),
      ...then.map((spec) => mergePatch('gadgets/a', { spec })),
      ...then.map((spec, index) => post('gadgets', gadget(`new-${index}`, { size: 1, ...spec }))),
    ],
  })),
  ...pools.map(([what, ...each]): Case => ({
    name: `pool: ${what}`,
    steps: each.map((spec, index) => post('minerpools', pool(`p${index}`, spec))),
  })),
  {
    name: 'pool: its name',
    steps: [post('minerpools', pool('a'.repeat(53))), post('minerpools', pool('a.b'))],
  },
  {
    name: 'cluster: the one that there may be',
    steps: [
      post('computeclusters', {
        apiVersion: 'headframe.dev/v1alpha1',
        kind: 'ComputeCluster',
        metadata: { name: '$ns' },
      }),
      post('computeclusters', {
        apiVersion: 'headframe.dev/v1alpha1',
        kind: 'ComputeCluster',
        metadata: { name: '$ns' },
        spec: { connection: { type: 'Remote' } },
      }),
      post('computeclusters?dryRun=All', {
        apiVersion: 'headframe.dev/v1alpha1',
        kind: 'ComputeCluster',
        metadata: { name: 'local' },
      }),
    ],
  },
  {
    name: 'schema: a status is validated and defaulted',
    steps: [
      post('gadgets', gadget('a'), { as: 'made' }),
      mergePatch('gadgets/a/status', { status: {} }),
      mergePatch('gadgets/a/status', { status: { replicas: -1 } }),
      mergePatch('gadgets/a/status', { status: { conditions: [{ type: 'A' }] } }),
      mergePatch('gadgets/a/status', {
        status: {
          conditions: [
            { type: 'A', status: 'x' },
            { type: 'A', status: 'y' },
          ],
        },
      }),
      mergePatch('gadgets/a/status', {
        status: { replicas: 2, unknown: 1 },
        metadata: { labels: { x: 'y' } },
      }),
      put('gadgets/a/status', { ...gadget('a', { size: 5 }), status: { phase: 'Done' } }),
      get('gadgets/a/status'),
    ],
  },
  {
    name: 'schema: an invalid value that does not change may stay',
    steps: [
      post('gadgets@v2', {
        apiVersion: 'gadgets.example.com/v2',
        kind: 'Gadget',
        metadata: { name: 'a' },
        spec: { size: 500, color: 'pink' },
      }),
      get('gadgets/a'),
      mergePatch('gadgets/a', { metadata: { labels: { x: 'y' } } }),
      mergePatch('gadgets/a', { spec: { title: 'fine' } }),
      mergePatch('gadgets/a', { spec: { size: 600 } }),
      mergePatch('gadgets/a', { spec: { size: 5, color: 'red' } }),
      get('gadgets@v2/a'),
    ],
  },
  {
    name: 'schema: unknown fields beside the spec',
    steps: [
      post('gadgets', { ...gadget('a'), extra: { x: 1 } }),
      post('minerpools', { ...pool('a'), extra: 1 }),
    ],
  },
];
