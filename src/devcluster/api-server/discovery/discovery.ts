import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isJson, parseClause } from '../http/representation.ts';
import { sendJson, sendText } from '../http/respond.ts';
import { openApiV3, openApiV3Index } from '../openapi/openapi-v3.ts';
import type { Registry } from '../resources/registry.ts';
import type { JsonObject } from '../schema/schema.ts';
import { aggregatedDiscovery } from './aggregated-discovery.ts';
import {
  apiGroup,
  apiGroupList,
  apiResourceList,
  apiVersions,
  groupsOf,
  type GroupOfResources,
} from './legacy-discovery.ts';

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/**
 * Answers `/api`, `/apis` and what is below them but resources, and `/openapi/v3`. The handler says false for other paths.
 */
export function serveDiscovery(
  registry: Registry,
): (request: IncomingMessage, response: ServerResponse, url: URL) => boolean {
  const groups = cached(registry, () => groupsOf(registry.all().map(({ resource }) => resource)));
  const texts = new Map<string, { generation: number; text: string }>();

  /** Texts are large and asked for often: made once, until resources come or go. */
  function textOf(path: string, make: () => JsonObject): string {
    const known = texts.get(path);
    if (known?.generation === registry.generation) {
      return known.text;
    }
    const text = JSON.stringify(make());
    texts.set(path, { generation: registry.generation, text });
    return text;
  }

  function sendAggregated(response: ServerResponse, path: string): void {
    const text = textOf(`aggregated ${path}`, () =>
      aggregatedDiscovery(groups().filter(({ group }) => (group === '') === (path === '/api'))),
    );
    const etag = `"${createHash('sha512').update(text).digest('hex').toUpperCase()}"`;
    sendText(response, text, { contentType: AGGREGATED, headers: { ETag: etag, Vary: 'Accept' } });
  }

  function sendOpenApi(response: ServerResponse, path: string): void {
    const resources = registry.all().map(({ resource }) => resource);
    if (path === '/openapi/v3') {
      const index = textOf(path, () => openApiV3Index(resources));
      // Upstream does not say what its index is.
      sendText(response, index, { contentType: 'text/plain; charset=utf-8' });
      return;
    }
    const groupVersion = groupVersionOfOpenApi(path, groups());
    if (groupVersion === undefined) {
      response.writeHead(404).end();
      return;
    }
    sendText(
      response,
      textOf(path, () => openApiV3(groupVersion, resources)),
    );
  }

  return (request, response, url) => {
    const path = url.pathname.length > 1 ? url.pathname.replace(/\/$/, '') : url.pathname;
    if (path === '/api' || path === '/apis') {
      if (wantsAggregated(request.headers.accept)) {
        sendAggregated(response, path);
      } else {
        const address = request.headers.host ?? '';
        sendJson(response, path === '/api' ? apiVersions(address) : apiGroupList(groups()));
      }
      return true;
    }
    if (path === '/openapi/v3' || path.startsWith('/openapi/v3/')) {
      sendOpenApi(response, path);
      return true;
    }
    const answer = describe(path, groups());
    if (answer !== undefined) {
      sendJson(response, answer);
    }
    return answer !== undefined;
  };
}

function cached<T>(registry: Registry, make: () => T): () => T {
  let known: { generation: number; value: T } | undefined;
  return () => {
    if (known?.generation !== registry.generation) {
      known = { generation: registry.generation, value: make() };
    }
    return known.value;
  };
}

/** kubectl names the newest form first and takes the old one otherwise. */
function wantsAggregated(accept = ''): boolean {
  for (const { mediaType, parameters } of accept.split(',').map(parseClause)) {
    if (isJson(mediaType)) {
      if (parameters['as'] === undefined) {
        return false;
      }
      if (parameters['as'] === 'APIGroupDiscoveryList' && parameters['v'] === 'v2') {
        return true;
      }
    }
  }
  return false;
}

/** `/api/v1`, `/apis/GROUP`, `/apis/GROUP/VERSION`. Undefined for what is none of them. */
function describe(path: string, groups: readonly GroupOfResources[]): JsonObject | undefined {
  const [, root, ...rest] = path.split('/');
  const [name = '', version] = root === 'api' ? ['', ...rest] : rest;
  const group = groups.find((known) => known.group === name);
  if ((root !== 'api' && root !== 'apis') || rest.length > 2 || group === undefined) {
    return undefined;
  }
  if (version === undefined) {
    return { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(group) };
  }
  const found = group.versions.find((known) => known.version === version);
  if (found === undefined) {
    return undefined;
  }
  const groupVersion = name === '' ? version : `${name}/${version}`;
  return apiResourceList(groupVersion, found.resources);
}

/** From `/openapi/v3/api/v1` or `/openapi/v3/apis/GROUP/VERSION`; undefined for what is not served. */
function groupVersionOfOpenApi(path: string, groups: readonly GroupOfResources[]): string | undefined {
  const [, root, ...rest] = path.replace('/openapi/v3', '').split('/');
  const [name = '', version = ''] = root === 'api' ? ['', ...rest] : rest;
  const known = groups.some(
    ({ group, versions }) => group === name && versions.some((served) => served.version === version),
  );
  if (!known) {
    return undefined;
  }
  return name === '' ? version : `${name}/${version}`;
}
