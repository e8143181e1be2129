import type { Resource } from '../resources/resource.ts';
import type { Json, JsonObject } from '../schema/schema.ts';
import type { GroupOfResources } from './legacy-discovery.ts';
import { subresourcesOf } from './subresource-names.ts';

/** apidiscovery.k8s.io/v2: all groups in one answer; `/api` has the core group, `/apis` the others. */
export function aggregatedDiscovery(groups: readonly GroupOfResources[]): JsonObject {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map(({ group, versions }) => ({
      metadata: group === '' ? {} : { name: group },
      versions: versions.map(({ version, resources }) => ({
        version,
        resources: resources.map(entryOf),
        freshness: 'Current',
      })),
    })),
  };
}

function entryOf(resource: Resource): Json {
  const { plural, singular, kind, verbs, shortNames, categories, namespaced } = resource;
  const subresources = subresourcesOf(resource);
  // Upstream leaves group and version out of what is of the resource's own; custom resources name them.
  const own = resource.custom
    ? { group: resource.group, version: resource.version }
    : { group: '', version: '' };
  return {
    resource: plural,
    responseKind: { ...own, kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs: [...verbs],
    ...(shortNames.length === 0 ? {} : { shortNames: [...shortNames] }),
    ...(categories.length === 0 ? {} : { categories: [...categories] }),
    ...(subresources.length === 0
      ? {}
      : {
          subresources: subresources.map(({ name, kind: served, group, version, verbs: allowed }) => ({
            subresource: name,
            responseKind:
              group === undefined
                ? { ...own, kind: served }
                : { group, version: version ?? '', kind: served },
            verbs: [...allowed],
          })),
        }),
  };
}
