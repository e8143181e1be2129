import { createHash } from 'node:crypto';
import { groupVersionOf, type Resource } from '../resources/resource.ts';
import type { JsonObject } from '../schema/schema.ts';
import { componentsOf } from './components.ts';
import { pathsOf } from './paths.ts';

/** `/openapi/v3`: where the document of each group version is. The hash changes with the document, so that clients may cache it. */
export function openApiV3Index(resources: readonly Resource[]): JsonObject {
  const groupVersions = [...new Set(resources.map(groupVersionOf))].sort();
  const paths = groupVersions.map((groupVersion) => {
    const path = groupVersion.includes('/') ? `apis/${groupVersion}` : `api/${groupVersion}`;
    const hash = hashOf(openApiV3(groupVersion, resources));
    return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }] as const;
  });
  return { paths: Object.fromEntries(paths) };
}

/**
 * The OpenAPI v3 document of one group version: the schemas of its kinds, for `kubectl explain`, and what may be done at which path,
 * by which kubectl learns that it may leave the validation of fields to the server.
 * @param groupVersion `v1`, or `group/version`
 */
export function openApiV3(groupVersion: string, resources: readonly Resource[]): JsonObject {
  const served = resources.filter((resource) => groupVersionOf(resource) === groupVersion);
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'unversioned' },
    paths: pathsOf(served),
    components: { schemas: componentsOf(served) },
  };
}

function hashOf(document: JsonObject): string {
  return createHash('sha256').update(JSON.stringify(document)).digest('hex').toUpperCase();
}
