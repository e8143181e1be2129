import { groupVersionOf, type Resource, type Verb } from '../resources/resource.ts';
import type { JsonObject } from '../schema/schema.ts';
import { schemaName } from './components.ts';

/** What may be done with the resources, by path. */
export function pathsOf(resources: readonly Resource[]): JsonObject {
  return Object.fromEntries(resources.flatMap(resourcePaths));
}

interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  readonly verb: Verb;
  /** As `x-kubernetes-action` names it. */
  readonly action: string;
  readonly parameters?: readonly string[];
}

const WRITE = ['dryRun', 'fieldManager', 'fieldValidation'];

const COLLECTION: readonly Operation[] = [
  { method: 'get', verb: 'list', action: 'list' },
  { method: 'post', verb: 'create', action: 'post', parameters: WRITE },
  { method: 'delete', verb: 'deletecollection', action: 'deletecollection', parameters: ['dryRun'] },
];

const ITEM: readonly Operation[] = [
  { method: 'get', verb: 'get', action: 'get' },
  { method: 'put', verb: 'update', action: 'put', parameters: WRITE },
  { method: 'delete', verb: 'delete', action: 'delete', parameters: ['dryRun'] },
  { method: 'patch', verb: 'patch', action: 'patch', parameters: [...WRITE, 'force'] },
];

function resourcePaths(resource: Resource): (readonly [string, JsonObject])[] {
  const root = `/${resource.group === '' ? 'api' : 'apis'}/${groupVersionOf(resource)}`;
  const base = resource.namespaced ? `${root}/namespaces/{namespace}` : root;
  const collection = `${base}/${resource.plural}`;
  const item = `${collection}/{name}`;
  const everywhere = COLLECTION.slice(0, 1);
  const status = ITEM.filter(({ method }) => method !== 'delete');
  return [
    ...(resource.namespaced
      ? [[`${root}/${resource.plural}`, operations(resource, everywhere)] as const]
      : []),
    [collection, operations(resource, COLLECTION)],
    [item, operations(resource, ITEM)],
    ...(resource.subresources.scale === undefined
      ? []
      : [[`${item}/scale`, operations({ ...resource, ...SCALE }, status)] as const]),
    ...(resource.subresources.status === true
      ? [[`${item}/status`, operations(resource, status)] as const]
      : []),
  ];
}

const SCALE = { group: 'autoscaling', version: 'v1', kind: 'Scale' };

function operations(resource: Resource, all: readonly Operation[]): JsonObject {
  const { group, version, kind } = resource;
  const schema = { $ref: `#/components/schemas/${schemaName(resource)}` };
  return Object.fromEntries(
    all
      .filter(({ verb }) => resource.verbs.includes(verb))
      .map(({ method, action, parameters = [] }) => [
        method,
        {
          parameters: parameters.map((name) => ({
            name,
            in: 'query',
            schema: { type: name === 'force' ? 'boolean' : 'string', uniqueItems: true },
          })),
          responses: { 200: { description: 'OK', content: { 'application/json': { schema } } } },
          'x-kubernetes-action': action,
          'x-kubernetes-group-version-kind': { group, version, kind },
        },
      ]),
  );
}
