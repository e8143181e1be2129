import type { JsonObject } from '../../../../src/devcluster/api-server/schema/schema.ts';
import { gadget } from '../gadget.ts';
import { configMap, ownedBy, pod, pool, secret } from '../manifests.ts';
import { changed } from '../references.ts';
import { get, gone, jsonPatch, mergePatch, post, put, remove, until, type Case } from '../step.ts';

const options = (fields: JsonObject): JsonObject => ({ kind: 'DeleteOptions', apiVersion: 'v1', ...fields });
const finalizer = { finalizers: ['example.com/one', 'example.com/two'] };

/** Owner and dependent; what happens to the dependent when the owner is deleted is the garbage collector's doing. */
const family = [
  post('gadgets', gadget('owner'), { as: 'owner' }),
  post(
    'configmaps',
    configMap('child', {}, ownedBy('owner', 'Gadget', { blockOwnerDeletion: true, controller: true })),
  ),
];

export const deletion: readonly Case[] = [
  {
    name: 'delete answers by kind',
    steps: [
      post('configmaps', configMap('a')),
      remove('configmaps/a'),
      post('pods', pod('a')),
      remove('pods/a'),
      post('gadgets', gadget('a')),
      remove('gadgets/a'),
      post('secrets', secret('a')),
      remove('secrets/a', undefined, { headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' } }),
    ],
  },
  {
    name: 'delete with a precondition',
    steps: [
      post('configmaps', configMap('a'), { as: 'made' }),
      remove('configmaps/a', options({ preconditions: { uid: '12345678-1234-1234-1234-123456789012' } })),
      remove('configmaps/a', options({ preconditions: { resourceVersion: '1' } })),
      remove(
        'configmaps/a',
        options({
          preconditions: { uid: '$made.metadata.uid', resourceVersion: '$made.metadata.resourceVersion' },
        }),
      ),
      post('gadgets', gadget('a'), { as: 'made' }),
      remove('gadgets/a', options({ preconditions: { uid: '12345678-1234-1234-1234-123456789012' } })),
      remove('gadgets/a', options({ preconditions: { uid: '$made.metadata.uid' } })),
    ],
  },
  {
    name: 'delete with bad options',
    steps: [
      post('configmaps', configMap('a')),
      remove('configmaps/a?propagationPolicy=Sometimes'),
      remove('configmaps/a', options({ propagationPolicy: 'Sometimes' })),
      remove('configmaps/a', options({ propagationPolicy: 'Orphan', orphanDependents: true })),
      remove('configmaps/a', options({ dryRun: ['Some'] })),
      remove('configmaps/a?dryRun=Some'),
      remove('configmaps/a', '{"kind":'),
      remove('configmaps/a', { kind: 'Pod', apiVersion: 'v1' }),
      remove('configmaps/a', options({ gracePeriodSeconds: 'x' })),
      remove('configmaps/a?gracePeriodSeconds=x'),
      remove('configmaps/a', options({ unknown: 1 })),
      post('configmaps', configMap('b')),
      remove('configmaps/b', {}),
      post('gadgets', gadget('a')),
      remove('gadgets/a', options({ gracePeriodSeconds: -1 })),
      remove('gadgets/a', '{}'),
    ],
  },
  {
    name: 'finalizers hold a deletion',
    steps: [
      post('gadgets', gadget('a', { size: 1 }, finalizer)),
      remove('gadgets/a'),
      remove('gadgets/a'),
      mergePatch('gadgets/a', { spec: { size: 2 } }),
      mergePatch('gadgets/a', { metadata: { finalizers: ['example.com/one'] } }),
      mergePatch('gadgets/a', { metadata: { finalizers: ['example.com/one', 'example.com/new'] } }),
      mergePatch('gadgets/a', { metadata: { deletionTimestamp: null } }),
      post('gadgets', gadget('a')),
      mergePatch('gadgets/a', { metadata: { finalizers: null } }),
      get('gadgets/a'),
    ],
  },
  {
    name: 'finalizers hold the deletion of a config map',
    steps: [
      post('configmaps', configMap('a', {}, finalizer), { as: 'made' }),
      remove('configmaps/a', undefined, { as: 'going' }),
      put('configmaps/a', changed('going', { 'data.k': 'v' }), { as: 'going' }),
      put('configmaps/a', changed('going', { 'metadata.finalizers': ['example.com/three'] })),
      jsonPatch('configmaps/a', [{ op: 'remove', path: '/metadata/finalizers/0' }], { as: 'going' }),
      put('configmaps/a', changed('going', { 'metadata.finalizers': undefined })),
      get('configmaps/a'),
    ],
  },
  {
    name: 'a deletion that foreground makes wait',
    steps: [
      ...family,
      mergePatch('configmaps/child', { metadata: { finalizers: ['example.com/hold'] } }),
      remove('gadgets/owner?propagationPolicy=Foreground'),
      until('configmaps/child', (_, body) => JSON.stringify(body).includes('deletionTimestamp')),
      mergePatch('configmaps/child', { metadata: { finalizers: null } }, { pick: () => null }),
      gone('configmaps/child'),
      gone('gadgets/owner'),
    ],
  },
  {
    name: 'a deletion in the background takes dependents along',
    steps: [
      ...family,
      remove('gadgets/owner?propagationPolicy=Background'),
      get('gadgets/owner'),
      gone('configmaps/child'),
    ],
  },
  {
    name: 'a deletion as the kind has it takes dependents along',
    steps: [...family, remove('gadgets/owner'), gone('configmaps/child')],
  },
  {
    name: 'a deletion that orphans',
    steps: [
      ...family,
      remove('gadgets/owner', options({ propagationPolicy: 'Orphan' }), { pick: () => null }),
      gone('gadgets/owner'),
      until('configmaps/child', (_, body) => !JSON.stringify(body).includes('ownerReferences'), {
        pick: (body) => (body as { metadata: JsonObject }).metadata['ownerReferences'] ?? null,
      }),
    ],
  },
  {
    name: 'dependents of dependents go',
    steps: [
      ...family,
      get('configmaps/child', { as: 'child' }),
      post('secrets', secret('grandchild', {}, ownedBy('child', 'ConfigMap'))),
      remove('gadgets/owner'),
      gone('configmaps/child'),
      gone('secrets/grandchild'),
    ],
  },
  {
    name: 'a dependent of two owners stays with one',
    steps: [
      post('gadgets', gadget('one'), { as: 'one' }),
      post('gadgets', gadget('two'), { as: 'two' }),
      post(
        'configmaps',
        configMap(
          'child',
          {},
          {
            ownerReferences: [ownedBy('one', 'Gadget'), ownedBy('two', 'Gadget')].flatMap(
              (each) => each['ownerReferences'] as JsonObject[],
            ),
          },
        ),
      ),
      remove('gadgets/one'),
      until('configmaps/child', (_, body) => !JSON.stringify(body).includes('"one"'), {
        pick: (body) => (body as { metadata: JsonObject }).metadata['ownerReferences'] ?? null,
      }),
      remove('gadgets/two'),
      gone('configmaps/child'),
    ],
  },
  {
    name: 'a dependent of an owner that never was goes',
    steps: [
      post(
        'configmaps',
        configMap(
          'child',
          {},
          {
            ownerReferences: [
              {
                apiVersion: 'v1',
                kind: 'ConfigMap',
                name: 'never',
                uid: '12345678-1234-1234-1234-123456789012',
              },
            ],
          },
        ),
      ),
      gone('configmaps/child'),
    ],
  },
  {
    name: 'pods of a pool go with it',
    steps: [
      post('minerpools', pool('owner'), { as: 'owner' }),
      post(
        'pods',
        pod('child', {}, ownedBy('owner', 'MinerPool', { controller: true, blockOwnerDeletion: true })),
      ),
      remove('minerpools/owner', options({ propagationPolicy: 'Foreground' })),
      gone('pods/child'),
      gone('minerpools/owner'),
    ],
  },
  {
    name: 'a pod goes gracefully',
    steps: [
      post('pods', pod('a', { nodeName: 'nowhere', terminationGracePeriodSeconds: 7 })),
      remove('pods/a'),
      remove('pods/a'),
      remove('pods/a?gracePeriodSeconds=3'),
      remove('pods/a?gracePeriodSeconds=100'),
      remove('pods/a?gracePeriodSeconds=0'),
      get('pods/a'),
      post('pods', pod('b', { nodeName: 'nowhere' })),
      remove('pods/b', options({ gracePeriodSeconds: 0 })),
      get('pods/b'),
      post('pods', pod('c', { terminationGracePeriodSeconds: 7 })),
      remove('pods/c?gracePeriodSeconds=9'),
      post('pods', pod('d', { nodeName: 'nowhere' })),
      mergePatch('pods/d/status', { status: { phase: 'Succeeded' } }),
      remove('pods/d'),
      get('pods/d'),
    ],
  },
  {
    name: 'deletion as a dry run',
    steps: [
      post('gadgets', gadget('a')),
      remove('gadgets/a?dryRun=All'),
      remove('gadgets/a', options({ dryRun: ['All'] })),
      get('gadgets/a'),
      post('pods', pod('a', { nodeName: 'nowhere' })),
      remove('pods/a?dryRun=All'),
      get('pods/a'),
    ],
  },
];
