import assert from 'node:assert/strict';
import { definitionDefaults } from '../../../../src/devcluster/api-server/custom-resources/definition-defaults.ts';
import { definedResources } from '../../../../src/devcluster/api-server/custom-resources/served-resources.ts';
import { openApiV3, openApiV3Index } from '../../../../src/devcluster/api-server/openapi/openapi-v3.ts';
import type { Resource } from '../../../../src/devcluster/api-server/resources/resource.ts';
import type { Json, JsonObject } from '../../../../src/devcluster/api-server/schema/schema.ts';

function widgets(size: JsonObject): Resource[] {
  const crd: JsonObject = {
    metadata: { name: 'widgets.ex.dev' },
    spec: {
      group: 'ex.dev',
      scope: 'Namespaced',
      names: { plural: 'widgets', kind: 'Widget' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: { spec: { type: 'object', properties: { size } } },
            },
          },
        },
      ],
    },
  };
  definitionDefaults(crd);
  return definedResources(crd).map(({ resource }) => resource);
}

const pods: Resource = {
  group: '',
  version: 'v1',
  kind: 'Pod',
  listKind: 'PodList',
  plural: 'pods',
  singular: 'pod',
  shortNames: ['po'],
  categories: ['all'],
  namespaced: true,
  verbs: ['get', 'list', 'create', 'patch'],
  subresources: { status: true },
  custom: false,
};

const resources = [pods, ...widgets({ 'x-kubernetes-int-or-string': true })];

function references(value: Json | undefined): string[] {
  if (Array.isArray(value)) {
    return value.flatMap(references);
  }
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, inner]) =>
        name === '$ref' && typeof inner === 'string' ? [inner] : references(inner),
      )
    : [];
}

/* `kubectl explain` of v1.37.2 printed the same from these documents as from upstream's, for all kinds, with and without --recursive. */
describe('the OpenAPI documents', () => {
  it('are listed with a hash that changes when a schema does', () => {
    const before = openApiV3Index(resources)['paths'] as JsonObject;
    const after = openApiV3Index([pods, ...widgets({ type: 'integer' })])['paths'] as JsonObject;
    assert.deepEqual(Object.keys(before), ['apis/ex.dev/v1', 'api/v1']);
    assert.deepEqual(after['api/v1'], before['api/v1']);
    assert.notDeepEqual(after['apis/ex.dev/v1'], before['apis/ex.dev/v1']);
  });

  for (const groupVersion of ['v1', 'ex.dev/v1']) {
    it(`of ${groupVersion} have all that they refer to`, () => {
      const document = openApiV3(groupVersion, resources);
      const { schemas } = document['components'] as { schemas: JsonObject };
      const missing = references(document).filter(
        (reference) => schemas[reference.slice('#/components/schemas/'.length)] === undefined,
      );
      assert.deepEqual(missing, []);
    });
  }

  it('say of a custom kind what it is, and that the server checks its fields', () => {
    const document = openApiV3('ex.dev/v1', resources);
    const { schemas } = document['components'] as { schemas: Record<string, JsonObject> };
    assert.deepEqual(schemas['dev.ex.v1.Widget']?.['x-kubernetes-group-version-kind'], [
      { group: 'ex.dev', version: 'v1', kind: 'Widget' },
    ]);
    const paths = document['paths'] as Record<string, Record<string, { parameters: { name: string }[] }>>;
    const { patch } = paths['/apis/ex.dev/v1/namespaces/{namespace}/widgets/{name}'] ?? {};
    assert.ok(patch?.parameters.some(({ name }) => name === 'fieldValidation'));
    assert.ok('/apis/ex.dev/v1/namespaces/{namespace}/widgets/{name}/status' in paths);
  });
});
