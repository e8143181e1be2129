import { gadget } from '../gadget.ts';
import { configMap, pod, pool } from '../manifests.ts';
import { accept, get, post, put, remove, request, until, type Case } from '../step.ts';
import { at } from '../references.ts';
import type { Json } from '../../../../src/devcluster/api-server/schema/schema.ts';

const aggregated = { accept: 'application/json;v=v2;g=apidiscovery.k8s.io;as=APIGroupDiscoveryList' };

/** Of the aggregated discovery, the one group. */
function groupNamed(name: string) {
  return (body: Json): Json => {
    const items = at(body, ['items']);
    return (
      (Array.isArray(items) ? items.find((item) => at(item, ['metadata', 'name']) === name) : undefined) ??
      body
    );
  };
}

/** Of a resource list, the kinds that both servers serve. */
function resourcesNamed(...names: readonly string[]) {
  return (body: Json): Json => {
    const resources = at(body, ['resources']);
    return Array.isArray(resources)
      ? resources.filter((each) => names.includes(at(each, ['name']) as string))
      : body;
  };
}

export const protocol: readonly Case[] = [
  {
    name: 'without a token',
    steps: [
      'configmaps',
      '/api',
      '/apis',
      '/version',
      '/healthz',
      '/readyz',
      '/livez',
      '/openapi/v3',
      '/nothing',
    ].flatMap((path) => [
      get(path, { headers: { authorization: null }, ...(path === '/version' ? { pick: () => null } : {}) }),
      get(path, {
        headers: { authorization: 'Bearer wrong' },
        ...(path === '/version' ? { pick: () => null } : {}),
      }),
    ]),
  },
  { name: 'health', steps: ['/healthz', '/readyz', '/livez', '/healthz/ping'].map((path) => get(path)) },
  {
    name: 'paths that do not exist',
    steps: [
      '/nothing',
      '/api/v2',
      '/apis/nothing.example.com',
      '/apis/nothing.example.com/v1',
      '/apis/headframe.dev/v9',
      '/apis/headframe.dev/v9/minerpools',
      '/api/v1/namespaces/$ns/nothings',
      '/api/v1/nothings/x',
      '/apis/headframe.dev/v1alpha1/nothings',
      '/apis/apps/v9',
      '/apis/headframe.dev/v1alpha1/namespaces/$ns/nothings/x',
      '/api/v1/namespaces/$ns/configmaps/a/b/c',
      '//api',
      '/api/',
    ].map((path) => get(path)),
  },
  {
    name: 'methods that are not allowed',
    steps: [
      post('configmaps/a', configMap('a')),
      put('configmaps', configMap('a')),
      request('PATCH', 'gadgets', '{}', { headers: { 'content-type': 'application/merge-patch+json' } }),
      post('gadgets/a', gadget('a')),
      put('gadgets', gadget('a')),
      request('OPTIONS', 'configmaps'),
      request('TRACE', 'configmaps'),
      request('PURGE', 'configmaps'),
      request('POST', '/version'),
      remove('/api'),
      post('/apis', {}, { pick: (body) => at(body, ['kind']) }),
      remove('namespaces'),
      post('/api/v1/configmaps', configMap('a')),
      post('/api/v1/pods', pod('a')),
      post('/apis/gadgets.example.com/v1/gadgets', gadget('a')),
      remove('/api/v1/configmaps'),
    ],
  },
  {
    name: 'HEAD',
    steps: [
      post('configmaps', configMap('a')),
      request('HEAD', 'configmaps/a'),
      request('HEAD', 'configmaps/b'),
      request('HEAD', '/healthz'),
    ],
  },
  {
    name: 'bodies that are broken',
    steps: [
      '',
      '{',
      '[]',
      '"text"',
      '5',
      'null',
      '{}',
      '{"apiVersion":"v1"}',
      '{"kind":"ConfigMap"}',
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":"x"}',
      '{"apiVersion":"v1","kind":"ConfigMap"} trailing',
    ].flatMap((body) => [post('configmaps', body), post('gadgets', body)]),
  },
  {
    name: 'bodies that are broken, replaced',
    steps: [
      post('configmaps', configMap('a')),
      post('gadgets', gadget('a')),
      ...['', '{', '[]', '{}', 'null'].flatMap((body) => [put('configmaps/a', body), put('gadgets/a', body)]),
    ],
  },
  {
    name: 'bodies that are too big',
    steps: [
      post('configmaps', configMap('a', { big: 'x'.repeat(1024 * 1024) })),
      post('configmaps', configMap('b', { big: 'x'.repeat(1024 * 1024 + 100) })),
      post('configmaps', configMap('c', { big: 'x'.repeat(3 * 1024 * 1024 + 1024) })),
      post('gadgets', gadget('c', { size: 1, free: { big: 'x'.repeat(3 * 1024 * 1024 + 1024) } })),
    ],
  },
  {
    name: 'queries that are bad',
    steps: [
      get('configmaps?limit=abc'),
      get('gadgets?limit=abc'),
      get('configmaps?timeoutSeconds=abc&watch=false'),
      get('configmaps/a?unknown=x'),
      post('configmaps?dryRun=All&dryRun=All', configMap('a')),
      post('configmaps?dryRun=No', configMap('a')),
      post(`configmaps?fieldManager=${'x'.repeat(129)}`, configMap('a')),
      post('configmaps?fieldManager=a%01b', configMap('a')),
      get('configmaps/a?pretty=1'),
      get('configmaps?timeout=abc'),
    ],
  },
  {
    name: 'discovery of our groups',
    steps: [
      get('/apis/headframe.dev'),
      get('/apis/headframe.dev/v1alpha1'),
      get('/apis/gadgets.example.com'),
      get('/apis/gadgets.example.com/v1'),
      get('/apis/gadgets.example.com/v2'),
      get('/api'),
      get('/apis', {
        pick: (body) =>
          (at(body, ['groups']) as Json[]).filter(
            (each) => (at(each, ['name']) as string) === 'headframe.dev',
          ),
      }),
    ],
  },
  {
    name: 'discovery of built-in groups',
    steps: [
      get('/api/v1', {
        pick: resourcesNamed(
          'configmaps',
          'secrets',
          'pods',
          'pods/status',
          'pods/log',
          'pods/binding',
          'pods/eviction',
          'nodes',
          'nodes/status',
          'namespaces',
          'namespaces/status',
          'namespaces/finalize',
          'events',
          'services',
          'serviceaccounts',
        ),
      }),
      get('/apis/apps/v1', { pick: resourcesNamed('controllerrevisions') }),
      get('/apis/coordination.k8s.io/v1', { pick: resourcesNamed('leases') }),
      get('/apis/scheduling.k8s.io/v1', { pick: resourcesNamed('priorityclasses') }),
      get('/apis/apiextensions.k8s.io/v1', {
        pick: resourcesNamed('customresourcedefinitions', 'customresourcedefinitions/status'),
      }),
      get('/apis/apiextensions.k8s.io'),
      get('/apis/apps'),
      get('/apis/coordination.k8s.io', { pick: (body) => at(body, ['preferredVersion']) }),
    ],
  },
  {
    name: 'aggregated discovery',
    steps: [
      until(
        '/apis',
        (_, body) => JSON.stringify(groupNamed('headframe.dev')(body)).includes('ComputeCluster'),
        { headers: aggregated, pick: groupNamed('headframe.dev') },
      ),
      get('/apis', { headers: aggregated, pick: groupNamed('gadgets.example.com') }),
      get('/apis', { headers: aggregated, pick: (body) => at(body, ['kind']) }),
      get('/api', {
        headers: aggregated,
        pick: (body) =>
          (at(body, ['items', '0', 'versions', '0', 'resources']) as Json[]).filter((each) =>
            ['pods', 'configmaps', 'nodes'].includes(at(each, ['resource']) as string),
          ),
      }),
      get('/apis', {
        headers: {
          accept: `${aggregated.accept},application/json;v=v2beta1;g=apidiscovery.k8s.io;as=APIGroupDiscoveryList,application/json`,
        },
        pick: (body) => at(body, ['apiVersion']),
      }),
    ],
  },
  {
    name: 'the version',
    steps: [
      get('/version', { pick: (body) => ['major', 'minor', 'gitVersion'].map((key) => at(body, [key])) }),
    ],
  },
  {
    name: 'OpenAPI of our group',
    steps: [
      get('/openapi/v3/apis/headframe.dev/v1alpha1', {
        pick: (body) => Object.keys(at(body, ['paths']) as object).sort(),
      }),
      get('/openapi/v3/apis/headframe.dev/v1alpha1', {
        pick: (body) => at(body, ['components', 'schemas', 'dev.headframe.v1alpha1.MinerPool']),
      }),
      get('/openapi/v3/apis/gadgets.example.com/v1', {
        pick: (body) => at(body, ['components', 'schemas', 'com.example.gadgets.v1.Gadget']),
      }),
      get('/openapi/v3/apis/gadgets.example.com/v1', {
        pick: (body) => Object.keys(at(body, ['components', 'schemas']) as object).sort(),
      }),
      get('/openapi/v3', {
        pick: (body) =>
          Object.keys(at(body, ['paths']) as object)
            .filter((path) => path.includes('headframe.dev') || path === 'api/v1' || path === 'apis/apps/v1')
            .sort(),
      }),
      get('/openapi/v3/apis/nothing.example.com/v1'),
    ],
  },
  {
    name: 'OpenAPI of pods',
    steps: [
      get('/openapi/v3/api/v1', {
        pick: (body) => at(body, ['components', 'schemas', 'io.k8s.api.core.v1.Container']),
      }),
      get('/openapi/v3/api/v1', {
        pick: (body) => at(body, ['components', 'schemas', 'io.k8s.api.core.v1.Pod']),
      }),
      get('/openapi/v3/api/v1', {
        pick: (body) =>
          Object.keys(at(body, ['paths', '/api/v1/namespaces/{namespace}/pods/{name}']) as object),
      }),
    ],
  },
  {
    name: 'warnings of a deprecated version',
    steps: [
      post('gadgets', gadget('a')),
      get('gadgets@v2/a'),
      get('gadgets@v2'),
      get('gadgets@v2', { headers: accept.table }),
    ],
  },
  {
    name: 'a namespace that does not exist',
    steps: [
      get('/api/v1/namespaces/no-such/configmaps'),
      get('/api/v1/namespaces/no-such/configmaps/a'),
      post('/api/v1/namespaces/no-such/configmaps', configMap('a')),
      post('/api/v1/namespaces/no-such/pods', pod('a')),
      post('/apis/headframe.dev/v1alpha1/namespaces/no-such/minerpools', pool('a')),
      put('/api/v1/namespaces/no-such/configmaps/a', configMap('a')),
      remove('/api/v1/namespaces/no-such/configmaps/a'),
      remove('/api/v1/namespaces/no-such/configmaps'),
    ],
  },
];
