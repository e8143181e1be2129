import { configMap, lease, secret } from '../manifests.ts';
import { changed } from '../references.ts';
import { get, post, put, remove, type Case } from '../step.ts';

/** Create, get, replace, delete, and how they fail. */
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
    ],
  },
  {
    name: 'a name is taken once',
    steps: [post('secrets', secret('a')), post('secrets', secret('a'))],
  },
];
