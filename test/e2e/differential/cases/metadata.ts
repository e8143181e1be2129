import type { JsonObject } from '../../../../src/devcluster/api-server/schema/schema.ts';
import { gadget } from '../gadget.ts';
import { configMap, lease, pod, pool } from '../manifests.ts';
import { get, mergePatch, post, type Case } from '../step.ts';

/** Refused for each kind alike, though two generations of code word the refusal. */
const bad: readonly [what: string, metadata: JsonObject][] = [
  ['a name in capitals', { name: 'Upper' }],
  ['a name with an underscore', { name: 'a_b' }],
  ['a name with a slash', { name: 'a/b' }],
  ['a name of dots', { name: '..' }],
  ['a name that ends with a dash', { name: 'a-' }],
  ['a name that is too long', { name: 'a'.repeat(254) }],
  ['a name with dots', { name: 'a.b.c' }],
  ['no name', { name: '' }],
  ['a label key with a space', { labels: { 'a b': 'c' } }],
  ['a label key with two slashes', { labels: { 'a/b/c': 'd' } }],
  ['a label key with a bad prefix', { labels: { 'A_/b': 'c' } }],
  ['an empty label key', { labels: { '': 'c' } }],
  ['a label value with a space', { labels: { a: 'b c' } }],
  ['a label value that is too long', { labels: { a: 'b'.repeat(64) } }],
  ['a label that is a number', { labels: { a: 1 } }],
  ['labels in a list', { labels: ['a'] }],
  ['an annotation key with a space', { annotations: { 'a b': 'c' } }],
  ['annotations too big', { annotations: { big: 'x'.repeat(256 * 1024 + 1) } }],
  ['a finalizer without a domain', { finalizers: ['plain'] }],
  ['a finalizer with a bad name', { finalizers: ['a b'] }],
  ['an owner without a uid', { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'a' }] }],
  ['an owner without anything', { ownerReferences: [{}] }],
  [
    'two controllers',
    {
      ownerReferences: [
        { apiVersion: 'v1', kind: 'Pod', name: 'a', uid: '1', controller: true },
        { apiVersion: 'v1', kind: 'Pod', name: 'b', uid: '2', controller: true },
      ],
    },
  ],
  [
    'an owner that is an event',
    { ownerReferences: [{ apiVersion: 'v1', kind: 'Event', name: 'a', uid: '1' }] },
  ],
  [
    'an owner of a bad version',
    { ownerReferences: [{ apiVersion: 'a/b/c', kind: 'Pod', name: 'a', uid: '1' }] },
  ],
  ['a negative generation', { generation: -1 }],
  ['a time that is no time', { creationTimestamp: 'yesterday' }],
  ['an unknown field', { nonsense: true }],
  ['a generateName that is bad', { name: undefined, generateName: 'Bad_made_' }],
];

export const metadata: readonly Case[] = [
  ...bad.map(([what, fields]): Case => ({
    name: `metadata with ${what}`,
    steps: [
      post('configmaps', configMap('a', {}, fields)),
      post('gadgets', gadget('a', { size: 1 }, fields)),
      post('pods', pod('a', {}, fields)),
      post('leases', lease('b', fields)),
    ],
  })),
  {
    name: 'metadata that an update spoils',
    steps: [
      post('configmaps', configMap('a')),
      mergePatch('configmaps/a', { metadata: { labels: { 'a b': 'c' } } }),
      mergePatch('configmaps/a', { metadata: { finalizers: ['plain'] } }),
      post('gadgets', gadget('a')),
      mergePatch('gadgets/a', {
        metadata: { labels: { 'a b': 'c', 'd e': 'f' }, annotations: { 'x y': '' } },
      }),
      mergePatch('gadgets/a', { metadata: { finalizers: ['plain'] } }),
      mergePatch('gadgets/a', { metadata: { ownerReferences: [{}] } }),
    ],
  },
  {
    name: 'a generated name',
    steps: [
      post('configmaps', configMap(undefined as unknown as string, {}, { generateName: 'made-' }), {
        as: 'made',
      }),
      get('configmaps/$made.metadata.name'),
    ],
  },
  {
    name: 'a generated name of a custom resource',
    steps: [
      post('gadgets', gadget(undefined as unknown as string, { size: 1 }, { generateName: 'made-' }), {
        as: 'made',
      }),
      get('gadgets/$made.metadata.name'),
      post('minerpools', pool('given', {}, { generateName: 'made-' })),
    ],
  },
  {
    name: 'a generated name from a long prefix',
    steps: [
      post('configmaps', configMap(undefined as unknown as string, {}, { generateName: 'a'.repeat(100) }), {
        pick: (body) => String((body as { metadata: { name: string } }).metadata.name.length),
      }),
    ],
  },
];
