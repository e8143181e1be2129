import type { Json, JsonObject } from '../../../../src/devcluster/api-server/schema/schema.ts';
import { at, withChanges } from '../references.ts';
import { accept, get, gone, mergePatch, post, put, remove, until, watch, type Case } from '../step.ts';
import { changed } from '../references.ts';

/** A small definition of a group that holds the namespace, so that cases do not meet. */
const definition: JsonObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'things.$ns.example.com' },
  spec: {
    group: '$ns.example.com',
    scope: 'Namespaced',
    names: { plural: 'things', kind: 'Thing', shortNames: ['th'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
          },
        },
      },
    ],
  },
};

const path = 'customresourcedefinitions/things.$ns.example.com';
const things = '/apis/$ns.example.com/v1/namespaces/$ns/things';
const thing = (name: string, spec: JsonObject = {}): JsonObject => ({
  apiVersion: '$ns.example.com/v1',
  kind: 'Thing',
  metadata: { name },
  spec,
});
const schemaAt = 'spec.versions.0.schema.openAPIV3Schema';
const sizeAt = `${schemaAt}.properties.spec.properties.size`;

const established = until(
  path,
  (_, body) => {
    const conditions = at(body, ['status', 'conditions']);
    return (
      Array.isArray(conditions) &&
      conditions.some((each) => at(each, ['type']) === 'Established' && at(each, ['status']) === 'True')
    );
  },
  { pick: conditionsOf },
);
const served = until(things, (status) => status === 200);

/** Without the order and the times in which the conditions came. */
function conditionsOf(body: Json): Json {
  const conditions = at(body, ['status', 'conditions']);
  const byType = Array.isArray(conditions)
    ? conditions.map((each): [string, Json] => [at(each, ['type']) as string, each])
    : [];
  return [
    at(body, ['status', 'acceptedNames']),
    at(body, ['status', 'storedVersions']),
    Object.fromEntries(byType),
  ];
}

/** Definitions that are refused. */
const bad: readonly [what: string, ...changes: Record<string, Json | undefined>[]][] = [
  [
    'names',
    { 'metadata.name': 'other.$ns.example.com' },
    { 'spec.group': 'Bad_' },
    { 'spec.group': 'nodots', 'metadata.name': 'things.nodots' },
    { 'spec.names.kind': 'thing 1' },
    { 'spec.names.shortNames': ['Bad'] },
    { 'spec.names.plural': '' },
    { 'spec.names': {} },
  ],
  ['scope', { 'spec.scope': 'Everywhere' }, { 'spec.scope': undefined }],
  [
    'versions',
    { 'spec.versions': [] },
    { 'spec.versions.0.storage': false },
    { 'spec.versions.0.name': 'V1' },
    { 'spec.versions': undefined },
    { 'spec.versions.0.schema': undefined },
  ],
  [
    'a schema without a type',
    { [schemaAt]: {} },
    { [sizeAt]: {} },
    { [sizeAt]: { type: 'whole' } },
    { [schemaAt]: { type: 'string' } },
  ],
  [
    'a schema that is not structural',
    { [sizeAt]: { type: 'integer', anyOf: [{ type: 'integer' }] } },
    { [sizeAt]: { type: 'array' } },
    {
      [sizeAt]: {
        type: 'object',
        properties: { a: { type: 'string' } },
        additionalProperties: { type: 'string' },
      },
    },
    { [sizeAt]: { type: 'object', additionalProperties: false } },
  ],
  [
    'a default that does not fit',
    { [sizeAt]: { type: 'integer', default: 'x' } },
    { [sizeAt]: { type: 'integer', minimum: 5, default: 1 } },
    { [sizeAt]: { type: 'object', default: { unknown: 1 } } },
    { [sizeAt]: { type: 'string', default: null } },
  ],
  [
    'bounds that make no sense',
    { [sizeAt]: { type: 'string', pattern: '(' } },
    { [sizeAt]: { type: 'string', minLength: -1 } },
    { [sizeAt]: { type: 'string', enum: [] } },
    { [sizeAt]: { type: 'string', format: 'unheard' } },
  ],
  [
    'lists of a wrong type',
    { [sizeAt]: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'heap' } },
    { [sizeAt]: { type: 'array', items: { type: 'object' }, 'x-kubernetes-list-type': 'map' } },
    {
      [sizeAt]: {
        type: 'array',
        items: { type: 'object' },
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['k'],
      },
    },
    { [sizeAt]: { type: 'array', items: { type: 'object' }, 'x-kubernetes-list-type': 'set' } },
    { [sizeAt]: { type: 'string', 'x-kubernetes-list-type': 'atomic' } },
  ],
  [
    'a rule that does not compile',
    { [sizeAt]: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self >' }] } },
    { [sizeAt]: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self.nothing' }] } },
    { [sizeAt]: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self + 1' }] } },
    { [sizeAt]: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'nothing == 1' }] } },
  ],
  [
    'a rule with bad words',
    { [sizeAt]: { type: 'integer', 'x-kubernetes-validations': [{ rule: '' }] } },
    { [sizeAt]: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self > 1', reason: 'Why' }] } },
    { [sizeAt]: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self > 1', fieldPath: '.x' }] } },
    {
      [sizeAt]: {
        type: 'integer',
        'x-kubernetes-validations': [{ rule: 'self > 1', messageExpression: '5' }],
      },
    },
    { [sizeAt]: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self > 1', message: 'a\nb' }] } },
    {
      [sizeAt]: {
        type: 'integer',
        'x-kubernetes-validations': [{ rule: 'self > 1', optionalOldSelf: true }],
      },
    },
  ],
  [
    'a rule that costs too much',
    {
      [sizeAt]: {
        type: 'array',
        items: { type: 'array', items: { type: 'string' } },
        'x-kubernetes-validations': [{ rule: 'self.all(a, a.all(b, self.all(c, c.all(d, d == b))))' }],
      },
    },
  ],
  [
    'columns',
    { 'spec.versions.0.additionalPrinterColumns': [{ name: 'A', type: 'text', jsonPath: '.a' }] },
    { 'spec.versions.0.additionalPrinterColumns': [{ name: 'A', type: 'string', jsonPath: 'a[' }] },
    { 'spec.versions.0.additionalPrinterColumns': [{ name: '', type: 'string', jsonPath: '.a' }] },
  ],
  [
    'a scale',
    { 'spec.versions.0.subresources': { scale: { specReplicasPath: '.spec.size', statusReplicasPath: '' } } },
    {
      'spec.versions.0.subresources': {
        scale: { specReplicasPath: 'size', statusReplicasPath: '.status.r' },
      },
    },
  ],
  ['unknown fields', { 'spec.nonsense': 1 }, { [`${schemaAt}.nonsense`]: 1 }],
];

export const definitions: readonly Case[] = [
  ...bad.map(([what, ...changes]): Case => ({
    name: `bad definition: ${what}`,
    steps: changes.map((each) =>
      post('customresourcedefinitions?fieldValidation=Strict', withChanges(definition, each)),
    ),
  })),
  {
    name: 'a definition is established and served',
    steps: [
      post('customresourcedefinitions', definition),
      established,
      served,
      post(things, thing('a', { size: 1, dropped: 2 })),
      get('/apis/$ns.example.com'),
      get('/apis/$ns.example.com/v1'),
      get(things, { headers: accept.table }),
    ],
  },
  {
    name: 'a definition with two versions',
    steps: [
      post(
        'customresourcedefinitions',
        withChanges(definition, {
          'spec.versions.1': {
            name: 'v2',
            served: true,
            storage: false,
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
          'spec.versions.2': {
            name: 'v1beta1',
            served: false,
            storage: false,
            schema: { openAPIV3Schema: { type: 'object' } },
          },
        }),
      ),
      established,
      served,
      get('/apis/$ns.example.com'),
      post(things, thing('a')),
      until('/apis/$ns.example.com/v2/namespaces/$ns/things/a', (status) => status === 200),
      get('/apis/$ns.example.com/v1beta1'),
      get('/apis/$ns.example.com/v1beta1/namespaces/$ns/things'),
    ],
  },
  {
    name: 'a version is switched off',
    steps: [
      post(
        'customresourcedefinitions',
        withChanges(definition, {
          'spec.versions.1': {
            name: 'v2',
            served: true,
            storage: false,
            schema: { openAPIV3Schema: { type: 'object' } },
          },
        }),
      ),
      established,
      until('/apis/$ns.example.com/v2/namespaces/$ns/things', (status) => status === 200),
      get(path, { as: 'made', pick: () => null }),
      put(path, changed('made', { 'spec.versions.1.served': false }), { pick: () => null }),
      until('/apis/$ns.example.com/v2/namespaces/$ns/things', (status) => status === 404),
      get(path, { as: 'made', pick: conditionsOf }),
    ],
  },
  {
    name: 'a definition that changes',
    steps: [
      post('customresourcedefinitions', definition),
      established,
      served,
      post(things, thing('a', { size: 1 })),
      get(path, { as: 'made', pick: () => null }),
      put(path, changed('made', { 'spec.scope': 'Cluster' })),
      put(path, changed('made', { 'spec.group': 'other.example.com' })),
      put(path, changed('made', { 'spec.names.kind': 'Other' }), { pick: () => null }),
      put(path, changed('made', { 'metadata.resourceVersion': undefined })),
      mergePatch(path, { spec: { versions: [] } }),
    ],
  },
  {
    name: 'a schema that changes is used',
    steps: [
      post('customresourcedefinitions', definition),
      established,
      served,
      get(path, { as: 'made', pick: () => null }),
      put(path, changed('made', { [`${sizeAt}.maximum`]: 5, 'metadata.resourceVersion': undefined }), {
        pick: (body) => at(body, ['kind']),
      }),
      until(`${things}?labelSelector=x`, (status) => status === 200),
    ],
  },
  {
    name: 'names that are taken',
    steps: [
      post('customresourcedefinitions', definition),
      established,
      post(
        'customresourcedefinitions',
        withChanges(definition, {
          'metadata.name': 'others.$ns.example.com',
          'spec.names.plural': 'others',
          'spec.names.singular': 'other',
        }),
      ),
      until(
        'customresourcedefinitions/others.$ns.example.com',
        (_, body) => JSON.stringify(body).includes('NamesAccepted'),
        { pick: conditionsOf },
      ),
    ],
  },
  {
    name: 'a definition takes its objects along',
    steps: [
      post('customresourcedefinitions', definition),
      established,
      served,
      post(things, thing('a'), { as: 'made' }),
      watch(
        `${things}?resourceVersion=$made.metadata.resourceVersion`,
        1,
        [remove(path, undefined, { pick: () => null })],
        {
          pick: (events) => at(events, ['0', 'type']),
        },
      ),
      gone(path),
      until(things, (status) => status === 404),
    ],
  },
  {
    name: 'a definition of a cluster-wide kind',
    steps: [
      post('customresourcedefinitions', withChanges(definition, { 'spec.scope': 'Cluster' })),
      established,
      until('/apis/$ns.example.com/v1/things', (status) => status === 200),
      post('/apis/$ns.example.com/v1/things', thing('a', { size: 1 })),
      post('/apis/$ns.example.com/v1/things', {
        ...thing('b'),
        metadata: { name: 'b', namespace: 'default' },
      }),
      get(things),
      get('/apis/$ns.example.com/v1/things/a'),
      get('/apis/$ns.example.com/v1'),
    ],
  },
  {
    name: 'a definition as a table and as a dry run',
    steps: [
      post('customresourcedefinitions?dryRun=All', definition),
      get(path),
      get('customresourcedefinitions/gadgets.gadgets.example.com', { headers: accept.table }),
    ],
  },
];
